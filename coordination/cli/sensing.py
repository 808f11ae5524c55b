"""The command that senses: what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coordination.sensing import Sensing

SHOWN = 20
"""Lines of a kind that are printed; all stand in the tables."""


def run_sensing(source: Path, out: Path, *, interval: float, quiet: bool) -> None:
    """Sense, write, and sum up.

    Parameters
    ----------
    source : Path
        The instance.
    out : Path
        The folder to write.
    interval : float
        Share of cases that intervals shall hold.
    quiet : bool
        Whether to say nothing.
    """
    from coordination.sensing import sense
    from coordination.sensing.writing import refuse_to_overwrite

    refuse_to_overwrite(out)
    sensed = sense(source, interval=interval)
    sensed.save(out)
    if not quiet:
        for line in lines(sensed):
            click.echo(line)
        click.echo(f"Wrote {out}. Next: coordination plan {out / 'instance'} --out PLAN")


def lines(sensed: Sensing) -> Iterator[str]:
    """Give the summary, line by line."""
    rows = sensed.sensing
    series = rows.drop_duplicates(["zone", "indicator"])
    yield f"{len(series)} series in {series['zone'].nunique()} zones, observed up to period {sensed.now}."
    signalled = rows[rows["signal"] & (rows["period"] > sensed.now - 14)]
    yield f"{len(signalled)} signals of change in the last 14 periods."
    yield from _some(f"  {row.indicator} in {row.zone}, period {row.period}" for row in signalled.itertuples())
    yield f"{len(sensed.turning)} turning points."
    yield from _some(
        f"  {row.zone}: {row.point} in period {row.period}, grade {row.grade}, {row.hazard}"
        for row in sensed.turning.itertuples()
    )
    if len(sensed.forecast):
        first, last = sensed.forecast["factor"].min(), sensed.forecast["factor"].max()
        yield f"Needs ahead are multiplied by {first:.2f} to {last:.2f}."
    counts = sensed.modes["mode"].value_counts()
    yield "Zones and periods by mode: " + ", ".join(f"{mode} {count}" for mode, count in counts.items()) + "."
    yield f"{len(sensed.findings)} findings on the observations."
    doubts = zip(sensed.findings["row"].tolist(), sensed.findings["message"].tolist(), strict=True)
    yield from _some(f"  row {row:g}: {told}" if row > 0 else f"  {told}" for row, told in doubts)


def _some(told: Iterator[str]) -> Iterator[str]:
    everything = list(told)
    yield from everything[:SHOWN]
    if len(everything) > SHOWN:
        yield f"  … and {len(everything) - SHOWN} more"
