"""What scenarios do, as the second opinion reads them."""

import math

import numpy as np
import pandas as pd

from coordination.verification.effects import Effects
from coordination.verification.zones import Zones

ZONES = pd.DataFrame(
    [
        ("city", "city", math.nan),
        ("east", "district", "city"),
        ("west", "district", "city"),
        ("a", "community", "east"),
    ],
    columns=["zone", "level", "parent"],
).astype("str")


def effects(*rows, scenario="flood", periods=4):
    """Build effects from rows of table, where, commodity, start, end, factor."""
    columns = ["table", "where", "commodity", "start", "end", "factor"]
    table = pd.DataFrame(rows, columns=columns).assign(scenario="flood")
    return Effects(table, scenario, Zones(ZONES), periods, table.iloc[:0])


def test_zones_contain_themselves_and_what_lies_below():
    """A zone contains itself and all below it; unknown zones contain and lie in nothing."""
    zones = Zones(ZONES)
    outer, inner = zones.codes(ZONES["zone"])[:, None], zones.codes(ZONES["zone"])
    expected = [[1, 1, 1, 1], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]]
    assert zones.contains(outer, inner).astype(int).tolist() == expected
    assert not zones.contains(np.array([-1]), np.array([-1])).any()


def test_effects_multiply_and_compound():
    """Two effects on one thing in one period multiply; outside start..end nothing changes."""
    acting = effects(("fleets", "f1", None, 1, 2, 0.5), ("fleets", "*", None, 2, 3, 0.5))
    factors = acting.by_period("fleets", pd.Index(["f1", "f2"]), [np.array([1, 2])])
    assert factors.tolist() == [[1, 0.5, 0.25, 0.5], [1, 1, 0.5, 0.5]]


def test_a_zone_means_all_in_it():
    """An effect on a zone acts on what lies in it at any depth, for roads with either end."""
    acting = effects(("roads", "east", None, 0, 0, 0))
    ends = [np.array([3, 2, 2]), np.array([2, 1, 2])]
    assert acting.by_period("roads", pd.Index(["r1", "r2", "r3"]), ends)[:, 0].tolist() == [0, 0, 1]


def test_an_id_comes_before_a_zone_of_the_same_name():
    """Where an id of the table is also a zone, the id is meant."""
    acting = effects(("places", "east", None, 0, 3, 0))
    assert acting.by_period("places", pd.Index(["east", "x"]), [np.array([2, 1])])[:, 0].tolist() == [0, 1]


def test_stock_is_lost_once():
    """An effect on stocks acts at the beginning of its start, on its commodity only."""
    acting = effects(("stocks", "p", "water", 1, 3, 0.5))
    kept = acting.kept(pd.Index(["p", "q"]), np.array([1, 1]), pd.Index(["water", "meal"]))
    assert kept[0, 0].tolist() == [1, 0.5, 1, 1]
    assert kept[0, 1].tolist() == [1, 1, 1, 1]
    assert (kept[1] == 1).all()


def test_needs_by_place_commodity_and_period():
    """An effect on needs acts on the rows of its place, commodity and periods."""
    acting = effects(("needs", "a", "water", 1, 2, 3))
    rows = pd.DataFrame(
        [("p", "water", 0), ("p", "water", 1), ("p", "meal", 1), ("q", "water", 1)],
        columns=["place", "commodity", "period"],
    )
    assert acting.by_row("needs", rows, np.array([3, 3, 3, 1])).tolist() == [1, 3, 1, 1]


def test_no_scenario_no_effects():
    """Without a scenario, and under another one, nothing changes."""
    row = ("fleets", "*", None, 0, 3, 0)
    for scenario in (None, "quake"):
        factors = effects(row, scenario=scenario).by_period("fleets", pd.Index(["f"]), [np.array([0])])
        assert (factors == 1).all()
