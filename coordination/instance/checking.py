"""From tables as read to tables that hold: everything wrong is found in one go."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coordination.errors import InstanceError, Problem, shown
from coordination.instance.conversion import Typed, convert
from coordination.instance.defaults import Computed, default_findings, fill_computed
from coordination.instance.draft import Check, Draft
from coordination.instance.header import Header
from coordination.instance.heading import read_heading
from coordination.instance.names import nearest
from coordination.instance.policy import Policy
from coordination.instance.raw import Finding, Raw, RawTable, table_of
from coordination.instance.references import check_references, check_unique_keys
from coordination.instance.rules import RULES
from coordination.instance.tables import TABLES, Table


@dataclass(frozen=True)
class Checked:
    """An instance whose rules all hold.

    Attributes
    ----------
    header : Header
        Name, calendar, currency.
    policy : Policy
        Prices and rules.
    frames : mapping of str to DataFrame
        Every table of the contract, typed and filled.
    computed : Computed
        Which cells were filled from other cells, the policy or the horizon.
    findings : list of Finding
        Notices of the reading, and which defaults acted.
    """

    header: Header
    policy: Policy
    frames: Mapping[str, pd.DataFrame]
    computed: Computed
    findings: list[Finding]


def checked(raw: Raw) -> Checked:
    """Check an instance as read, and type and fill its tables.

    Parameters
    ----------
    raw : Raw
        What a reader produced.

    Returns
    -------
    Checked
        Header, policy and frames.

    Raises
    ------
    InstanceError
        If anything is wrong; it carries every problem found.
    """
    header, policy, problems, periods = None, None, list(raw.problems), None
    if "instance" not in raw.unreadable:
        header, policy, found, periods = read_heading(raw.header, raw.lines)
        problems += found
    problems += _unknown_tables(raw)
    drafts = {}
    for name, table in TABLES.items():
        drafts[name] = _draft(table, raw.tables.get(name, table_of({})), periods, problems)
        drafts[name].complete &= name not in raw.unreadable
    check = Check(drafts, periods, None if policy is None else policy.group_weights)
    check_references(check)
    check_unique_keys(check)
    for rule in RULES:
        rule(check)
    problems += check.problems
    if problems or header is None or policy is None:
        raise InstanceError(_in_order(problems))
    computed = fill_computed(drafts, policy, header.periods)
    frames = {name: _frame(draft) for name, draft in drafts.items()}
    return Checked(header, policy, frames, computed, [*raw.notices, *default_findings(header, policy, drafts)])


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Header first, then the tables in contract order; within a table as found."""
    order = {name: place for place, name in enumerate(["instance", "policy", *TABLES])}
    return sorted(problems, key=lambda problem: order.get(problem.table, -1))


def _unknown_tables(raw: Raw) -> list[Problem]:
    unknown = [name for name in raw.tables if name not in TABLES]
    return [Problem(name, None, None, "an unknown table", "a known table", nearest(name, TABLES)) for name in unknown]


def _draft(table: Table, raw: RawTable, periods: int | None, problems: list[Problem]) -> Draft:
    """Type the columns of a table, reporting unknown and missing ones and every wrong cell."""
    for name in raw.columns:
        if name not in table.columns:
            advice = nearest(name, table.columns)
            problems.append(Problem(table.name, 1, name, "an unknown column", f"a column of {table.name}", advice))
    typed: dict[str, Typed] = {}
    complete = raw.complete and (not raw.columns or not table.unique or table.unique[0] in raw.columns)
    for name, column in table.columns.items():
        if name in raw.columns or not column.required or not raw.columns:
            cells = raw.columns.get(name, [None] * len(raw.lines))
            typed[name] = convert(cells, column, periods)
            for row, expected, advice in typed[name].faults:
                found = "nothing" if typed[name].absent[row] else shown(_plain(cells[row]))
                problems.append(Problem(table.name, int(raw.lines[row]), name, found, expected, advice))
        else:
            problems.append(Problem(table.name, 1, name, "no such column", "this required column", "Add it."))
    return Draft(table, typed, raw.lines, complete)


def _plain(value: object) -> object:
    """Make a cell presentable: numpy scalars as numbers."""
    return value.item() if isinstance(value, np.generic) else value


def _frame(draft: Draft) -> pd.DataFrame:
    """Make a frame of the typed columns, in contract order."""
    data = {}
    for name, column in draft.table.columns.items():
        typed = draft.typed[name]
        if typed.codes is not None:
            data[name] = pd.Series(pd.array([*typed.words, None], dtype="str").take(typed.codes))
        else:
            data[name] = pd.Series(typed.floats.astype(column.dtype))
    return pd.DataFrame(data)
