"""Every way of building that the benchmarks compare gives HiGHS the same program, and reads the same answer."""

import importlib
import warnings
from types import SimpleNamespace

import numpy as np
import pyomo.environ as pyo
import pytest

from benchmarks.issue_03 import building
from benchmarks.issue_03.network import GOODS, TIMES, Network
from benchmarks.issue_03.once import give_point

NETWORK = Network.random(1_500)


def built(way):
    """Return HiGHS by one way; linopy only where it is installed."""
    if way == "linopy":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the packages it needs warn of
            pytest.importorskip("linopy")
    module = importlib.import_module(f"benchmarks.issue_03.ways.{way}")
    return module.build(module.tables(NETWORK))


def numbers(found):
    """Return the numbers of a labelled answer in the order of its index."""
    if isinstance(found, pyo.Var):
        return np.array([value.value for value in found.values()])
    return np.ravel(np.asarray(found, dtype=float))


def cost(values):
    """Return the objective at values read back, by name and in the order of their index."""
    prices = {"flow": NETWORK.cost, "stock": np.full((NETWORK.nodes, GOODS), 0.1), "unmet": NETWORK.price}
    return sum(np.repeat(price.ravel(), TIMES) @ numbers(values[name]) for name, price in prices.items())


def worth(duals):
    """Return the dual objective: duals read back times right-hand sides (bounds of columns are zero)."""
    if all(isinstance(name, str) for name in duals):
        need = NETWORK.need if "start" not in duals else NETWORK.need[:, :, 1:]
        sides = {"roads": np.repeat(NETWORK.capacity, TIMES), "balance": need, "start": NETWORK.need[:, :, 0]}
        return sum(sides[name].ravel() @ numbers(found) for name, found in duals.items())
    return sum(dual * pyo.value(constraint.upper) for constraint, dual in duals.items())


@pytest.fixture(scope="module")
def by_hand():
    """Return HiGHS with the arrays by hand, solved."""
    ready = built("raw")
    ready.highs.run()
    return ready.highs


@pytest.mark.parametrize("way", building.WAYS)
def test_the_same_program_and_answer(way, by_hand):
    """Rows, columns, entries, costs, bounds and optimum agree; what is read back amounts to the optimum, too."""
    ready = built(way)
    ready.highs.setOptionValue("output_flag", False)
    ready.highs.run()
    program, expected = ready.highs.getLp(), by_hand.getLp()
    for size in ("getNumRow", "getNumCol", "getNumNz"):
        assert getattr(ready.highs, size)() == getattr(by_hand, size)()
    for name in ("col_cost_", "col_lower_", "col_upper_", "row_lower_", "row_upper_"):
        assert np.sort(getattr(program, name)) == pytest.approx(np.sort(getattr(expected, name)), rel=1e-12), name
    optimum = by_hand.getObjectiveValue()
    assert ready.highs.getObjectiveValue() == pytest.approx(optimum, rel=1e-9)
    values, duals = ready.back()
    assert cost(values) == pytest.approx(optimum, rel=1e-6)
    assert worth(duals) == pytest.approx(optimum, rel=1e-6)


def test_a_point_instead_of_a_run():
    """The point that HiGHS is given comes back by each way as it was."""
    ready = built("ours")
    give_point(ready.highs)
    values, duals = ready.back()
    assert numbers(np.concatenate(list(values.values()))) == pytest.approx(np.linspace(0, 1, ready.highs.getNumCol()))
    assert numbers(np.concatenate(list(duals.values()))) == pytest.approx(np.linspace(0, 1, ready.highs.getNumRow()))


def test_bars_compare_medians():
    """Ratios are of medians, the other over ours for seconds; a bar that is missed at one size fails."""
    found = {
        columns: {
            "ours": [{"cpu": value, "mb": 60.0} for value in (9.0, 1.0, 2.0)],
            "linopy": [{"cpu": seconds, "mb": 100.0}],
        }
        for columns, seconds in ((building.MIDDLE, 6.0), (building.LARGE, 4.0))
    }

    run = SimpleNamespace(quick=False, kept={"building": found})
    slow = building.faster_than_linopy(run)
    assert not slow.passed and "200,000: 3.00 x" in slow.value and "1,000,000: 2.00 x" in slow.value
    assert building.leaner_than_linopy(run).passed
