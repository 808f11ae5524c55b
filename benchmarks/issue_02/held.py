"""Responsibility with supply held as planned: the plan's terms against a bound of their own program.

The program: least responsibility terms that hand out, in every zone and period with an active supply task, at least
the tonnes that the plan serves there; a hard requirement. Its bound is the better one of its linear relaxation's and of
branching within a time limit. Who is accountable is apart from the rest of it, and solved on its own.
"""

import dataclasses
import os

import numpy as np
import pandas as pd

from benchmarks.bars import Measured, Run

MOST = 0.05
LIMIT = float(os.environ.get("BENCHMARKS_HELD_SECONDS", "150"))
"""Seconds of branching for the bound."""


def tonnes_served(model, service) -> np.ndarray:
    """Return the plan's tonnes by row of ``HANDOUTS``: served in the zone and the zones within it."""
    case, instance = model.case, model.case.instance
    zone = instance.places.set_index("place")["zone"]
    kg = instance.commodities.set_index("commodity")["kg"]
    rows = pd.DataFrame(
        {
            "zone": case.coding.zones.get_indexer(service["place"].map(zone)),
            "period": service["period"],
            "tonnes": service["served"] * service["commodity"].map(kg) / 1000.0,
        }
    )
    rows = rows.merge(case.coding.ancestry, on="zone")
    served = rows.groupby(["above", "period"])["tonnes"].sum()
    return served.reindex(model.handout_data["HANDOUTS"]).fillna(0.0).to_numpy()


def hard(form):
    """Return the program in which everything held must be handed out."""
    ub = form.ub.copy()
    if "held_short" in form.variables:
        ub[form.variables["held_short"].slice] = 0.0
    return dataclasses.replace(form, ub=ub)


def bounds(model, tonnes) -> dict[str, float]:
    """Return what is proven of the responsibility terms, by way of proving it."""
    from coordination.planning.roles import with_accountable
    from coordination.solver import SolverOptions, solve

    levels = solve(model.compile_accountability(), options=SolverOptions(gap=0.0, time_limit=60.0))
    form = hard(model.tight().compile_held(tonnes * (1.0 - 1e-9), np.zeros(len(tonnes))))
    found = {}
    relaxed = dataclasses.replace(form, integrality=np.zeros_like(form.integrality))
    found["linear relaxation"] = solve(relaxed, options=SolverOptions(time_limit=LIMIT, crossover=False)).bound
    if levels.x is not None:
        accountable = model.compile_accountability().variables["accountable"].slice
        fixed = with_accountable(form, levels.x[accountable])
        branched = solve(fixed, options=SolverOptions(gap=0.01, time_limit=LIMIT))
        found["branching"] = branched.bound - (levels.objective - levels.bound)
        found["incumbent"] = branched.objective
    return found


def within(run: Run) -> Measured:
    """Return the gap of the responsibility terms to their own bound."""
    from coordination.planning.case import Case
    from coordination.planning.model import ResponseModel
    from coordination.plans import Plan
    from coordination.terms import RESPONSIBILITY_TERMS

    plan = Plan.load(run.plan.folder)
    model = ResponseModel.of(Case.of(plan.instance))
    found = bounds(model, tonnes_served(model, plan.service))
    terms = {name: plan.terms[name] for name in RESPONSIBILITY_TERMS}
    cost, bound = sum(terms.values()), max(found["linear relaxation"], found.get("branching", -np.inf))
    gap = max(0.0, cost - bound) / max(1e-10, abs(cost))
    text = f"terms {cost:,.0f}, bound {bound:,.0f}: {gap:.2%} apart"
    return Measured(gap <= MOST, text, {"terms": terms, "bounds": found, "gap": gap, "seconds_of_branching": LIMIT})
