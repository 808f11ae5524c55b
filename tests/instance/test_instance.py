"""The instance as an object: attributes, scenarios, changes, fingerprint."""

import copy
import dataclasses
import pickle

import numpy as np
import pandas as pd
import pytest

import coordination
from coordination.errors import InstanceError, UsageError
from coordination.instance import Instance, load
from coordination.instance.policy import Policy
from coordination.instance.rows import Road
from coordination.instance.tables import TABLES
from tests.instance.conftest import HEADER, tiny_tables


@pytest.fixture
def tiny():
    """Build the smallest instance that has a need, a fleet and a task."""
    return Instance.from_tables(HEADER, tiny_tables())


def test_every_table_is_there_with_its_columns(tiny):
    """Every table of the contract is present with all columns in order and the declared dtypes, empty or not."""
    assert list(tiny.tables) == list(TABLES)
    for name, table in TABLES.items():
        frame = tiny.tables[name]
        assert list(frame.columns) == list(table.columns)
        assert {column: str(dtype) for column, dtype in frame.dtypes.items()} == {
            column.name: column.dtype for column in table.columns.values()
        }
        assert isinstance(frame.index, pd.RangeIndex)


def test_defaults_are_filled(tiny):
    """Absent cells have the values of the contract."""
    assert tiny.needs["group"].tolist() == ["general"]
    assert tiny.roads["both_ways"].tolist() == [True]
    assert tiny.fleets[["cost_per_km", "loading_minutes", "speed", "loads_at"]].iloc[0].tolist() == [0, 0, 1, "d"]
    assert tiny.tasks[["start", "end", "doers", "backups"]].iloc[0].tolist() == [0, 3, 1, 0]
    assert tiny.tasks["gap_cost"].tolist() == [0, 200]
    assert tiny.parties["emergency_hours"].iloc[1] == 4
    assert np.isnan(tiny.parties["emergency_hours"].iloc[0])
    assert tiny.skills[["emergency_hours", "cost_per_hour"]].iloc[0].tolist() == [3, 0]
    assert tiny.commodities["carry_over"].tolist() == [1]
    assert tiny.commodities[["shelf_life", "cost_lapsed"]].isna().all(axis=None)
    assert tiny.places[["storage_tonnes", "lon", "lat", "owner"]].isna().all(axis=None)
    assert tiny.stocks["expires"].isna().all()
    assert tiny.zones["parent"].isna().tolist() == [True, False]
    assert (tiny.title, tiny.currency, tiny.source, tiny.scenario) == ("tiny", "money", "", None)


def test_empty_emergency_hours_follow_the_effects_defaults(folder):
    """Windows of effects left open run over the horizon, where nothing is said they act on all."""
    effects = [{"scenario": "flood", "table": "fleets", "factor": 0.5}]
    effects_frame = load(folder).replace(effects=effects).effects
    assert effects_frame[["where", "start", "end"]].iloc[0].tolist() == ["*", 0, 3]


def test_tables_are_attributes_that_cannot_harm_the_instance(tiny):
    """Writing into a frame that was handed out changes that frame alone."""
    before = tiny.sha256
    frame = tiny.needs
    frame.loc[0, "quantity"] = 99.0
    frame["extra"] = 1
    del tiny.tables["needs"]["quantity"]
    assert tiny.needs["quantity"].tolist() == [5.5]
    assert dataclasses.replace(tiny).sha256 == before
    assert "needs" in dir(tiny)


