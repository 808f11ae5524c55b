"""Tables: every plan table has the contract's form, and names only what the instance has."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.instance.columns import Column
from coordination.instance.tables import TABLES, Table
from coordination.plans.tables import ALL_TABLES
from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.instance import Instance

Yes = npt.NDArray[np.bool_]

KEYS: Mapping[str, tuple[str, ...]] = {
    "shipments": ("fleet", "origin", "destination", "commodity", "expires", "depart", "route"),
    "inventory": ("place", "commodity", "expires", "period"),
    "service": ("place", "commodity", "group", "period"),
    "responsibilities": ("task", "party", "role", "start"),
    "gaps": ("task", "kind", "period", "what"),
    "facilities": ("place", "period"),
    "modes": ("zone", "period"),
    "prices": ("limit", "id", "commodity", "expires", "period"),
    "escalations": ("task", "to", "period"),
    "shares": ("party", "method"),
    "ledger": ("from", "to", "reason"),
    "changes": ("table", "key"),
    "messages": ("round", "party", "message", "fields"),
    "repairs": ("road", "place", "party", "start"),
    "curve": ("zone", "period"),
    "modules": ("place", "emergency_use", "module", "start"),
    "visits": ("place", "commodity", "group", "period", "facility", "emergency_use"),
}
"""Columns that no two rows of a table share."""

AMOUNTS: Mapping[str, tuple[str, ...]] = {
    "shipments": ("quantity",),
    "inventory": ("quantity", "expired"),
    "service": ("need", "served", "backlog"),
    "gaps": ("amount",),
    "prices": ("price",),
    "ledger": ("money",),
    "visits": ("quantity",),
    "messages": ("rows",),
}
"""Columns of which at least one is not 0, else the row says nothing and is left out."""


def check(instance: "Instance", written: Mapping[str, pd.DataFrame]) -> tuple[Findings, dict[str, pd.DataFrame]]:
    """Check the form of all tables.

    Parameters
    ----------
    instance : Instance
        The instance that the plan answers.
    written : Mapping of str to DataFrame
        The plan's tables, rows in the order in which they are written.

    Returns
    -------
    tuple of Findings and dict
        What is wrong, and the tables without the rows that the other rules cannot read.
    """
    findings = Findings("tables")
    sound = {}
    for name, table in ALL_TABLES.items():
        if name not in written:
            continue  # a table of another kind of plan
        frame, expected = written[name].reset_index(drop=True), list(table.columns)
        message = f"{name}: columns {', '.join(map(str, frame.columns))}; expected {', '.join(expected)}"
        findings.one(name, list(frame.columns) == expected, message)
        frame = frame[expected]
        if frame.empty:
            sound[name] = frame
            continue
        _whole(findings, table, frame)
        readable = np.ones(len(frame), dtype=bool)
        for column in table.columns.values():
            readable &= _cells(findings, table, column, frame, instance)
        readable &= _groups(findings, name, frame, instance)
        sound[name] = frame[readable].reset_index(drop=True)
    _gap_periods(findings, sound["gaps"], instance)
    return findings, sound


def _whole(findings: Findings, table: Table, frame: pd.DataFrame) -> None:
    """Check order, doubles and empty rows."""
    name = table.name
    where, codes = _rows(name, frame), _ranks(frame)
    findings.require(where, _in_order(codes), "{table}, row {row}: not in the order of the contract")
    twice = codes[list(KEYS[name])].duplicated().to_numpy()
    named = ", ".join(KEYS[name])
    findings.require(where, ~twice, f"{{table}}, row {{row}}: a second row of the same {named}")
    amounts = AMOUNTS.get(name)
    if amounts:
        says = (frame[list(amounts)] != 0).any(axis=1)
        findings.require(where, says, f"{{table}}, row {{row}}: nothing in it ({', '.join(amounts)} 0)")


def _cells(findings: Findings, table: Table, column: Column, frame: pd.DataFrame, instance: "Instance") -> Yes:
    """Check one column; return which rows the other rules can read."""
    cells, kind = frame[column.name], column.kind
    there = cells.notna().to_numpy()
    where = {**_rows(table.name, frame), "value": cells.to_numpy(object)}
    start = f"{{table}}, row {{row}}, column {column.name}: "
    if column.filled:
        findings.require(where, there, start + "blank")
    fine: Yes = there | (not column.filled)
    if column.dtype == "str":
        known = _known(column, instance)
        if known is not None:
            listed = np.asarray(cells.isin(known)) | ~there
            findings.require(where, listed, start + "{value} is unknown")
            fine &= listed
        return fine
    numbers = cells.to_numpy(np.float64)
    finite = ~np.isinf(numbers)
    findings.require(where, finite, start + "{value} is no number")
    if kind.least is not None:
        zero = np.where(there, numbers, kind.least)
        findings.at_least(where, zero, np.full(len(zero), kind.least), start + "{value}, expected {expected} or more")
    if kind.writing == "whole":
        integer = ~there | (np.nan_to_num(numbers) % 1 == 0)
        findings.require(where, integer, start + "{value}, expected a whole number")
        fine &= integer & (np.nan_to_num(numbers) >= 0)
    if kind.period:
        within = ~there | (numbers < instance.periods)
        findings.require(where, within, start + f"period {{value}}, the last one is {instance.periods - 1}")
        fine &= within
    return np.asarray(fine & finite)


def _known(column: Column, instance: "Instance") -> pd.Index | None:
    """Return what a text may be, None for anything."""
    kind = column.kind
    if kind.writing == "list":
        return None
    if kind.reference:
        column_of_ids = next(iter(TABLES[kind.reference].columns))
        ids: pd.Index = pd.Index(instance.tables[kind.reference][column_of_ids])
        return ids
    return pd.Index(list(kind.among)) if kind.among else None


def _groups(findings: Findings, name: str, frame: pd.DataFrame, instance: "Instance") -> Yes:
    """Check that groups have a weight."""
    if name not in ("service", "visits"):
        return np.ones(len(frame), dtype=bool)
    known = np.asarray(frame["group"].isin(list(instance.policy.group_weights)))
    where = {**_rows(name, frame), "group": frame["group"].to_numpy(object)}
    findings.require(where, known, "{table}, row {row}: group {group} has no weight in the policy")
    return known


def _gap_periods(findings: Findings, gaps: pd.DataFrame, instance: "Instance") -> None:
    """Check that gaps have a period when in hours, and say what is missing."""
    where = {key: gaps[key].to_numpy(object) for key in ("task", "kind", "what")}
    hourly = np.asarray(gaps["kind"] == "hours")
    message = "gaps, task {task}, {kind} {what}: a period stands with hours, and only with them"
    findings.require(where, gaps["period"].notna().to_numpy() == hourly, message)
    tasks = instance.tables["tasks"]
    skill = tasks["skill"].to_numpy(object)[pd.Index(tasks["task"]).get_indexer(pd.Index(gaps["task"]))]
    fits = np.asarray(gaps["kind"] == "kind") | np.asarray(gaps["what"].to_numpy(object) == skill)
    message = "gaps, task {task}, {kind} {what}: expected the skill {skill}"
    findings.require({**where, "skill": skill}, fits, message)


def _ranks(frame: pd.DataFrame) -> pd.DataFrame:
    """Return each cell's rank in its column: numbers by value, text by code point, blank last."""
    ranks = {}
    for name in frame.columns:
        codes, values = pd.factorize(frame[name], sort=True)
        ranks[name] = np.where(codes < 0, len(values), codes)
    return pd.DataFrame(ranks, columns=frame.columns)


def _in_order(ranks: pd.DataFrame) -> Yes:
    """Return for each row whether it may stand after the one before, by the first column that differs."""
    fine, undecided = np.ones(len(ranks), dtype=bool), np.ones(max(len(ranks) - 1, 0), dtype=bool)
    for name in ranks.columns:
        codes = ranks[name].to_numpy()
        fine[1:] &= ~(undecided & (codes[1:] < codes[:-1]))
        undecided &= codes[1:] == codes[:-1]
    return fine


def _rows(name: str, frame: pd.DataFrame) -> dict[str, npt.NDArray[np.object_]]:
    """Name rows as people see them in the file, the header being row 1."""
    return {
        "table": np.full(len(frame), name, dtype=object),
        "row": np.arange(2, len(frame) + 2, dtype=object),
    }
