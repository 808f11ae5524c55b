"""From an answer to a plan: flows that hold exactly, roles, tables, figures, provenance."""

from __future__ import annotations

import math
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from coordination.planning.assignment import Assignment
from coordination.planning.figures import terms_of
from coordination.planning.flows import play_forward
from coordination.planning.labels import split
from coordination.planning.prices import prices_table
from coordination.planning.tabulation import (
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
    from coordination.planning.answer import Answer
    from coordination.planning.clock import Clock
    from coordination.planning.options import PlanOptions


def decide(answer: Answer, options: PlanOptions, clock: Clock, solver: dict[str, str]) -> Plan:
    """Return the plan that an answer means; `solver`: what was chosen to find it, and why, by stage."""
    model = answer.model
    case, lanes, values = model.case, answer.columns.lanes, answer.values
    service = model.frame.service[["place", "batch", "group", "period"]]
    flows = play_forward(
        case, lanes, answer.ships.assign(quantity=values["ship"]), service.assign(quantity=values["serve"])
    )
    ships, level = split(case, flows)
    assignment = Assignment.from_values(
        model.roles, values["accountable"], values["doer"], values["backup"], values["cover"]
    )
    terms = terms_of(case, lanes, flows, level, assignment)
    objective = math.fsum(terms.values())
    bound = min(answer.bound, objective)
    gap = max(0.0, objective - bound) / max(1e-10, abs(objective))
    routes = {int(lane): _route_text(answer, int(lane)) for lane in ships["lane"].unique()}
    tables = {
        "shipments": shipments_table(case, lanes, ships, routes),
        "inventory": inventory_table(case, level),
        "service": service_table(case, flows),
        "responsibilities": responsibilities_table(case, assignment),
        "gaps": gaps_table(case, assignment),
        "modes": modes_table(case),
    }
    if answer.duals is not None:
        tables["prices"] = prices_table(model, answer.duals)
    return Plan(
        kind="plan",
        status=_status(gap, options, clock),
        objective=objective,
        terms=terms,
        bound=bound,
        gap=gap,
        seconds=dict(clock.seconds),
        sizes=_sizes(answer),
        versions=_versions(),
        solver=solver,
        options=options.as_dict(),
        seed=options.seed,
        sha256=case.instance.sha256,
        notes=answer.notes,
        tables=tables,
        instance=case.instance,
    )


def _route_text(answer: Answer, lane: int) -> str:
    """Return the road ids of a lane's loaded leg, ;-separated."""
    network, arcs = answer.model.case.network, answer.columns.routes.get(lane)
    if arcs is None:
        row = answer.columns.lanes.iloc[lane]
        arcs = network.route_arcs(int(row["state"]), int(row["origin"]), int(row["destination"]))
    return ";".join(road for road, _ in network.as_route(arcs))


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


def _versions() -> dict[str, str]:
    names = ("coordination", "highspy", "pyomo", "pandas", "numpy", "scipy", "networkx")
    return {"python": platform.python_version()} | {name: version(name) for name in names}
