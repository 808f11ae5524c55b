"""Rules about who may hold which role and what waits for what: one function and one sentence each."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import product

import numpy as np

from coordination.instance.draft import Check

Waits = Mapping[str, Mapping[str, int]]
"""By task the tasks that it waits for, each with its row of ``depends``."""


def check_one_of_two(check: Check) -> None:
    """Each mandate names a task or a domain, and a party or a kind.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    mandates = check["mandates"]
    for one, other in (("task", "domain"), ("party", "kind")):
        given = [~mandates.typed[name].absent for name in (one, other)]
        found = dict.fromkeys(range(len(mandates)), "both")
        check.report("mandates", given[0] & given[1], one, f"{one} or {other}, not both", "Empty one of them.", found)
        found = dict.fromkeys(range(len(mandates)), "neither")
        check.report("mandates", ~(given[0] | given[1]), one, f"{one} or {other}", "Fill one of them.", found)


def check_must_against_must_not(check: Check) -> None:
    """Nobody is ordered into a role that the same parties are kept out of.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    mandates = check["mandates"]
    tasks, parties = _tasks_meant(check), _parties_meant(check)
    roles, rules = mandates.texts("role"), mandates.texts("rule")
    rows = np.flatnonzero(mandates.usable("role", "rule")).tolist()
    ordered = [row for row in rows if rules[row] == "must" and tasks[row] and parties[row]]
    barred = [row for row in rows if rules[row] == "must_not"]
    wrong, advice = [], []
    for must, must_not in product(ordered, barred):
        both = tasks[must] & tasks[must_not]
        if roles[must] == roles[must_not] and both and parties[must] <= parties[must_not]:
            wrong.append(must)
            advice.append(f"Row {mandates.lines[must_not]} says must_not, for task {min(both)!r}: remove one of them.")
    expected = "must only where no must_not bars the same parties"
    check.report("mandates", wrong, "rule", expected, advice)


def _tasks_meant(check: Check) -> list[set[str]]:
    """Return the tasks that each mandate is about."""
    tasks, domains = check["tasks"].texts("task"), check["tasks"].texts("domain")
    mandates = check["mandates"]
    return [
        {task} if task is not None else set(tasks[domains == domain]) if domain is not None else set()
        for task, domain in zip(mandates.texts("task"), mandates.texts("domain"), strict=True)
    ]


def _parties_meant(check: Check) -> list[set[str]]:
    """Return the parties that each mandate is about."""
    parties, kinds = check["parties"].texts("party"), check["parties"].texts("kind")
    mandates = check["mandates"]
    return [
        {party} if party is not None else set(parties[kinds == kind]) if kind is not None else set()
        for party, kind in zip(mandates.texts("party"), mandates.texts("kind"), strict=True)
    ]


def check_conflicts_of_two(check: Check) -> None:
    """Two different tasks stand in a row of conflicts.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    conflicts = check["conflicts"]
    same = conflicts.usable("task", "other") & (conflicts.texts("task") == conflicts.texts("other"))
    check.report("conflicts", same, "other", "another task than task", "Remove the row or correct a task.")


def check_dependency_cycles(check: Check) -> None:
    """No task waits for itself, however long the way round; of rings that share tasks a shortest one is named.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    draft = check["depends"]
    for ring in _rings(_waits(check)):
        rows = sorted(row for _, row in ring)
        chain = " → ".join([*(task for task, _ in ring), ring[0][0]])
        lines = ", ".join(str(draft.lines[row]) for row in rows)
        where = f"row {lines}): remove it" if len(rows) == 1 else f"rows {lines}): remove one of these rows"
        advice = f"The ring is {chain} ({where}, and it is gone."
        check.report("depends", rows[:1], "on", "a task that does not wait for this one in turn", advice)


def _waits(check: Check) -> Waits:
    draft, waits = check["depends"], dict[str, dict[str, int]]()
    tasks, awaited = draft.texts("task"), draft.texts("on")
    for row in np.flatnonzero(draft.usable("task", "on")).tolist():
        waits.setdefault(tasks[row], {}).setdefault(awaited[row], row)
    return waits


def _rings(waits: Waits) -> Iterator[list[tuple[str, int]]]:
    """Yield rings of tasks that wait for each other, shortest first, none sharing a task with one before.

    Each as pairs of task and the row by which it waits for the next.
    """
    left = {task: dict(awaited) for task, awaited in waits.items()}
    while _cyclic(left):
        ring = min(filter(None, (_shortest_ring(left, task) for task in sorted(left))), key=len)
        yield ring
        gone = {task for task, _ in ring}
        left = {
            task: {on: row for on, row in awaited.items() if on not in gone}
            for task, awaited in left.items()
            if task not in gone
        }


def _cyclic(waits: Waits) -> bool:
    try:
        TopologicalSorter(waits).prepare()
    except CycleError:
        return True
    return False


def _shortest_ring(waits: Waits, first: str) -> list[tuple[str, int]]:
    """Return a shortest ring through a task, empty without one."""
    came: dict[str, str] = {}
    queue = deque([first])
    while queue:
        task = queue.popleft()
        for on in waits.get(task, {}):
            if on == first:
                path = [task]
                while path[-1] != first:
                    path.append(came[path[-1]])
                path.reverse()
                return [(one, waits[one][then]) for one, then in zip(path, [*path[1:], first], strict=True)]
            if on not in came:
                came[on] = task
                queue.append(on)
    return []


def check_waiting_windows(check: Check) -> None:
    """No task's window ends before that of a task it waits for begins.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    tasks, depends = check["tasks"], check["depends"]
    if check.periods is None:
        return
    rows, starts, waiting, awaited = (
        tasks.ids("task"),
        tasks.numbers("start"),
        depends.texts("task"),
        depends.texts("on"),
    )
    ends = np.where(tasks.typed["end"].absent, check.periods - 1.0, tasks.numbers("end"))
    wrong, advice = [], []
    for row in np.flatnonzero(depends.usable("task", "on")).tolist():
        task, on = waiting[row], awaited[row]
        if task in rows and on in rows and ends[rows[task]] < starts[rows[on]]:
            wrong.append(row)
            end, start = int(ends[rows[task]]), int(starts[rows[on]])
            advice.append(f"Task {task!r} ends with period {end}, {on!r} begins in period {start}: move a window.")
    check.report("depends", wrong, "on", "a task that begins before the window of this one is over", advice)


DUTY_RULES: tuple[Callable[[Check], None], ...] = (
    check_one_of_two,
    check_must_against_must_not,
    check_conflicts_of_two,
    check_dependency_cycles,
    check_waiting_windows,
)
"""All rules of this file, in the order in which they are checked."""
