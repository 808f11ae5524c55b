"""The command that says what breaks if a party does not show up."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

ORDER = ["gap_cost", "hours_uncovered", "tonnes_not_sent", "tonnes_not_handed_out", "tasks_unanswered", "kinds_missing"]
"""By what parties are listed on the screen, the worst first."""


def write_drops(folder: Path, out: Path | None, *, detailed: bool, most: int) -> None:
    """Show the parties whose absence breaks most, and write the whole table where one is asked for.

    Parameters
    ----------
    folder : Path
        A plan folder.
    out : Path or None
        A CSV file to write.
    detailed : bool
        Whether each broken thing has a row of its own in the file.
    most : int
        Parties shown.

    Raises
    ------
    WriteError
        The file cannot be written.
    """
    from coordination.errors import WriteError
    from coordination.explanation import drop_parties
    from coordination.instance.writing import write_csv
    from coordination.plans import Plan

    plan = Plan.load(folder)
    table = drop_parties(plan)
    click.echo(_shown(table, most))
    if out is None:
        return
    fresh = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        write_csv(drop_parties(plan, detailed=True) if detailed else table, fresh)
        fresh.replace(out)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise WriteError(f"{out} cannot be written: {error}") from error
    click.echo(f"Wrote {out}.")


def _shown(table: pd.DataFrame, most: int) -> str:
    """Return the parties whose absence breaks most: columns in which anything breaks, numbers short."""
    from coordination.wording import amount

    worst = table.sort_values(ORDER, ascending=False, kind="stable").head(most)
    columns = [str(name) for name in worst if name == "party" or (worst[name] > 0).any()]
    cells = [[name.replace("_", " ") for name in columns]]
    cells += [
        [value if isinstance(value, str) else amount(float(value)) for value in row]
        for row in worst[columns].itertuples(index=False, name=None)
    ]
    wide = [max(len(row[place]) for row in cells) for place in range(len(columns))]
    lines = ["  ".join(_cells(row, wide)) for row in cells]
    head = "What breaks if one party does not show up, everybody else as planned, backups with what they keep free:"
    return "\n".join([head, *lines, *([f"{len(table) - most} more parties."] if len(table) > most else [])])


def _cells(row: list[str], wide: list[int]) -> list[str]:
    """Return cells as wide as their columns: the first, a name, to the left, numbers to the right."""
    return [row[0].ljust(wide[0]), *(cell.rjust(width) for cell, width in zip(row[1:], wide[1:], strict=True))]
