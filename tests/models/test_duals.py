"""Duals mean what the docstrings say: a limit is raised and lowered a little, and the optimum follows."""

import dataclasses

import numpy as np
import pytest

from coordination.compilation import compile_model
from coordination.solver import SolverOptions, solve

from .golden_files import complete
from .town import town

STEP = 0.01
"""Small enough that no other limit begins to bind."""

FULL = {"storage": {("depot", 0): 100.0, ("depot", 1): 100.0}}
"""Storage for everything, so that one more unit of goods is worth something."""

# name: formulation, parameter raised, constraint, its entry, what one more unit saves per unit of dual, other data
LIMITS = {
    "stock": ("supply", "supply", "inventory", ("depot", "new", 0), 1, FULL | {"supply": {("depot", "new", 0): 5.0}}),
    "storage": ("supply", "storage", "stores", ("depot", 0), -1, {}),
    "fleet": ("supply", "fleet_hours", "fleets", ("trucks", 0), -1, {"fleet_hours": {("trucks", 0): 2.0}}),
    "road": ("supply", "road_capacity", "roads", ("bridge", 0), -1, {}),
    "handout": ("supply", "handout_capacity", "handout", ("quarter", 1), -1, {}),
    "need": ("supply", "due", "service", ("ward", "food", "all", 1), -1, {"worst_off_cost": 0.0}),
    "hours": ("responsibility", "available", "hours", ("committee", 0), -1, {}),
    "tonnes held": ("responsibility", "held_tonnes", "held_handout", ("quarter", 0), -1, {}),
    "backups": ("responsibility", "backups_wanted", "backups", "meals", -1, {}),
    "hours, joint": ("response", "available", "hours", ("volunteers", 1), -1, {}),
    "road, joint": ("response", "road_capacity", "roads", ("bridge", 0), -1, {"available": {("volunteers", 0): 5.0}}),
}

# name: formulation, constraint, its entry: those whose right-hand side is no parameter of its own
ROWS = {
    "handout, joint": ("response", "handout", ("quarter", 1)),
    "deprivation": ("supply", "ages", ("ward", "food", "all", 1)),
    "coverage": ("responsibility", "coverage", ("watch", 0)),
    "worst off": ("supply", "shortfalls", ("ward", "food")),
}


def fixed(name, changes):
    """Return the LP of a formulation with its integers fixed at their optimum."""
    model = complete()[name]()
    form = compile_model(model, town(model, **changes))
    if not form.integrality.any():
        return form
    whole = form.integrality.astype(bool)
    chosen = np.round(solve(form, options=SolverOptions(gap=0.0)).x)
    return held(form, whole, chosen)


def held(form, whole, chosen):
    """Return the form with columns fixed."""
    lb, ub = np.where(whole, chosen, form.lb), np.where(whole, chosen, form.ub)
    return dataclasses.replace(form, lb=lb, ub=ub, integrality=np.zeros_like(form.integrality))


def optimum(form):
    """Return the optimum of an LP."""
    return solve(form).objective


def changed(form, name, changes, parameter, entry, step):
    """Return the LP with one entry of a parameter changed by a step, the integers as they are."""
    model = complete()[name]()
    data = town(model, **changes)
    data[parameter] = data[parameter].astype(float)
    data[parameter][entry] += step
    again = compile_model(model, data)
    return held(again, again.integrality.astype(bool), form.lb)


@pytest.mark.parametrize("limit", LIMITS)
def test_price_of_a_limit(limit):
    """One more unit saves what the dual says, one less costs as much, and it is not nothing."""
    name, parameter, constraint, entry, sign, changes = LIMITS[limit]
    form = fixed(name, changes)
    solution = solve(form)
    price = sign * form.duals(constraint, solution.row_dual)[entry]
    assert abs(price) > 0.1
    more = optimum(changed(form, name, changes, parameter, entry, STEP))
    less = optimum(changed(form, name, changes, parameter, entry, -STEP))
    assert (solution.objective - more) / STEP == pytest.approx(price, rel=1e-5)
    assert (less - solution.objective) / STEP == pytest.approx(price, rel=1e-5)


@pytest.mark.parametrize("row", ROWS)
def test_dual_of_a_row(row):
    """The optimum changes by the dual per unit of right-hand side."""
    name, constraint, entry = ROWS[row]
    form = fixed(name, {})
    solution = solve(form)
    dual = form.duals(constraint, solution.row_dual)[entry]
    assert abs(dual) > 0.1
    labels = form.constraints[constraint]
    at = labels.slice.start + labels.index.get_loc(entry)
    for step in (STEP, -STEP):
        bounds = {side: getattr(form, side).copy() for side in ("row_lower", "row_upper")}
        for values in bounds.values():
            values[at] += step
        now = optimum(dataclasses.replace(form, **bounds))
        assert (now - solution.objective) / step == pytest.approx(dual, rel=1e-5)


def test_duals_of_the_worst_off():
    """Times the need they sum to the price of the term where somebody goes short."""
    form = fixed("supply", {})
    duals = form.duals("shortfalls", solve(form).row_dual)
    assert 22.0 * duals.sum() == pytest.approx(44.0)
