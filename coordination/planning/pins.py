"""Pins: what a planner corrects in a plan by hand, kept as equalities.

A pin says that the plan has a row that fits `where`, with `value` in `column`. Those on ``responsibilities`` that say
who holds a role are carried out, in either spelling:

    table             where                         column   value
    responsibilities  task=watch;role=responsible   party    ants
    responsibilities  task=watch;party=ants         role     responsible

for the roles accountable, responsible and backup. Such a pin is an order (``must``) of ``mandates`` that names one
party in one task: it is planned as that, in every way of planning that keeps orders, and where it cannot be kept the
rules that stand against it are found as for any order. Pins on ``shipments`` and ``service`` set amounts: see
`coordination.planning.amounts`; those on ``modes`` say in which mode a zone is that chooses: see
`coordination.world.choosing`. The plan answers the instance as given, pins and all. Whatever else a pin may say is
refused by name.
"""

from __future__ import annotations

import dataclasses
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pandas as pd

from coordination.errors import InstanceError, Problem, shown
from coordination.instance.names import nearest
from coordination.planning.amounts import FIRST_LINE, SETTABLE, read_amount, set_rows
from coordination.plans.tables import PLAN_TABLES
from coordination.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coordination.instance import Instance
    from coordination.plans import Plan

CARRIED_OUT = "responsibilities"
MODES = "modes"
KEPT = (*SETTABLE, MODES)
"""Tables whose pins stay pins: they become no orders."""
PINNED_ROLES = ("accountable", "responsible", "backup")
SPELLINGS = ({"task", "role", "party"},)
FORMS = "task and role (column party), or task and party (column role)"
SENT = {"fleet", "origin", "destination", "commodity", "depart"}
NUMBERS = ("depart", "quantity")
NUMBER = re.compile(r"\d+(\.\d*)?([eE][+-]?\d+)?", re.ASCII)


def with_pins(instance: Instance) -> Instance:
    """Return the instance with its pins on roles as orders, and no pins but on amounts or with a price.

    It is itself where no pin becomes an order.

    Raises
    ------
    InstanceError
        Pins say what no plan can have, or what is not carried out yet; all of them are listed.
    """
    if instance.pins.empty:
        return instance
    problems: list[Problem] = []
    rows = [_order(instance, line, row, problems) for line, row in _lines(instance) if row["table"] not in KEPT]
    if (instance.pins["table"] == MODES).any():
        _check_modes(instance, problems)
    for line, row in set_rows(instance):
        read_amount(instance, line, row, cells_of(line, row, problems), problems)
    for line, row in _lines(instance, priced=True):
        _price(instance, line, row, problems)
    if problems:
        raise InstanceError(sorted(problems, key=lambda problem: problem.row or 0))
    if not rows:
        return instance
    mandates, pins = instance.given("mandates").astype(object), instance.pins
    orders = pd.DataFrame(rows, columns=mandates.columns).astype(object)
    kept = pins["table"].isin(list(KEPT)) | pins["price"].notna()
    with naming_pins(instance):
        return instance.replace(
            mandates=pd.concat([mandates, orders], ignore_index=True), pins=instance.given("pins")[kept.to_numpy()]
        )


def of_given(instance: Instance, plan: Plan) -> Plan:
    """Return a plan as one of the instance as given, whose pins it keeps."""
    return plan if instance.pins.empty else dataclasses.replace(plan, instance=instance, sha256=instance.sha256)


def refuse_pins(instance: Instance) -> None:
    """Refuse pins where nothing keeps them: the field rule.

    Raises
    ------
    InstanceError
        There are some.
    """
    hard = hard_pins(instance)
    if hard:
        found = counted(hard, "row")
        raise InstanceError([Problem("pins", None, None, found, "no pins with the field rule", "Remove them.")])


@contextmanager
def naming_pins(instance: Instance) -> Iterator[None]:
    """Name pins by their own rows in errors that speak of the orders they became."""
    try:
        yield
    except InstanceError as error:
        before, lines = len(instance.mandates), ordering_lines(instance)
        raise InstanceError([_renamed(problem, before, lines) for problem in error.problems]) from error


def ordering_lines(instance: Instance) -> list[int]:
    """Return the lines of the pins that become orders, in their order."""
    return [line for line, row in _lines(instance) if row["table"] not in KEPT]


def hard_pins(instance: Instance) -> int:
    """Return how many pins must hold."""
    return int(instance.pins["price"].isna().sum())


def _renamed(problem: Problem, before: int, lines: list[int]) -> Problem:
    """Return a problem that speaks of pins where it spoke of rows of ``mandates`` after the first `before`."""
    last = before + FIRST_LINE - 1

    def name(match: re.Match[str]) -> str:
        row = int(match.group(1))
        return f"pins row {lines[row - last - 1]}" if row > last else match.group(0)

    advice = re.sub(r"mandates row (\d+)", name, problem.advice)
    if problem.table != "mandates" or problem.row is None or problem.row <= last:
        return dataclasses.replace(problem, advice=advice)
    column = None if problem.column is None else "value"
    line = lines[problem.row - last - 1]
    return dataclasses.replace(problem, table="pins", row=line, column=column, advice=advice)


