"""What a party does and what depends on it: numbers against the independent model, words against the plan's tables."""

from functools import cache

import pytest

import coordination as co
from coordination.errors import UsageError
from tests.explanation.town import TABLES, rows, town
from tests.support.oracle import oracle

OWN_TRUCK = {"fleets": [{**TABLES["fleets"][0], "party": "b"}]}


@cache
def planned() -> co.Plan:
    """Return the plan of the town in which the agency has the truck."""
    return co.plan(town(**OWN_TRUCK), gap=0)


@cache
def explained(party: str) -> co.Explanation:
    """Return what a party of the town does."""
    return co.explain(planned(), party=party, gap=0)


def away(party: str):
    """Return the town without a party: it has no hours, no trucks, no roles."""
    roles = ["responsible", "backup"] if party == "core" else ["accountable", "responsible", "backup"]
    bars = [{"domain": d, "party": party, "role": r, "rule": "must_not"} for d in ("safety", "supply") for r in roles]
    fleets = [{**row, "vehicles": 0} if row["party"] == party else row for row in OWN_TRUCK["fleets"]]
    return town(skills=[row for row in TABLES["skills"] if row["party"] != party], fleets=fleets, mandates=bars)


@pytest.mark.parametrize("party", ["a", "b", "c", "core"])
def test_who_does_not_show_up_costs_the_difference_of_optima(party):
    """The best plan of those left, by the independent model, costs so much more."""
    finding = next(finding for finding in explained(party).findings if finding.what == "absent")
    true = oracle(away(party)).objective - oracle(town(**OWN_TRUCK)).objective
    assert finding.cost == pytest.approx(true, abs=1e-5)
    assert finding.least - 1e-5 <= true <= finding.most + 1e-5


@pytest.mark.parametrize("party", ["a", "b", "c"])
def test_one_more_hour_saves_the_difference_of_optima(party):
    """So does one more hour of it."""
    finding = next(finding for finding in explained(party).findings if finding.what == "hours")
    hours = next(row["hours"] for row in TABLES["skills"] if row["party"] == party) + 1
    more = town(**OWN_TRUCK, skills=rows("skills", {"party": party}, hours=hours))
    assert finding.cost == pytest.approx(oracle(more).objective - oracle(town(**OWN_TRUCK)).objective, abs=1e-5)


def test_roles_load_and_what_breaks_are_told():
    """The agency answers for and does the task in the west with all its hours; without its truck nothing comes."""
    lines = explained("b").lines
    assert "Bees (b): accountable for still; does still." in lines
    assert "  care: 4 of 4 h taken over all periods, full in periods 0-1." in lines
    assert "Its fleets bring 2.5 t in 2 shipments." in lines
    assert "  need met: 83.3 % now, 0 % then." in lines
    assert "  still: 4 h less covered." in lines
    assert "  still: core answers for it then." in lines


def test_hours_in_normal_mode_are_the_everyday_ones():
    """Where everything is everyday, load stands beside everyday hours; more in an emergency are not counted."""
    skills = rows("skills", {"party": "b"}, emergency_hours=50)
    plan = co.plan(town({"mode": "normal"}, skills=skills), gap=0)
    assert any("care: 4 of 4 h taken" in line for line in co.explain(plan, party="b", gap=0).lines)


def test_a_party_without_hours_is_told_so():
    """The core has no skill here; orders that name who does not show up lapse."""
    assert "It has no hours of any skill." in explained("core").lines
    order = [{"task": "watch", "party": "a", "role": "responsible", "rule": "must"}]
    finding = co.explain(co.plan(town(mandates=order), gap=0), party="a", gap=0).findings[-1]
    assert (finding.what, finding.why) == ("absent", "")
    assert finding.cost > 0


def test_unknown_party_names_the_nearest():
    """The message names what was probably meant."""
    with pytest.raises(UsageError, match="Did you mean 'core'"):
        co.explain(planned(), party="cor")
