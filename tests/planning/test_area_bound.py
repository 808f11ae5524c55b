"""The bound that prices only what areas share: never more than the optimum, all of it at the whole LP's prices."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from coordination.planning.answer import duals_of
from coordination.planning.area_bound import least_by_area
from coordination.planning.case import Case
from coordination.planning.model import ResponseModel
from coordination.planning.proof import prove
from coordination.planning.relaxation import relaxed
from coordination.planning.routes import add_all_routes, first_columns
from coordination.planning.worths import Prices
from coordination.solver import solve
from tests.support.random_instances import random_instance

FEW, HUNDREDS = range(6), range(6, 200)


def optimum(part, *, seconds):
    """Solve one area's LP."""
    assert seconds is None
    solution = solve(part.form)
    return solution.x, solution.row_dual


def check(seed):
    """Prove in one area, then each zone alone, at the LP's prices; then at prices that have less to do with it."""
    model = ResponseModel.of(Case.of(random_instance(seed))).tight(merged=True)
    columns = first_columns(model.case)
    complete = add_all_routes(model.case, columns)
    columns.active = columns.allowed.copy()
    accountable = model.compile_accountability()
    accountable = solve(dataclasses.replace(accountable, integrality=np.zeros_like(accountable.integrality))).x
    form = relaxed(model, model.compile(columns), accountable)
    solution = solve(form)
    size = max(1.0, abs(solution.objective))
    prices = Prices.of(model, duals_of(form, solution.row_dual))
    session = SimpleNamespace(columns=columns, routes_complete=complete, workers=1)
    zones = np.arange(len(model.case.coding.zones))

    def least(prices, areas):
        return least_by_area(session, model, accountable, prices, areas, optimum)

    assert least(prices, np.zeros_like(zones)) == pytest.approx(solution.objective, abs=1e-6 * size)
    assert least(prices, zones) <= solution.objective + 1e-6 * size
    generator = np.random.default_rng(seed)
    for noise in (0.01, 0.1, 1.0):
        dual = solution.row_dual * (1.0 + noise * generator.standard_normal(form.rows))
        found = least(Prices.of(model, duals_of(form, dual)), np.zeros_like(zones))
        assert prove(model, columns, form, dual, complete).bound <= found + 1e-6 * size
        assert found <= solution.objective + 1e-6 * size


@pytest.mark.parametrize("seed", FEW)
def test_what_areas_share_is_all_that_needs_a_price(seed):
    """In one area the bound at the LP's prices is its optimum; at any prices it lies between prices alone and that."""
    check(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", HUNDREDS)
def test_what_areas_share_is_all_that_needs_a_price_on_hundreds(seed):
    """The same on hundreds of instances."""
    check(seed)
