"""The command ``tune``: measure, show, write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from coordination.solver.table import Entry


def write_measured(out: Path, cap: float, largest: int | None) -> None:
    """Measure the solver's algorithms on this machine and write the table.

    Parameters
    ----------
    out : Path
        File to write.
    cap : float
        Seconds allowed for one run.
    largest : int or None
        Columns beyond which no program is measured.

    Raises
    ------
    UsageError
        Nothing would be measured.
    WriteError
        The file cannot be written.
    """
    from coordination.errors import UsageError, WriteError
    from coordination.solver.table import OWN, written
    from coordination.tuning import measure

    if not cap > 0:
        raise UsageError(f"--cap: found {cap}; expected more than 0 seconds")
    table = measure(cap, largest=largest, on_entry=lambda entry: click.echo(_line(entry)))
    if not table.entries:
        raise UsageError(f"--largest: found {largest}; no program to measure is as small as that")
    try:
        out.write_text(written(table), encoding="utf-8")
    except OSError as error:
        raise WriteError(f"{out} cannot be written: {error}") from error
    click.echo(f"Wrote {out}. To use it: set the environment variable {OWN} to its path.")


def _line(entry: Entry) -> str:
    way = entry.algorithm + ("" if entry.crossover else " without crossover")
    way += f", {entry.threads} threads" if entry.threads > 1 else ""
    seconds = "not in time" if entry.seconds is None else f"{entry.seconds:.2f} s"
    return f"{entry.kind:10} {entry.columns:9,} columns  {way:32} {seconds}"