def test_instance_is_frozen(tiny):
    """Attributes cannot be set."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        tiny.scenario = "x"


def test_unknown_attribute_names_the_nearest(tiny):
    """A misspelt table is told its name."""
    with pytest.raises(AttributeError, match="Did you mean 'needs'"):
        _ = tiny.need


def test_rows_are_typed(tiny):
    """Rows come as records with the declared types."""
    assert list(tiny.rows("roads")) == [
        Road.model_validate({"road": "r", "from": "d", "to": "p", "km": 1.0, "minutes": 2.0})
    ]
    assert [row.end for row in tiny.rows("tasks")] == [3, 3]


def test_scenario(folder):
    """A scenario can be made active and inactive; an unknown one is refused with the nearest name."""
    instance = load(folder)
    flooded = instance.under("flood")
    assert (instance.scenario, flooded.scenario, flooded.under(None).scenario) == (None, "flood", None)
    assert flooded != instance
    assert flooded.sha256 == instance.sha256
    assert flooded.replace(title="x").scenario == "flood"
    with pytest.raises(InstanceError, match="Did you mean 'flood'"):
        instance.under("flod")


def test_replace_fills_anew(tiny):
    """Cells that the policy or the horizon filled follow when these change; given cells stay."""
    given = tiny.replace(
        tasks=[*tiny_tables()["tasks"], tiny_tables()["tasks"][1] | {"task": "w", "gap_cost": 9, "end": 1}]
    )
    changed = given.replace(periods=7, policy={"gap_cost": 50})
    assert changed.tasks["end"].tolist() == [6, 6, 1]
    assert changed.tasks["gap_cost"].tolist() == [0, 50, 9]
    assert changed.replace(policy=Policy(level_cost=3)).tasks["gap_cost"].tolist() == [0, 200, 9]
    assert tiny.replace(fleets=tiny.given("fleets").assign(base="p")).fleets["loads_at"].tolist() == ["p"]
    assert tiny.replace() == tiny


def test_replace_validates(tiny):
    """A change that breaks a rule, or an unknown key, is refused."""
    with pytest.raises(InstanceError, match="column period: found 1"):
        tiny.replace(periods=1)
    with pytest.raises(InstanceError, match="Did you mean 'needs'"):
        tiny.replace(need=[])


def test_order_of_rows_and_columns_does_not_matter_to_the_fingerprint(folder):
    """Shuffled rows and columns are the same content; they are kept in the order given."""
    instance = load(folder)
    shuffled = {
        name: instance.given(name).sample(frac=1, random_state=1).sample(frac=1, axis=1, random_state=2)
        for name in instance.tables
    }
    again = Instance.from_tables(instance.given_header(), shuffled)
    assert again == instance
    assert again.needs["period"].tolist() == shuffled["needs"]["period"].tolist()


def test_defaults_count_as_given(tiny):
    """Writing a default out is no change of content."""
    full = {name: list(tiny.rows(name)) for name in tiny.tables}
    header = HEADER | {"title": "tiny", "currency": "money", "policy": {"gap_cost": 200, "span": None}}
    assert Instance.from_tables(header, full).sha256 == tiny.sha256


def test_any_change_of_content_changes_the_fingerprint(folder):
    """Each single cell, row and key counts."""
    instance = load(folder)
    prints = {instance.sha256}
    changes = 0
    for name, table in TABLES.items():
        frame = instance.given(name)
        if frame.empty:
            continue
        for column in table.columns.values():
            if column.kind.writing in ("number",) and column.name not in ("probability", "cost_per_unit"):
                other = frame.copy()
                old = other[column.name].iloc[0]
                other.loc[0, column.name] = 0.25 if np.isnan(old) else float(np.nextafter(old, 0.75))
                prints.add(instance.replace(**{name: other}).sha256)
                changes += 1
        if name in ("arrivals", "needs", "stocks", "effects", "interests"):
            prints.add(instance.replace(**{name: frame.iloc[1:]}).sha256)
            changes += 1
    for key, value in {"name": "x", "title": "x", "start": "2022-01-02", "period_hours": 6, "source": "x",
                       "currency": "x", "policy": {"level_cost": 1}}.items():  # fmt: skip
        prints.add(instance.replace(**{key: value}).sha256)
        changes += 1
    assert len(prints) == changes + 1


def test_values_that_move_between_rows_change_the_fingerprint(tiny):
    """Two rows that swap a value are another content, though each column holds the same values."""
    rows = [{"place": "p", "commodity": "water", "period": t, "quantity": t + 1} for t in range(2)]
    swapped = [{**row, "quantity": 2 - row["period"]} for row in rows]
    assert tiny.replace(needs=rows).sha256 != tiny.replace(needs=swapped).sha256


def test_copies_and_pickles_are_equal(tiny):
    """An instance can go to another process and back."""
    assert pickle.loads(pickle.dumps(tiny)) == tiny
    assert copy.deepcopy(tiny) == tiny
    assert len({tiny, pickle.loads(pickle.dumps(tiny))}) == 1
    assert tiny != 3


def test_instance_prints_as_a_tree_of_counts(folder):
    """The printed form names calendar and counts, by kind where there are kinds."""
    text = str(load(folder))
    assert text.splitlines()[0] == "Two communities and a depot: 4 periods of 12 h from 2022-01-01 06:00"
    assert "├── places 4 (community 2, depot 1, junction 1)" in text
    assert text.splitlines()[-1].startswith("└──")
    assert "two-communities" in repr(load(folder))


@pytest.mark.parametrize("ask", [coordination.plan, coordination.dispatch, coordination.prepare])
def test_a_path_given_for_an_instance_is_told_so(ask):
    """What is no instance is refused with how to read one."""
    with pytest.raises(UsageError, match=r"co\.load\('a/city'\)"):
        ask("a/city")
