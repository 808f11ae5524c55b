"""What prices prove: never more than the optimum, and all of it at the duals of the whole LP."""

import dataclasses

import numpy as np
import pytest

from coordination.planning.case import Case
from coordination.planning.model import ResponseModel
from coordination.planning.proof import prove
from coordination.planning.routes import add_all_routes, first_columns
from coordination.solver import solve
from tests.planning.small import row, street
from tests.support.random_instances import random_instance

FEW, HUNDREDS = range(8), range(8, 300)


def relaxed(instance):
    """Return model, columns (every shipment), the LP with roles in shares, its optimum, whether all routes are in."""
    model = ResponseModel.of(Case.of(instance)).tight()
    columns = first_columns(model.case)
    complete = add_all_routes(model.case, columns)
    columns.active = columns.allowed.copy()
    form = model.compile(columns)
    form = dataclasses.replace(form, integrality=np.zeros_like(form.integrality))
    return model, columns, form, solve(form), complete


def check(seed):
    """Prove with the LP's own duals, then with duals that have less and less to do with it."""
    model, columns, form, solution, complete = relaxed(random_instance(seed))
    size = max(1.0, abs(solution.objective))
    best = prove(model, columns, form, solution.row_dual, complete).bound
    assert best == pytest.approx(solution.objective, abs=1e-6 * size)
    generator = np.random.default_rng(seed)
    for noise in (0.01, 0.1, 1.0):
        dual = solution.row_dual * (1.0 + noise * generator.standard_normal(form.rows))
        dual += noise * generator.standard_normal(form.rows)
        assert prove(model, columns, form, dual, complete).bound <= best + 1e-6 * size


@pytest.mark.parametrize("seed", FEW)
def test_prices_prove_the_optimum_and_no_more(seed):
    """The closed form equals the LP at its duals (strong duality) and bounds it at any other prices."""
    check(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", HUNDREDS)
def test_prices_prove_the_optimum_and_no_more_on_hundreds(seed):
    """The same on hundreds of instances."""
    check(seed)


def test_lanes_left_out_count():
    """With no shipment in the LP nobody is served: its duals prove no more than the optimum with the lane.

    100 boxes lie in the depot and 100 are needed: with the lane only the truck's 20 km for each of two loads of half a
    tonne cost anything (20 money); without it 50 and then 100 boxes wait at 30 money.
    """
    model, columns, form, _, complete = relaxed(street())
    columns.active[:] = False
    small = model.compile(columns)
    alone = solve(dataclasses.replace(small, integrality=np.zeros_like(small.integrality)))
    assert alone.objective == pytest.approx(30 * (50 + 100))
    assert prove(model, columns, small, alone.row_dual, complete).bound <= 20 + 1e-6
    assert form.columns > small.columns


def test_a_store_that_overflows_proves_its_price():
    """Where stock must be kept at a price the worth of goods is below 0, and the bound is still the optimum."""
    crowded = street(
        places=row("places", storage_tonnes=0.2), stocks=row("stocks", quantity=500), fleets=row("fleets", hours=1)
    )
    model, columns, form, solution, complete = relaxed(crowded)
    assert form.term_values(solution.x)["overflow"] > 0
    assert prove(model, columns, form, solution.row_dual, complete).bound == pytest.approx(solution.objective)
