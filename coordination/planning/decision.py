"""From an answer to a plan: flows that hold exactly, roles, tables, figures, provenance."""

from __future__ import annotations

import dataclasses
import math
import platform
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.planning.assignment import Assignment
from coordination.planning.conversions import Conversions, visits_table
from coordination.planning.figures import terms_of
from coordination.planning.flows import play_forward
from coordination.planning.labels import split
from coordination.planning.prices import prices_table
from coordination.planning.tabulation import (
    escalations_table,
    gaps_table,
    inventory_table,
    modes_table,
    responsibilities_table,
    service_table,
    shipments_table,
)
from coordination.plans import Plan
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from coordination.planning.answer import Answer
    from coordination.planning.case import Case
    from coordination.planning.clock import Clock
    from coordination.planning.flows import Flows
    from coordination.planning.options import PlanOptions


BETTER = (
    "Nothing better than the field rule's plan was found in time: this is that plan, with the bound that was proven.",
    "Prices and reasons are missing: the field rule knows none.",
)


@dataclass(frozen=True)
class Decided:
    """What is decided for a case: flows and roles that hold exactly, and what follows from them.

    Attributes
    ----------
    case : Case
        What is planned.
    lanes : DataFrame
        Lanes that shipments go along, those of the case first.
    detours : mapping of int to ndarray of int
        Arc codes of each lane that is not on the shortest route.
    flows : Flows
        What moves, lies and is served.
    assignment : Assignment
        Who answers, does, stands by.
    conversions : Conversions
        What facilities do.
    """

    case: Case
    lanes: pd.DataFrame
    detours: Mapping[int, NDArray[np.int64]]
    flows: Flows
    assignment: Assignment
    conversions: Conversions

    @cached_property
    def _split(self) -> tuple[pd.DataFrame, NDArray[np.float64]]:
        """Shipments and levels by expiry period."""
        return split(self.case, self.flows)

    @cached_property
    def terms(self) -> dict[str, float]:
        """Terms of the social cost."""
        terms = terms_of(self.case, self.lanes, self.flows, self._split[1], self.assignment, self.conversions)
        return terms if self.case.repairs is None else terms | {"repair": self.case.repairs.cost}

    @cached_property
    def objective(self) -> float:
        """Social cost."""
        return math.fsum(self.terms.values())

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the plan's tables but prices."""
        case, (ships, level) = self.case, self._split
        routes = {int(lane): self._route_text(int(lane)) for lane in ships["lane"].unique()}
        return {
            "shipments": shipments_table(case, self.lanes, ships, routes),
            "inventory": inventory_table(case, level),
            "service": service_table(case, self.flows),
            "responsibilities": responsibilities_table(case, self.assignment),
            "gaps": gaps_table(case, self.assignment),
            "modes": modes_table(case),
            "escalations": escalations_table(case, self.assignment),
            **({} if case.repairs is None else {"repairs": case.repairs.table}),
            "facilities": self.conversions.modes(),
            "modules": self.conversions.modules(),
            "visits": visits_table(case, self.flows.visits),
        }

    def _route_text(self, lane: int) -> str:
        """Return the road ids of a lane's loaded leg, ;-separated."""
        network, arcs = self.case.network, self.detours.get(lane)
        if arcs is None:
            row = self.lanes.iloc[lane]
            arcs = network.route_arcs(int(row["state"]), int(row["origin"]), int(row["destination"]))
        return ";".join(road for road, _ in network.as_route(arcs))


def decide(
    answer: Answer,
    options: PlanOptions,
    clock: Clock,
    solver: Mapping[str, str],
    field_rule: float | None = None,
) -> Plan:
    """Return the plan that an answer means, perhaps beside what the field rule's costs.

    Parameters
    ----------
    solver : mapping of str to str
        What was chosen to find it, and why, by stage.
    """
    model, values = answer.model, answer.values
    case, lanes = model.case, answer.columns.lanes
    service = model.frame.service[["place", "batch", "group", "period"]]
    conversions = Conversions.from_values(case, values)
    visits = case.facilities.visits(model.frame.needs)
    come = values.get("visit", np.zeros(0))
    flows = play_forward(
        case,
        lanes,
        answer.ships.assign(quantity=values["ship"]),
        service.assign(quantity=values["serve"]),
        visits.assign(quantity=come) if len(come) == len(visits) else None,
        conversions.capacity,
    )
    assignment = Assignment.from_values(model.roles, values)
    decided = Decided(case, lanes, answer.columns.routes, flows, assignment, conversions)
    prices = {} if answer.duals is None else {"prices": prices_table(model, answer.duals)}
    sizes = _sizes(answer)
    return written(decided, options, clock, answer.bound, answer.notes, sizes, prices, field_rule, answer.rules, solver)


