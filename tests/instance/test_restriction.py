"""Whose things are, and the instance of some parties alone."""

import pytest

from coordination.errors import UsageError
from coordination.instance.whose import Whose
from tests.support.random_instances import random_instance
from tests.support.thorough import often
from tests.support.tiny import ROAD, TRUCK, need, stock, tiny

PARTIES = [
    {"party": "core", "kind": "core", "zone": "city"},
    {"party": "office", "kind": "agency", "zone": "city", "superior": "core"},
    {"party": "people", "kind": "residents_committee", "zone": "east", "superior": "office"},
    {"party": "carrier", "kind": "enterprise", "zone": "city", "superior": "core", "hours": 8},
]
TASKS = [
    {"task": "give", "domain": "supply", "zone": "east", "skill": "hands", "hours": 4, "doers": 2},
    {"task": "watch", "domain": "safety", "zone": "west", "skill": "eyes", "hours": 4},
    {"task": "own", "domain": "safety", "zone": "city", "skill": "eyes", "hours": 4, "party": "carrier"},
]


def town():
    """Return a small town with an agency, people and a carrier."""
    return tiny(
        parties=PARTIES, tasks=TASKS, needs=[need(10), need(5, place="depot", party="carrier")],
        stocks=[stock(3), stock(4, owner="carrier")], fleets=[{**TRUCK, "party": "carrier"}],
        roads=[{**ROAD, "capacity_tonnes": 1, "owner": "carrier"}],
        skills=[{"party": "people", "skill": "hands", "hours": 3}],
    )  # fmt: skip


def test_whose():
    """Needs, tasks, places and roads belong to whom the contract says."""
    whose = Whose(town())
    assert whose.needs.tolist() == ["people", "carrier"]
    assert whose.tasks.tolist() == ["people", "office", "carrier"]
    assert set(whose.places) == {"core"}
    assert whose.roads.tolist() == ["carrier"]
    assert whose.authority(["east", "west"]) == "office"


def test_restrict_keeps_what_is_theirs():
    """Only own rows stay; others' capacities are 0, their supply task has no hours where own needs are."""
    people = town().restrict("people")
    assert people.needs["quantity"].tolist() == [10.0]
    assert people.stocks.empty and people.fleets.empty
    assert people.tasks["task"].tolist() == ["give"]
    assert people.roads["capacity_tonnes"].tolist() == [0.0]
    assert people.parties.set_index("party")["hours"].isna().all()
    carrier = town().restrict("carrier")
    assert carrier.stocks["quantity"].tolist() == [4.0] and carrier.roads["capacity_tonnes"].tolist() == [1.0]
    east = town().replace(needs=[need(1, party="carrier")]).restrict("carrier")
    assert dict(zip(east.tasks["task"], east.tasks["hours"], strict=True)) == {"give": 0.0, "own": 4.0}


def test_restrict_reads_nothing_else():
    """A party's instance is the same whatever the others' stocks, needs, fleets and hours are."""
    town_ = town()
    other = town_.replace(
        stocks=[stock(99), stock(4, owner="carrier")],
        skills=[{"party": "people", "skill": "hands", "hours": 1}],
        needs=[need(77), need(5, place="depot", party="carrier")],
    )
    assert town_.restrict("carrier") == other.restrict("carrier")
    assert town_.restrict("people") != other.restrict("people")


def test_everybody_and_nobody():
    """All parties together are the instance itself; nobody, or somebody unknown, is refused."""
    instance = town()
    assert instance.restrict(*instance.parties["party"]) == instance
    with pytest.raises(UsageError, match="at least one"):
        instance.restrict()
    with pytest.raises(UsageError, match="'peopel' is unknown"):
        instance.restrict("peopel")


@pytest.mark.parametrize("seed", [*range(3), *often(3, 6)])
def test_parts_make_the_whole(seed):
    """What single parties have sums up to what there is, on random instances."""
    instance = random_instance(seed)
    parts = [instance.restrict(party) for party in instance.parties["party"]]
    for table in ("stocks", "arrivals", "needs", "backlogs"):
        total = sum(part.tables[table]["quantity"].sum() for part in parts)
        assert total == pytest.approx(instance.tables[table]["quantity"].sum())
    assert sum(len(part.fleets) for part in parts) == len(instance.fleets)
    assert sum(len(part.skills) for part in parts) == len(instance.skills)
