"""Learning, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

import coordination as co
from coordination.cycle import adapt
from coordination.cycle.phases import turning_point
from coordination.simulation import Event, Pace, play
from tests.cycle.test_cycle import stormy


def played(truth: co.Instance, shares: float = 1.0, believed: co.Instance | None = None):
    """Play the town's storm in a truth in which the guards give a share of their hours."""
    world = truth.under("storm")
    given = pd.DataFrame(1.0, index=pd.Index(world.parties["party"]), columns=range(world.periods))
    given.loc["guards"] = shares
    known = (believed or stormy()).under("storm")
    return play(known, Event(world, given, 0), lambda state: co.plan(state, threads=1), Pace(None))


@pytest.fixture(scope="module")
def learned():
    """Learn from an event in which twice was needed and the guards gave half."""
    needs = stormy().given("needs")
    truth = stormy(needs=needs.assign(quantity=needs["quantity"] * 2))
    return adapt(stormy(), played(truth, 0.5), "storm")


def test_needs_that_always_are_twice_what_was_believed_are_learned(learned):
    """One place, days do not scatter: ln 2 shrinks by nothing, as prior² / (prior² + 0) is 1."""
    assert learned.instance.needs["quantity"].to_numpy() == pytest.approx(20.0)
    row = learned.table[learned.table["what"] == "needs"].iloc[0]
    assert row[["id", "before", "after", "seen"]].tolist() == ["ward;can", 60.0, pytest.approx(120.0), 4]


def test_promises_half_kept_in_four_periods_count_against_ten(learned):
    """(10 · 1 + 4 · 0.5) / 14."""
    assert learned.instance.parties.set_index("party")["reliability"]["guards"] == pytest.approx(12 / 14)
    assert learned.instance.parties.set_index("party")["reliability"]["helpers"] == 1.0


def test_a_scenario_that_struck_is_more_likely(learned):
    """(10 · 0.6 + 1) / 11, and the sum stays 1."""
    likely = learned.instance.scenarios.set_index("scenario")["probability"]
    assert likely["storm"] == pytest.approx(7 / 11) and likely.sum() == pytest.approx(1.0)


def test_what_went_missing_becomes_a_floor_with_a_price(learned):
    """40 lay there; the most that waited at once is added; the price is probability · 50 a unit and period."""
    (floor,) = learned.instance.floors.to_dict("records")
    assert floor["zone"] == "z" and floor["quantity"] > 40 and floor["price"] == pytest.approx(7 / 11 * 50)


def test_who_did_not_show_up_gets_somebody_to_stand_by(learned):
    """One backup more for the watch: helpers can stand by."""
    assert learned.instance.tasks["backups"].tolist() == [1]


def test_what_was_right_stays():
    """All as believed: needs, parties and roles stay; only the scenario counts."""
    same = adapt(stormy(), played(stormy()), "storm")
    assert same.instance.needs["quantity"].to_numpy() == pytest.approx(10.0)
    assert (same.instance.parties["reliability"] == 1.0).all() and same.instance.tasks["backups"].tolist() == [0]


def test_the_lowest_point_parts_the_phases():
    """The last of equal ones; the last period is left to recovery."""
    assert turning_point(np.array([1.0, 0.2, 0.2, 0.9])) == 2
    assert turning_point(np.array([1.0, 0.5])) == 0
    assert turning_point(np.array([0.5])) == 0


def test_nobody_is_asked_for_who_has_no_say_there():
    """Helpers whose jurisdiction is another street than the watch's cannot stand by: no backup is asked for."""
    zones = [{"zone": "z", "level": "city"}] + [
        {"zone": name, "level": "street", "parent": "z"} for name in ("here", "there")
    ]
    parties = stormy().given("parties").assign(zone=["z", *["there"] * (len(stormy().parties) - 1)])
    parties.loc[parties["party"] == "guards", "zone"] = "here"
    tasks = stormy().given("tasks").assign(zone="here")
    apart = {"zones": zones, "parties": parties, "tasks": tasks}
    learned = adapt(stormy(**apart), played(stormy(**apart), 0.5, stormy(**apart)), "storm")
    assert learned.instance.tasks["backups"].tolist() == [0]
