"""The command that senses: what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from coordination.wording import amount, counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coordination.sensing import Sensing

MEANING = {
    "inducement": "a change began here that was signalled later",
    "trigger": "severity reached the lowest threshold",
    "critical": "severity reached the threshold of emergency",
    "turning": "severity was highest here and has fallen since",
}
"""What each turning point says; grades run from IV to I, the worst, in equal steps of severity from 0 to 1."""

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
    yield f"{len(series):,} series in {counted(series['zone'].nunique(), 'zone')}, observed up to period {sensed.now}."
    signalled = rows[rows["signal"] & (rows["period"] > sensed.now - 14)]
    yield f"{counted(len(signalled), 'signal')} of change in the last 14 periods."
    yield from _some(map(_signal, signalled.itertuples()))
    yield f"{counted(len(sensed.turning), 'turning point')}."
    severity = sensed.severity.set_index(["zone", "period"])["severity"].to_dict()
    yield from _some(
        _turned(row, severity.get((row.zone, row.period)), sensed.now) for row in sensed.turning.itertuples()
    )
    if len(sensed.forecast):
        first, last = sensed.forecast["factor"].min(), sensed.forecast["factor"].max()
        yield f"Needs ahead are multiplied by {first:.2f} to {last:.2f}."
    counts = sensed.modes["mode"].value_counts()
    yield "Zones and periods by mode: " + ", ".join(f"{mode} {count}" for mode, count in counts.items()) + "."
    yield f"{counted(len(sensed.findings), 'finding')} on the observations."
    doubts = zip(sensed.findings["row"].tolist(), sensed.findings["message"].tolist(), strict=True)
    yield from _some(f"  row {row:g}: {told}" if row > 0 else f"  {told}" for row, told in doubts)


def _signal(row: Any) -> str:
    """Say what was seen where, and what had been expected."""
    seen = f"  {row.indicator} in {row.zone}, period {row.period}: {amount(row.value)}"
    return f"{seen}, expected {amount(row.lower)} to {amount(row.upper)}"


def _turned(row: Any, severity: float | None, now: int) -> str:
    """Say which point a zone reached since when, what that means, and why it has its grade."""
    when = f"in period {row.period}" + (", as forecast" if row.period > now else "")
    said = f"  {row.zone}: {row.point} {when}: {MEANING[row.point]}; grade {row.grade}"
    why = "" if severity is None else f" (severity {severity:.2f})"
    return f"{said}{why}, {row.hazard}"


def _some(told: Iterator[str]) -> Iterator[str]:
    everything = list(told)
    yield from everything[:SHOWN]
    if len(everything) > SHOWN:
        yield f"  … and {len(everything) - SHOWN} more"