def instead(
    rule: Decided, answer: Answer, options: PlanOptions, clock: Clock, solver: Mapping[str, str]
) -> tuple[Answer, Plan]:
    """Return the field rule's plan where it is the better one, and the answer without what does not belong to it.

    Its LP is let go: what it says of prices and reasons is of another plan.

    Parameters
    ----------
    solver : mapping of str to str
        What was chosen to find the answer, and why, by stage.
    """
    if answer.program is not None:
        answer.program.close()
    left = dataclasses.replace(answer, duals=None, program=None)
    sizes = _sizes(answer) | {"way": "field rule"}
    plan = written(rule, options, clock, answer.bound, [*BETTER], sizes, {}, rule.objective, None, solver)
    return left, plan


def written(
    decided: Decided,
    options: PlanOptions,
    clock: Clock,
    bound: float,
    notes: list[str],
    sizes: Mapping[str, Any],
    prices: Mapping[str, pd.DataFrame],
    field_rule: float | None,
    rules: dict[str, Any] | None = None,
    solver: Mapping[str, str] | None = None,
) -> Plan:
    """Return what is decided as a plan.

    Parameters
    ----------
    bound : float
        No plan costs less; minus infinity where nothing is proven.
    sizes : mapping
        Of instance and model, by name.
    prices : mapping of str to DataFrame
        The table of prices by its name, or nothing.
    field_rule : float or None
        Social cost of the field rule's plan; None where it is not known.
    rules : dict or None
        As `Answer` has them.
    solver : mapping of str to str, optional
        What the solver chose and why, by stage.
    """
    objective = decided.objective
    bound = min(bound, objective)
    gap = max(0.0, objective - bound) / max(1e-10, abs(objective))
    return Plan(
        kind="plan",
        status=_status(gap, options, clock),
        objective=objective,
        terms=decided.terms,
        bound=bound,
        gap=gap,
        seconds=dict(clock.seconds),
        sizes=sizes,
        versions=_versions(),
        solver=solver or {},
        options=options.as_dict(),
        seed=options.seed,
        sha256=decided.case.instance.sha256,
        notes=notes,
        tables={**decided.tables(), **prices},
        instance=decided.case.instance,
        rules=None if rules is None else {**rules, "price": _price(rules["without"], objective)},
        baseline=None if field_rule is None else _against(field_rule, objective),
    )


def _price(without: float | None, objective: float) -> float | None:
    """Return what rules cost beyond the least social cost found without them."""
    return None if without is None else max(0.0, objective - without)


def _against(field_rule: float, objective: float) -> dict[str, Any]:
    """Return what a plan saves against the field rule."""
    saves = field_rule - objective
    share = saves / field_rule if field_rule > 0.0 else None
    return {"rule": "field", "objective": field_rule, "saves": saves, "share": share}


def _status(gap: float, options: PlanOptions, clock: Clock) -> Status:
    """Return optimal where proven within the requested gap (and arithmetic's own 1e-9), else how it ended."""
    if gap <= max(options.gap, 1e-9):
        return Status.OPTIMAL
    return Status.INTERRUPTED if clock.stopped else Status.FEASIBLE


def _sizes(answer: Answer) -> dict[str, Any]:
    model, case = answer.model, answer.model.case
    return {
        "places": len(case.coding.places),
        "lanes": len(answer.columns.lanes),
        "batches": len(case.batches),
        "shipments_possible": int(answer.columns.allowed.sum()),
        "shipments_in_model": len(answer.ships),
        "tasks": len(model.roles.tasks),
        "parties": len(model.roles.parties),
        **answer.figures,
    }


@cache
def _versions() -> dict[str, str]:
    names = ("coordination", "highspy", "pyomo", "pandas", "numpy", "scipy", "networkx")
    return {"python": platform.python_version()} | {name: version(name) for name in names}
