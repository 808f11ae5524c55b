"""Choosing the repairs, and the instance and the plan that they make."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.errors import UsageError
from coordination.planning.amounts import set_rows
from coordination.planning.answer import trivial_bound
from coordination.planning.case import Case
from coordination.planning.model import ResponseModel
from coordination.planning.recovery.case import MOST_THINGS, DamagedCase
from coordination.planning.recovery.crews import Crews
from coordination.planning.recovery.data import recovery_data
from coordination.planning.recovery.ideal import ideal_instance
from coordination.planning.recovery.reading import read_repairs
from coordination.planning.recovery.repairs import Repairs, no_repairs
from coordination.planning.recovery.restoring import restore
from coordination.planning.recovery.savings import cost_held, savings
from coordination.planning.roles import decided_apart
from coordination.planning.routes import add_all_routes, first_columns
from coordination.planning.session import Session
from coordination.status import Status
from coordination.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from coordination.compilation import MatrixForm
    from coordination.instance import Instance
    from coordination.planning.clock import Clock
    from coordination.planning.options import PlanOptions
    from coordination.planning.recovery.worths import Priced
    from coordination.plans import Plan
    from coordination.solver import Solution

PART = 0.5
"""Share of the requested gap, and of the time, for choosing the repairs; the rest is for the plan with them."""
NOBODY = "Nothing can be repaired within the horizon: no party has the skill, the hours and a way there in time."
NO_TIME = "No repairs were chosen in time: this is the plan without any."

BY_WORTH = (
    "Repairs were chosen by what they are worth at the prices of a plan in which all is repaired as soon as it could "
    "be; no plan costs less than that one's bound, whatever is repaired."
)


@dataclass(frozen=True)
class Mended:
    """The repairs of an instance, and how good they are.

    Attributes
    ----------
    repairs : Repairs
        What is repaired.
    instance : Instance
        The instance in which each damage ends when it is repaired.
    bound : float or None
        No plan costs less, whatever is repaired; None where nothing can be: then that of the plan.
    notes : list of str
        Honest remarks.
    saves : list of float or None
        What each repair saves beside the others, in the order of ``repairs.order``.
    """

    repairs: Repairs
    instance: Instance
    bound: float | None
    notes: list[str]
    saves: list[float | None] = field(default_factory=list)

    def of_given(self, plan: Plan, gap: float, given: Instance) -> Plan:
        """Return the plan of the repaired instance as one of the instance as given, with its repairs and bound.

        Parameters
        ----------
        gap : float
            The requested one.
        given : Instance
            The instance as given, pins and all.
        """
        from coordination.resilience import function_curve

        bound, proven, objective = plan.bound if self.bound is None else self.bound, None, plan.objective
        bound = None if bound is None or objective is None or not math.isfinite(bound) else min(bound, objective)
        if bound is not None and objective is not None:
            proven = max(0.0, objective - bound) / max(1e-10, abs(objective))
        status = plan.status
        if status is Status.OPTIMAL and (proven is None or proven > max(gap, 1e-9)):
            status = Status.FEASIBLE
        if status is Status.FEASIBLE and proven is not None and proven <= max(gap, 1e-9):
            status = Status.OPTIMAL
        whole = dataclasses.replace(
            plan, instance=given, sha256=given.sha256, bound=bound, gap=proven, status=status,
            options={**plan.options, "gap": gap}, notes=[*self.notes, *plan.notes],
        )  # fmt: skip
        if not plan.feasible:
            return whole
        tables = {**whole.tables, "repairs": self.repairs.table, "curve": function_curve(whole)}
        return dataclasses.replace(whole, tables=tables, recovery=self._figures(tables["curve"]))

    def _figures(self, curve: pd.DataFrame) -> dict[str, Any]:
        """Return the figures of the recovery, as `coordination.plans.header.PlanRecovery` says."""
        instance, order = self.repairs.crews.instance, self.repairs.order
        damage = instance.damage
        names = damage["road"].fillna(damage["place"]).tolist()
        parties = instance.parties["party"].to_numpy(dtype=object)[self.repairs.crews.crews["party"]]
        saves = [*self.saves, *[None] * (len(order) - len(self.saves))]
        rows = zip(order["crew"], order["thing"], order["hours"], self.repairs.finished.tolist(), saves, strict=True)
        repairs = [
            {
                "thing": names[thing], "party": str(parties[crew]), "hours": float(hours), "whole_from": last + 1,
                "saves": saved,
            }
            for crew, thing, hours, last, saved in rows
        ]  # fmt: skip
        left = sorted(set(range(len(names))) - set(order["thing"].tolist()))
        lost = (1.0 - curve["function"]).groupby(curve["zone"]).sum()
        return {
            "area_lost": {str(zone): float(area) for zone, area in lost.items()},
            "repairs": sorted(repairs, key=lambda row: (row["whole_from"], str(row["thing"]))),
            "left": [names[row] for row in left],
        }


def refuse_damage(instance: Instance, what: str) -> None:
    """Refuse an instance with damage where repairs are not planned yet.

    Raises
    ------
    UsageError
        It has some.
    """
    if len(instance.damage):
        raise UsageError(
            f"{what} does not know repairs yet, and {instance.name} has {counted(len(instance.damage), 'row')} of "
            "damage. Leave table damage out, or close roads by effects of a scenario."
        )


def mend(
    instance: Instance,
    options: PlanOptions,
    clock: Clock,
    on_progress: Callable[[Any], None] | None,
    most: int,
    price: Callable[[Instance], Priced | None],
    judge: Callable[[Instance], float | None],
) -> Mended:
    """Choose what is repaired, by whom and in what order, in one program with supply and responsibility.

    Where the network has too many conditions for that, or the case is too large, repairs are chosen by what they are
    worth at the prices of the ideal instance, whose bound is that of the instance, too.

    Parameters
    ----------
    instance : Instance
        With damage; pins already carried into orders.
    most : int
        Shipments up to which a program is solved whole.
    price : callable
        Returns the LP of an instance with its damage as it is; None where there was no time for it.
    judge : callable
        Returns what a coarse plan of it costs; None where there was no time for it.

    Raises
    ------
    UsageError
        The case asks for rules that are not kept beside repairs yet.
    """
    _refuse(instance)
    with clock.stage("build"):
        crews = Crews(instance, _world(instance))
        if crews.repairs.empty:
            return Mended(no_repairs(crews), instance, None, [NOBODY])
        things = int(((crews.damage["road"] >= 0) | (crews.damage["left"] == 0)).sum())
        if things > MOST_THINGS or _shipments(instance) > most:
            return _by_worth(crews, options, clock, price, judge)
        case = DamagedCase.with_crews(crews)
        model = ResponseModel.of(case)
        columns = first_columns(case)
        complete = add_all_routes(case, columns)
        if not complete or columns.allowed.sum() > most:
            return _by_worth(crews, options, clock, price, judge)
        columns.active = columns.allowed.copy()
        session = Session(model, columns, complete, options, clock, on_progress)
    form = decided_apart(session, _compiled(session, case))
    solution = session.solve(form, "repairs", gap=PART * options.gap, seconds=clock.within(PART))
    bound = trivial_bound(model)
    bound = bound if solution is None else max(bound, solution.bound)
    if solution is None or solution.x is None:
        return Mended(no_repairs(crews), instance, bound, [NO_TIME])
    repairs = _earliest(session, form, solution, read_repairs(crews, form, solution.x))
    saves = savings(session, form, solution.x, repairs)
    return Mended(repairs, repairs.repaired() if len(repairs.order) else instance, bound, [], saves)


def _by_worth(
    crews: Crews,
    options: PlanOptions,
    clock: Clock,
    price: Callable[[Instance], Priced | None],
    judge: Callable[[Instance], float | None],
) -> Mended:
    """Choose repairs by what they are worth at the prices of the ideal instance."""
    instance = crews.instance
    priced = price(ideal_instance(crews))
    repairs = None if priced is None else restore(crews, priced, options, clock, judge)
    bound = -math.inf if priced is None else priced.bound
    if repairs is None:
        return Mended(no_repairs(crews), instance, bound, [NO_TIME])
    return Mended(repairs, repairs.repaired() if len(repairs.order) else instance, bound, [BY_WORTH])


def _shipments(instance: Instance) -> int:
    """Return how many shipments are possible where nothing is damaged."""
    return int(first_columns(Case.of(instance.replace(damage=[]))).allowed.sum())


def _world(instance: Instance) -> Any:
    from coordination.world import World

    return World.of(instance)


def _refuse(instance: Instance) -> None:
    """Refuse what is not kept beside repairs yet."""
    policy = instance.policy
    fair = policy.rationing != "social_cost" or policy.max_gini is not None or policy.max_ratio is not None
    lacking = [
        text
        for text, there in (
            ("policy.rationing, max_gini or max_ratio", fair),
            ("policy.load", policy.load != "social_cost"),
            (f"policy.objective {policy.objective}", policy.objective != "social_cost"),
            ("pins on amounts", any(True for _ in set_rows(instance))),
            ("places that are damaged and in facilities", _damaged_facilities(instance)),
        )
        if there
    ]
    if lacking:
        raise UsageError(
            f"{instance.name}: repairs (table damage) are not planned together with {'; '.join(lacking)} yet. "
            "Leave one of them out."
        )


def _damaged_facilities(instance: Instance) -> bool:
    return bool(instance.facilities["place"].isin(instance.damage["place"].dropna()).any())


def _compiled(session: Session, case: DamagedCase) -> MatrixForm:
    from coordination_models.response import recovery_model

    from coordination.compilation import compile_model, declared

    with session.clock.stage("compile"):
        data = session.model.data(session.columns) | recovery_data(case, session.columns)
        return compile_model(declared(recovery_model), data)


def _earliest(session: Session, form: MatrixForm, solution: Solution, repairs: Repairs) -> Repairs:
    """Return the repairs given back as soon as they are worked, unless that would make the plan dearer."""
    soon = repairs.at_once()
    if np.array_equal(soon.finished, repairs.finished):
        return repairs
    assert solution.x is not None
    cost = cost_held(session, form, solution.x, soon)
    size = max(1.0, abs(float(solution.objective)))
    return soon if cost is not None and cost <= float(solution.objective) + 1e-9 * size else repairs
