"""Observations as they come, cell by cell: what can be used, and a finding for everything else.

An instance with a wrong cell is refused, but a city cannot stop watching because a terminal sends nonsense: here a row
that cannot be read is set aside and named, with its zone, and everything else is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.errors import shown
from coordination.instance.conversion import Typed, convert
from coordination.instance.names import nearest
from coordination.instance.tables import TABLES
from coordination.world.observations import SERIES, doubts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from coordination.errors import Problem
    from coordination.instance import Instance
    from coordination.instance.raw import RawTable

WHY = {
    "repeated": "the same observation stands in an earlier row; it counts once",
    "conflicting": "other rows of the same period, zone and indicator have other values; none is used",
    "jump": "the value changes by more than half the way from normal to severe at once; it waits to be confirmed",
}
"""What a doubt means, in words."""


@dataclass(frozen=True)
class Doubtful:
    """Something about the observations that is worth knowing; columns as in the table ``findings``."""

    row: int | None
    zone: str | None
    kind: str
    message: str


@dataclass(frozen=True)
class Sifted:
    """Observations that can be used.

    Attributes
    ----------
    rows : DataFrame
        Columns of ``observations``, without forecasts, and ``row`` (line of the table); doubtful ones included.
    findings : list of Doubtful
        What was set aside or is doubtful.
    """

    rows: pd.DataFrame
    findings: list[Doubtful]


def sift(table: RawTable, problems: Sequence[Problem], instance: Instance) -> Sifted:
    """Read observations row by row.

    Parameters
    ----------
    table : RawTable
        Cells as read.
    problems : sequence of Problem
        What the reader found wrong with the table.
    instance : Instance
        Everything else.

    Returns
    -------
    Sifted
        What can be used, and a finding for each row that cannot or is doubtful.
    """
    findings = [Doubtful(p.row, None, "unreadable", f"found {p.found}; expected {p.expected}") for p in problems]
    declared, lines = TABLES["observations"].columns, table.lines
    missing = [name for name, column in declared.items() if column.required and name not in table.columns]
    if missing and table.columns:
        found = f"found no column {', '.join(missing)}; expected {', '.join(declared)}"
        findings.append(Doubtful(1, None, "unreadable", found))
    if missing:
        return Sifted(_frame({}, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)), findings)
    typed = {
        name: convert(table.columns.get(name, [None] * len(lines)), column, instance.periods)
        for name, column in declared.items()
    }
    usable = np.ones(len(lines), dtype=bool)
    zones = [_text(cell) for cell in table.columns["zone"]]
    for name, column in typed.items():
        for row, expected, advice in column.faults:
            found = f"{name}: found {shown(_plain(table.columns[name][row]))}; expected {expected}. {advice}"
            findings.append(Doubtful(int(lines[row]), zones[row], "unreadable", found.strip()))
        usable &= ~column.bad
    usable &= _known_zones(typed["zone"], lines, instance, findings)
    rows = _frame(typed, lines, usable)
    rows = rows[~rows["forecast"]]
    findings += _unknown_indicators(rows, instance)
    why = doubts(rows, instance.indicators)
    findings += [
        Doubtful(int(row["row"]), str(row["zone"]), doubt, f"{_named(row)}: {WHY[doubt]}")
        for doubt, row in zip(why[why != ""], rows[why != ""].to_dict("records"), strict=True)
    ]
    return Sifted(rows.reset_index(drop=True), findings)


def _named(row: Mapping[Any, Any]) -> str:
    return f"{row['indicator']} in {row['zone']}, period {row['period']}, value {row['value']:g}"


def _text(cell: object) -> str | None:
    text = "" if cell is None else str(cell).strip()
    return text or None


def _plain(cell: object) -> object:
    return cell.item() if isinstance(cell, np.generic) else cell


def _known_zones(
    zone: Typed, lines: NDArray[np.int64], instance: Instance, findings: list[Doubtful]
) -> NDArray[np.bool_]:
    """Return which rows name a zone of the instance; say which do not."""
    known = instance.zones["zone"].tolist()
    codes = zone.codes if zone.codes is not None else np.full(len(lines), -1)
    names = np.array([*zone.words, None], dtype=object)[codes]
    there = np.isin(names.astype(str), known) & (codes >= 0)
    for row in np.flatnonzero(~there & zone.usable).tolist():
        message = f"zone {names[row]!r} is not in zones. {nearest(str(names[row]), known)}".strip()
        findings.append(Doubtful(int(lines[row]), str(names[row]), "zone", message))
    return np.asarray(there, dtype=bool)


def _frame(typed: dict[str, Typed], lines: NDArray[np.int64], usable: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the usable rows, typed as in an instance, with their lines."""
    data: dict[str, object] = {}
    for name, column in TABLES["observations"].columns.items():
        if name not in typed:
            data[name] = pd.Series([], dtype=column.dtype)
        elif (codes := typed[name].codes) is not None:
            data[name] = pd.Series(pd.array([*typed[name].words, None], dtype="str").take(codes[usable]))
        else:
            data[name] = pd.Series(typed[name].floats[usable].astype(column.dtype))
    return pd.DataFrame(data).assign(row=lines[usable])


def _unknown_indicators(rows: pd.DataFrame, instance: Instance) -> list[Doubtful]:
    """Say which series are of indicators that the table ``indicators`` does not have."""
    known = instance.indicators["indicator"].tolist()
    lost = rows[~rows["indicator"].isin(known)].drop_duplicates(SERIES)
    return [
        Doubtful(
            int(row["row"]), str(row["zone"]), "indicator",
            f"{row['indicator']!r} is not in indicators: it does not count for severity. "
            f"{nearest(str(row['indicator']), known)}".strip(),
        )
        for row in lost.to_dict("records")
    ]  # fmt: skip
