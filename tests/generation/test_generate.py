"""The front of the generator."""

import time

import numpy as np
import pytest

from coordination.errors import CoordinationError
from coordination.generation import generate
from coordination.generation.catalogue import GOODS


def test_same_seed_same_instance_other_seed_another(table):
    """The seed decides the instance, and nothing else does."""
    options = {"population": table, "communities": 9, "periods": 4}
    first, again, other = (generate(seed=seed, **options) for seed in (3, 3, 4))
    assert first.sha256 == again.sha256
    assert first.sha256 != other.sha256


def test_census_is_met_in_the_table_of_places(table):
    """Population and vulnerable share of the places give back people and elderly of the district, exactly."""
    places = generate(population=table, communities=21, periods=2, commodities=1).places
    homes = places[places["kind"] == "community"]
    code = homes["place"].str[1:4]
    people = homes.groupby(code)["population"].sum()
    old = np.round(homes["population"] * homes["vulnerable"]).groupby(code).sum()
    assert people.to_dict() == {"101": 40001, "102": 90007, "103": 30011, "104": 20003}
    assert old.to_dict() == {"101": 4444, "102": 8164, "103": 7512, "104": 3601}


@pytest.mark.parametrize("shortage", [0.0, 0.2])
def test_supply_is_short_by_the_asked_share(shortage):
    """Stocks and arrivals are the need times 1 − shortage·scarcity, to the last unit rounded down."""
    instance = generate(communities=30, shortage=shortage, commodities=10)
    need = instance.needs.groupby("commodity")["quantity"].sum()
    supply = (
        instance.stocks.groupby("commodity")["quantity"].sum()
        .add(instance.arrivals.groupby("commodity")["quantity"].sum(), fill_value=0)
    )  # fmt: skip
    for good in GOODS:
        expected = need[good.commodity] * (1 - shortage * good.scarcity)
        assert expected - 1 <= supply[good.commodity] <= expected


def test_all_kinds_levels_and_domains_are_there(table):
    """A generated city has every kind of party, every level up to its root, and tasks of all four domains."""
    instance = generate(population=table, communities=30)
    assert instance.parties["kind"].nunique() == 12
    assert set(instance.zones["level"]) == {"community", "street", "district", "city"}
    assert set(instance.tasks["domain"]) == {"safety", "convenience", "governance", "supply"}
    assert set(instance.needs["group"]) == {"general", "vulnerable"}
    assert len(instance.commodities) == 8


def test_every_task_has_somebody_who_can_do_it():
    """For each task some party has the skill, in a jurisdiction that contains the task's zone or lies within it."""
    instance = generate(communities=40)
    parent = dict(zip(instance.zones["zone"], instance.zones["parent"], strict=True))

    def above(zone):
        while isinstance(zone, str):
            yield zone
            zone = parent[zone]

    able = instance.skills.merge(instance.parties[["party", "zone"]], on="party")
    for task in instance.tasks.itertuples():
        zones = able.loc[able["skill"] == task.skill, "zone"]
        assert any(zone in set(above(task.zone)) or task.zone in set(above(zone)) for zone in zones), task.task


def test_codes_of_several_prefectures_give_a_metropolis(table):
    """Six-digit codes are divided by their first four digits: several cities under one metropolitan area."""
    text = table.read_text(encoding="utf-8")
    for old, new in (("101,", "110101,"), ("102,", "110102,"), ("103,", "120101,"), ("104,", "120102,")):
        text = text.replace(old, new)
    table.write_text(text, encoding="utf-8")
    zones = generate(population=table, communities=8, periods=2, commodities=1).zones
    assert zones.loc[zones["level"] == "metro", "zone"].tolist() == ["zmetro"]
    assert zones.loc[zones["level"] == "city", "zone"].tolist() == ["z1101", "z1201"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "Nothing to generate from"),
        ({"population": "a.csv", "network": "b"}, "expected one of them"),
        ({"network": "b", "communities": 3}, "expected one of them"),
        ({"communities": 3, "prefix": "61"}, "without a population table"),
        ({"communities": 3, "road_tonnes": 1.0}, "without a network"),
        ({"network": "b", "road_tonnes": 0.0}, "above 0"),
        ({"communities": 0}, "communities: found 0"),
        ({"communities": 3, "commodities": 11}, "commodities: found 11; expected 1 to 10"),
        ({"communities": 3, "shortage": 1.5}, "shortage: found 1.5"),
        ({"communities": 3, "shortage": float("nan")}, "shortage: found nan"),
        ({"communities": 3, "periods": 0}, "periods: found 0"),
        ({"communities": 3, "seed": -1}, "seed: found -1"),
    ],
)
def test_options_that_do_not_fit_are_refused(options, words):
    """An option out of range, or of another source, is an error that says what was expected."""
    with pytest.raises(CoordinationError, match=words):
        generate(**options)


@pytest.mark.parametrize(
    "options", [{"periods": 1}, {"period_hours": 24.0, "periods": 5}, {"period_hours": 6.0, "shortage": 1.0}]
)
def test_odd_horizons_work(options):
    """One period, whole days, quarter days and no supply at all make valid instances too."""
    assert len(generate(communities=12, **options).needs)


@pytest.mark.thorough
def test_three_thousand_communities():
    """The generator reaches 3,000 communities, 10 commodities and 14 periods; its seconds are shown, not judged."""
    start = time.perf_counter()
    instance = generate(communities=3_000, commodities=10, periods=14)
    print(f"3,000 communities generated in {time.perf_counter() - start:.1f} s: {len(instance.needs):,} needs")
    assert (instance.places["kind"] == "community").sum() == 3_000
    assert len(instance.commodities) == 10


def test_more_tasks_and_parties_where_asked_for():
    """So many tasks and parties at least; those that every city has stay as they are, somebody can do the others."""
    plain, more = generate(communities=20), generate(communities=20, tasks=400, parties=150)
    assert (len(more.tasks), len(more.parties)) == (400, 150)
    assert set(plain.tasks["task"]) < set(more.tasks["task"])
    assert set(plain.parties["party"]) < set(more.parties["party"])
    assert more.needs.equals(plain.needs)
    further = more.tasks[~more.tasks["task"].isin(plain.tasks["task"])]
    assert set(further["skill"]) <= set(more.skills["skill"])
    assert (further["end"] < more.periods).all()
    assert generate(communities=20, tasks=1, parties=1).sha256 == plain.sha256