def _lines(instance: Instance, *, priced: bool = False) -> Iterator[tuple[int, dict[str, str]]]:
    for number, row in enumerate(instance.pins.to_dict("records")):
        if pd.notna(row["price"]) == priced:
            yield number + FIRST_LINE, {str(name): str(value) for name, value in row.items()}


def _check_modes(instance: Instance, problems: list[Problem]) -> None:
    """Check pins on modes: where zones choose them, they name such a zone, a period and a mode."""
    from coordination.world.choosing import Choosing

    if instance.policy.mode != "optimise":
        line = next(line for line, row in _lines(instance) if row["table"] == MODES)
        expected = "no pins on modes but with policy.mode optimise"
        problems.append(Problem("pins", line, "table", shown(MODES), expected, "Remove them, or let zones choose."))
        return
    try:
        _ = Choosing(instance).pinned
    except InstanceError as error:
        problems += error.problems


def _price(instance: Instance, line: int, row: dict[str, str], problems: list[Problem]) -> None:
    """Check a pin with a price: a doer, or a shipment; what it names need not be there any more."""
    forms = {"responsibilities": ({"task", "role"}, "party"), "shipments": (SENT, "quantity")}
    if row["table"] not in forms:
        problems.append(Problem("pins", line, "table", shown(row["table"]), f"one of {', '.join(forms)} with a price"))
        return
    names, column = forms[row["table"]]
    cells = dict(part.partition("=")[::2] for part in row["where"].split(";"))
    cells = {name.strip(): text.strip() for name, text in cells.items()}
    if set(cells) != set(names) or row["column"] != column or cells.get("role", "responsible") != "responsible":
        form = ";".join(f"{name}=…" for name in sorted(names)) + f" with column {column}"
        found = shown(f"{row['where']} with column {row['column']}")
        problems.append(Problem("pins", line, "where", found, f"{form}; of roles, responsible"))
        return
    for name, text in ((name, text) for name, text in (cells | {column: row["value"]}).items() if name in NUMBERS):
        if not NUMBER.fullmatch(text):
            at = "value" if name == column else "where"
            problems.append(Problem("pins", line, at, shown(text), f"a number for {name}"))


def _order(instance: Instance, line: int, row: dict[str, str], problems: list[Problem]) -> dict[str, str]:
    """Return a pin as a row of ``mandates``; what is wrong with it is added to the problems."""
    told = len(problems)
    if row["table"] != CARRIED_OUT:
        advice = "Pins on other tables are not carried out yet."
        expected = f"one of {', '.join((CARRIED_OUT, *KEPT))}"
        problems.append(Problem("pins", line, "table", shown(row["table"]), expected, advice))
        return {}
    named = cells_of(line, row, problems)
    if row["column"] not in PLAN_TABLES[CARRIED_OUT].columns:
        advice = nearest(row["column"], PLAN_TABLES[CARRIED_OUT].columns)
        problems.append(Problem("pins", line, "column", shown(row["column"]), "a column of responsibilities", advice))
    if len(problems) > told:
        return {}
    if row["column"] in named or {*named, row["column"]} not in SPELLINGS or row["column"] == "task":
        found = f"{row['where']} with column {row['column']}"
        advice = "Pins on other columns are not carried out yet."
        problems.append(Problem("pins", line, "where", shown(found), FORMS, advice))
        return {}
    hold = named | {row["column"]: row["value"]}
    known = {
        "task": instance.tasks["task"].tolist(), "party": instance.parties["party"].tolist(), "role": PINNED_ROLES,
    }  # fmt: skip
    for name, value in hold.items():
        if value not in known[name]:
            column, expected = "value" if name == row["column"] else "where", f"a {name}, known to the instance"
            expected = f"one of {', '.join(PINNED_ROLES)}" if name == "role" else expected
            problems.append(Problem("pins", line, column, shown(value), expected, nearest(value, known[name])))
    return {**hold, "rule": "must", "source": f"pins row {line}"}


def cells_of(line: int, row: dict[str, str], problems: list[Problem]) -> dict[str, str]:
    """Return the cells that `where` names by column; what is wrong with it is added to the problems."""
    named: dict[str, str] = {}
    table = row["table"]
    columns = PLAN_TABLES[table].columns
    for part in row["where"].split(";"):
        name, equal, value = (text.strip() for text in part.partition("="))
        if not equal or not value or name in named:
            problems.append(Problem("pins", line, "where", shown(part), "column=value, each column once"))
        elif name not in columns:
            expected = f"a column of {table}"
            problems.append(Problem("pins", line, "where", shown(name), expected, nearest(name, columns)))
        named[name] = value
    return named
