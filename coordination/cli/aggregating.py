"""The command ``aggregate``: read, put together, write, say how much smaller it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = ("zones", "places", "parties", "tasks", "needs")


def run_aggregate(source: Path, level: str, out: Path) -> int:
    """Write an instance put together by a level of its zones.

    Parameters
    ----------
    source : Path
        The instance in full.
    level : str
        Level of zones.
    out : Path
        What to write.

    Returns
    -------
    int
        Exit code.
    """
    from coordination.aggregation import aggregate
    from coordination.cli.replacing import refuse_other
    from coordination.instance import load

    full = load(source)
    coarse = aggregate(full, level)
    refuse_other(out, coarse, "give another --out, or move it away")
    coarse.save(out)
    counts = [f"{table} {len(full.tables[table]):,} to {len(coarse.tables[table]):,}" for table in SHOWN]
    click.echo(f"Put together by {level}: {', '.join(counts)}. Written to {out}.")
    return 0
