"""What if: plan the changed instance, and say what it costs more than the plan.

With z the social cost of the plan, l a proven bound of it, z' and l' the same of the changed instance, the true
difference of the two least social costs lies in [l' - z, z' - l]; the number told is z' - z. Plans to compare with are
made anew to a gap that is small beside the differences asked for: where the plan's own gap is larger, the unchanged
instance is planned again too. A large case is not planned again: `coordination.explanation.nearby`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from coordination.errors import InstanceError, UsageError
from coordination.explanation import strings
from coordination.explanation.changes import Change, changed
from coordination.explanation.nearby import MOST_OWN, Nearby
from coordination.planning.amounts import set_rows
from coordination.planning.clock import Clock
from coordination.planning.options import PlanOptions
from coordination.planning.planning import answer_plainly
from coordination.solver import SolverOptions
from coordination.status import Status

if TYPE_CHECKING:
    from coordination.explanation.loads import Loads
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
        The plan made anew; None where only roles near something were chosen again.
    short : float
        Tonnes that are handed out less then, where what is served is held as planned.
    """

    cost: float | None = None
    bound: float | None = None
    gap: float | None = None
    why: str = ""
    plan: Plan | None = None
    short: float = 0.0


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
        self.around: Nearby | None = None
        self._asked: dict[str, Outcome] = {}

    def look_around(self, loads: Loads, tasks: set[str], parties: set[str]) -> None:
        """Let a large case be answered by roles near what is asked about alone; others are planned again whole.

        Parameters
        ----------
        loads : Loads
            Of the plan.
        tasks : set of str
            Tasks that changes touch.
        parties : set of str
            Parties that matter to them.

        Raises
        ------
        UsageError
            The plan keeps rules that are not carried out around some tasks alone, or too many tasks are touched.
        """
        if self.plan.sizes["way"] in WHOLE:
            return
        name = self.plan.instance.name
        if self.plan.rules is not None:
            raise UsageError(strings.LARGE.format(name=name))
        if len(tasks) > MOST_OWN:
            raise UsageError(strings.MANY_TASKS.format(name=name, number=len(tasks), most=MOST_OWN))
        self.around = Nearby.around(loads, tasks, parties)

    def need_least_cost(self) -> None:
        """Refuse a plan that keeps rules beyond the social cost: its limits have no such prices."""
        if self.plan.rules is not None:
            raise UsageError(strings.RULED)
        if any(True for _ in set_rows(self.plan.instance)):
            raise UsageError(strings.AMOUNTS)

    @cached_property
    def now(self) -> Outcome:
        """The plan's cost and bound; of the instance planned again, where that proves more or costs less.

        Of a large case: those of the roles around, chosen again without a change.
        """
        plan = self.plan
        if self.around is not None:
            return self._near(Change())
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
            if self.around is not None:
                return self._near(change)
            return self._solved(changed(self.plan.instance, change))
        except InstanceError as error:
            return Outcome(why=strings.FORBIDDEN.format(rules=error.lines()[0].strip().removesuffix(".")))

    def _near(self, change: Change) -> Outcome:
        """Return what the roles around cost after a change, all else held."""
        assert self.around is not None
        options = SolverOptions(
            gap=self.options.gap, time_limit=self.clock.left(), threads=self.options.threads, seed=self.options.seed
        )
        again = self.around.again(change, options)
        if again.cost is None or again.bound is None:
            return Outcome(why=strings.FORBIDDEN_NEAR if again.status is Status.INFEASIBLE else strings.NO_TIME)
        gap = max(0.0, again.cost - again.bound) / max(1e-10, abs(again.cost))
        return Outcome(again.cost, again.bound, gap, short=again.short)

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
