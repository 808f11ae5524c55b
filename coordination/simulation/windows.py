r"""The rest of a horizon planned in windows: each looks some periods ahead, and only its first half is carried out.

What a window does not see (needs after it, goods that arrive after it) counts for nothing in it, so that windows cost
at least what planning the whole does, to within the gap of that; by how much more is the loss of so short a sight.

Source: Sethi and Sorger (1991), A theory of rolling horizon decision making.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

from coordination.errors import UsageError
from coordination.planning import plan_plainly
from coordination.replanning import executed_terms, state_after
from coordination.replanning.keeping import keepable
from coordination.simulation.gathering import gathered
from coordination.simulation.going_on import PERIODS
from coordination.simulation.playing import Step
from coordination.status import Status
from coordination.wording import counted

if TYPE_CHECKING:
    from coordination.instance import Instance
    from coordination.plans import Plan

OF_PERIODS = ("needs", "arrivals", "observations", "events")
OF_TASKS = {"efforts": ("task",), "depends": ("task", "on"), "conflicts": ("task", "other")}
NOTE = (
    "Planned in windows of {window} periods, the first {half} of each carried out: costs {loss:,.4g} more than "
    "the rest planned as a whole ({share:.2%})."
)


def in_windows(whole: Plan, window: int, **options: Any) -> Plan:
    """Return the plan of an instance that is made in windows, beside the one made as a whole.

    Parameters
    ----------
    whole : Plan
        Feasible, with its bound.
    window : int
        Periods that each window sees, at least 1; as many as there are: the whole plan.
    **options
        Of planning each window: ``gap``, ``threads``, ``seed``, ``time_limit``.

    Returns
    -------
    Plan
        Its bound is that of the whole; ``notes`` say the loss.

    Raises
    ------
    UsageError
        The window is too short, or rules are asked for of which a window does not know what to do.
    """
    instance = whole.instance
    if window < 1:
        raise UsageError(f"window: found {window}; expected at least 1 period")
    if window >= instance.periods:
        return whole
    _refuse(instance)
    half, steps, state, start = max(1, window // 2), list[Step](), instance, 0
    while True:
        seen = min(window, int(state.periods))
        made = dataclasses.replace(plan_plainly(shortened(state, seen), **options), instance=state, sha256=state.sha256)
        last = seen == state.periods
        periods = seen if last else half
        done = _first(made, periods)
        # Nobody promises more than it gives: there is no record to keep.
        steps.append(Step(start, periods, made, done, whole.service.iloc[:0]))
        if last:
            break
        state, _ = keepable(state_after(made, half))
        start += half
    plan = gathered(steps, instance)
    assert plan.objective is not None and whole.objective is not None
    loss = plan.objective - whole.objective
    share = loss / abs(whole.objective) if whole.objective else 0.0
    bound = whole.bound
    gap = None if bound is None else max(0.0, plan.objective - bound) / max(1e-10, abs(plan.objective))
    asked = float(whole.options.get("gap", 0.0))
    return dataclasses.replace(
        plan,
        status=Status.OPTIMAL if gap is not None and gap <= max(asked, 1e-9) else Status.FEASIBLE,
        bound=bound, gap=gap, options=whole.options, seconds=whole.seconds, sizes=whole.sizes, solver=whole.solver,
        notes=[NOTE.format(window=window, half=half, loss=loss, share=share)], reasons=[], baseline=None,
    )  # fmt: skip


def shortened(instance: Instance, periods: int) -> Instance:
    """Return an instance that ends earlier.

    Parameters
    ----------
    periods : int
        Periods that are left of it. Tasks, effects, needs and arrivals that begin later fall away, the windows of tasks
        and effects end with it.
    """
    if periods >= instance.periods:
        return instance
    given = instance.given
    tables: dict[str, Any] = {name: given(name)[lambda rows: rows["period"] < periods] for name in OF_PERIODS}
    tasks = given("tasks")
    tasks = tasks[tasks["start"] < periods]
    tables["tasks"] = tasks.assign(end=tasks["end"].clip(upper=periods - 1))
    effects = given("effects")
    effects = effects[effects["start"] < periods]
    tables["effects"] = effects.assign(end=effects["end"].clip(upper=periods - 1))
    left = set(tasks["task"])
    for name, columns in OF_TASKS.items():
        rows = given(name)
        tables[name] = rows[rows[list(columns)].isin(left).all(axis=1)]
    mandates = given("mandates")
    tables["mandates"] = mandates[mandates["task"].isna() | mandates["task"].isin(left)]
    return instance.replace(periods=periods, **tables)


def _refuse(instance: Instance) -> None:
    names = ("pins", "facilities", "damage", "depends")
    found = [f"{name} ({counted(len(instance.tables[name]), 'row')})" for name in names if len(instance.tables[name])]
    found += ["policy.change_cost"] if instance.policy.change_cost else []
    if found:
        raise UsageError(
            f"{instance.name}: windows do not know yet what to do with {'; '.join(found)}: they reach beyond a window. "
            "Plan the rest as a whole, or without them."
        )


def _first(plan: Plan, periods: int) -> Plan:
    """Return what a plan does and costs in its first periods; in all of them where it is a plan of no more."""
    tables = {
        name: table[~(table[PERIODS[name][0]] >= periods)] if name in ("shipments", "inventory", "service", "gaps")
        else table
        for name, table in plan.tables.items()
        if name in PERIODS
    }  # fmt: skip
    terms = executed_terms(plan, periods)
    return dataclasses.replace(plan, tables=tables, terms=terms, objective=math.fsum(terms.values()))
