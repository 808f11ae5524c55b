"""What if: plan the changed instance, and say what it costs more than the plan.

With z the social cost of the plan, l a proven bound of it, z' and l' the same of the changed instance, the true
difference of the two least social costs lies in [l' - z, z' - l]; the number told is z' - z. Plans to compare with are
made anew to a gap that is small beside the differences asked for: where the plan's own gap is larger, the unchanged
instance is planned again too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from coordination.errors import InstanceError, UsageError
from coordination.explanation import strings
from coordination.explanation.changes import Change, changed
from coordination.planning.amounts import set_rows
from coordination.planning.clock import Clock
from coordination.planning.options import PlanOptions
from coordination.planning.planning import answer_plainly

if TYPE_CHECKING:
    from coordination.instance import Instance
    from coordination.plans import Plan

WHOLE = ("direct", "by rules")
"""Ways of planning that take a case whole, quick enough to be gone again for each question."""


@dataclass(frozen=True)
class Outcome:
    """What planning an instance gave.

    Attributes
    ----------
    cost, bound, gap : float or None
        Social cost, proven bound and gap; None where there is no plan (`why`).
    why : str
        Why there is none: the rules that forbid it, or no time.
    plan : Plan or None
        The plan made anew.
    """

    cost: float | None = None
    bound: float | None = None
    gap: float | None = None
    why: str = ""
    plan: Plan | None = None


class Asker:
    """Answers what changes would cost, by planning again.

    Parameters
    ----------
    plan : Plan
        The plan to compare with.
    gap : float
        Gap of the plans made anew.
    time_limit : float or None
        Seconds for all questions together; each is told apart that found no time.
    threads : int or None
        Threads of the solver.

    Raises
    ------
    UsageError
        The plan has no feasible answer, or was not found by solving.
    """

    def __init__(self, plan: Plan, gap: float, time_limit: float | None, threads: int | None) -> None:
        _refuse(plan)
        self.plan = plan
        self.clock = Clock(time_limit)
        seed = plan.seed or 0
        self.options = PlanOptions(
            gap=gap, time_limit=time_limit, threads=threads, seed=seed, scenario=plan.instance.scenario
        )
        self._asked: dict[str, Outcome] = {}

    def need_whole(self) -> None:
        """Refuse a case that is too large to be planned again for each question."""
        if self.plan.sizes["way"] not in WHOLE:
            raise UsageError(strings.LARGE.format(name=self.plan.instance.name))

    def need_least_cost(self) -> None:
        """Refuse a plan that keeps rules beyond the social cost: its limits have no such prices."""
        if self.plan.rules is not None:
            raise UsageError(strings.RULED)
        if any(True for _ in set_rows(self.plan.instance)):
            raise UsageError(strings.AMOUNTS)

    @cached_property
    def now(self) -> Outcome:
        """The plan's cost and bound; of the instance planned again, where that proves more or costs less."""
        plan = self.plan
        given = Outcome(plan.objective, plan.bound, plan.gap)
        if plan.gap is not None and plan.gap <= max(self.options.gap, 1e-9):
            return given
        again = self._solved(plan.instance)
        if again.cost is None or again.bound is None:
            return given
        assert plan.objective is not None
        cost = min(again.cost, plan.objective)
        bound = max(again.bound, -math.inf if plan.bound is None else plan.bound)
        return Outcome(cost, bound, max(0.0, cost - bound) / max(1e-10, abs(cost)))

    def ask(self, change: Change) -> Outcome:
        """Return what planning the changed instance gives; the same question is answered once."""
        key = repr(change)
        if key not in self._asked:
            self._asked[key] = self._answered(change)
        return self._asked[key]

    def _answered(self, change: Change) -> Outcome:
        _ = self.now
        if self.clock.over():
            return Outcome(why=strings.NO_TIME)
        try:
            return self._solved(changed(self.plan.instance, change))
        except InstanceError as error:
            return Outcome(why=strings.FORBIDDEN.format(rules=error.lines()[0].strip()))

    def _solved(self, instance: Instance) -> Outcome:
        with self.clock.interruptible():
            answer, plan = answer_plainly(instance, self.options, self.clock)
        if answer.program is not None:
            answer.program.close()
        if plan.bound is None or any(note.startswith(strings.NOTHING_FOUND) for note in plan.notes):
            return Outcome(why=strings.NO_TIME)
        return Outcome(plan.objective, plan.bound, plan.gap, plan=plan)


def _refuse(plan: Plan) -> None:
    """Refuse plans that were not found by solving."""
    if not plan.feasible:
        raise UsageError(strings.NOT_FEASIBLE.format(status=plan.status))
    if "way" not in plan.sizes:
        raise UsageError(strings.FIELD_RULE)
    if plan.instance.policy.governance != "centralised":
        raise UsageError(strings.COALITIONS.format(governance=plan.instance.policy.governance))
