"""Rules on roles that cannot all be kept: found before planning, named, with a smallest set of them that conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coordination.errors import InstanceError, Problem
from coordination.planning.keeping import bound_by_rules, changed, concerned, keep, roles_of, with_awaited, with_tasks
from coordination.planning.pins import naming_pins, with_pins
from coordination.planning.smallest import smallest_conflict
from coordination.planning.statements import Statement, Written
from coordination.wording import counted

if TYPE_CHECKING:
    from coordination.instance import Instance
    from coordination.planning.keeping import Holding
    from coordination.planning.statements import Program

MANY_TASKS = 12
"""Tasks above which those are looked for first that are enough to conflict."""
MOST_SETS = 5
"""Most conflicts told at once; they share no rule."""
EXPECTED = "rules on roles that can all be kept"
ROLES_HELD = "roles in tasks under way that can all go on, within the hours there are and the rules on roles"


def roles_that_keep_rules(instance: Instance) -> Holding | None:
    """Return some roles that keep all rules on them; None where there are no rules that could fail.

    Parameters
    ----------
    instance : Instance
        Under its active scenario.

    Raises
    ------
    InstanceError
        The rules cannot all be kept: it carries, for each conflict found, a smallest set of rules.
    """
    with naming_pins(instance):
        return _keeping(with_pins(instance))


def _keeping(instance: Instance) -> Holding | None:
    if not bound_by_rules(instance):
        return None
    small = concerned(_numbered(instance))
    held = keep(small)
    if held is None and len(small.held) and keep(changed(small, held=small.held.iloc[:0])) is not None:
        found = counted(len(small.held), "row")
        raise InstanceError([Problem("held", None, None, found, ROLES_HELD, "Remove the rows of tasks that cannot.")])
    if held is None:
        told = [problem for found in disagreements(small) for problem in _told(found)]
        unnamed = Problem("mandates", None, None, "rules on roles that conflict", EXPECTED, "Remove some of them.")
        raise InstanceError(told or [unnamed])
    return held


def _numbered(instance: Instance) -> Instance:
    """Return the instance with ``place``, the position of the row, in the tables that statements stand in."""
    names = ("tasks", "skills", "parties", "mandates", "conflicts", "depends")
    tables = {name: instance.tables[name] for name in names}
    return changed(instance, **{name: table.assign(place=np.arange(len(table))) for name, table in tables.items()})


def _told(found: list[Statement]) -> list[Problem]:
    """Return a set of statements as problems, each with the others."""
    problems = []
    for one in found:
        others = [other.place for other in found if other is not one]
        advice = f"Conflicts with {'; '.join(others)}: without any one of them it can be kept." if others else ""
        row, column = (one.rows[0] if one.rows else None), one.column or None
        problems.append(
            Problem(one.table, row, column, one.found, EXPECTED, advice or "Nobody can: change or remove it.")
        )
    return problems


def disagreements(instance: Instance) -> list[list[Statement]]:
    """Return sets of statements that cannot hold together, each a smallest one of what the sets before it leave.

    Parameters
    ----------
    instance : Instance
        Numbered, and cut down to what is concerned; its rules cannot all be kept.
    """
    program = Written(roles_of(_enough(instance))).program
    left, sets = list(range(len(program.statements))), list[list[Statement]]()
    while len(sets) < MOST_SETS and not program.holds(frozenset(left)):
        found = _smallest(program, left)
        sets.append([program.statements[number] for number in sorted(found)])
        left = [number for number in left if number not in found]
        if not found:
            break
    return sets


def _smallest(program: Program, left: list[int]) -> set[int]:
    found = smallest_conflict(len(left), lambda some: program.holds(frozenset(left[number] for number in some)))
    return {left[number] for number in found}


def _enough(instance: Instance) -> Instance:
    """Return the instance with tasks that are enough for a conflict, where there are many."""
    tasks, depends = instance.tasks["task"].tolist(), instance.depends
    if len(tasks) <= MANY_TASKS:
        return instance

    def part(some: frozenset[int]) -> Instance:
        return with_tasks(instance, with_awaited(depends, {tasks[number] for number in some}))

    return part(smallest_conflict(len(tasks), lambda some: keep(part(some)) is not None, questions=0))
