"""Population tables, and districts divided to the last person."""

import numpy as np
import pytest

from coordination.errors import CoordinationError, InstanceError
from coordination.generation.draws import Draws
from coordination.generation.population import read_population, synthetic_population
from coordination.generation.settlement import settle


def test_people_and_elderly_of_each_district_are_met_exactly(table):
    """Communities sum to the census: people, and people of 65 and over rounded to whole ones, district by district."""
    districts = read_population(table)
    homes = settle(districts, 23, Draws(5)).communities
    sums = homes.groupby("district")[["population", "elderly"]].sum()
    assert sums["population"].tolist() == [40001, 90007, 30011, 20003]
    assert sums["elderly"].tolist() == [4444, 8164, 7512, 3601]  # e.g. 40001 · 0.1111 = 4444.1
    assert (homes["elderly"] <= homes["population"]).all()
    assert len(homes) == 23


def test_a_share_of_one_is_met():
    """Where all people are 65 or over, so they are in every community."""
    districts = synthetic_population(20, Draws(1)).assign(elderly=lambda frame: frame["population"])
    homes = settle(districts, 20, Draws(1)).communities
    assert (homes["elderly"] == homes["population"]).all()


def test_a_prefix_chooses_districts(table):
    """Only districts whose code begins with the prefix are read."""
    assert read_population(table, "103")["name"].tolist() == ["South"]
    with pytest.raises(InstanceError, match="begins with 9"):
        read_population(table, "9")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("0.0907", "nine", ("row 3", "share_65_plus", "'nine'")),
        ("0.0907", "1.2", ("row 3", "share_65_plus", "between 0 and 1")),
        ("90007", "90007.5", ("row 3", "population", "whole number")),
        ("90007", "-1", ("row 3", "population", "'-1'")),
        ("90007", "nan", ("row 3", "population")),
        ("47.38", "147", ("row 3", "lat")),
        ("102,", "101,", ("row 3", "code", "of its own")),
        (",area_km2", ",area", ("area_km2",)),
        ("50\n", "\n", ("row 5", "area_km2", "nothing")),
    ],
)
def test_bad_tables_are_named_by_row_and_column(table, old, new, words):
    """A wrong cell of a population table is an error that names row, column and value."""
    table.write_text(table.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InstanceError) as error:
        read_population(table)
    assert all(word in str(error.value) for word in words)


def test_all_problems_come_at_once(table):
    """A table with two wrong cells names both."""
    text = table.read_text(encoding="utf-8").replace("0.0907", "x").replace("47.30", "y")
    table.write_text(text, encoding="utf-8")
    with pytest.raises(InstanceError) as error:
        read_population(table)
    assert len(error.value.problems) == 2


def test_missing_and_empty_files_are_refused(tmp_path):
    """A file that is not there, is empty or no UTF-8 is an error of ours."""
    empty, binary = tmp_path / "empty.csv", tmp_path / "binary.csv"
    empty.write_text("")
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none.csv", empty, binary):
        with pytest.raises(InstanceError, match=path.name):
            read_population(path)


def test_fewer_communities_than_districts_are_refused(table):
    """Every district needs at least one community."""
    with pytest.raises(CoordinationError, match="3 communities for 4 districts"):
        settle(read_population(table), 3, Draws(1))


def test_synthetic_people_are_five_thousand_a_community():
    """A made-up city has 5,000 people for every community, in districts of which none is empty."""
    districts = synthetic_population(300, Draws(2))
    assert districts["population"].sum() == 1_500_000
    assert (districts["population"] > 0).all()
    assert np.isfinite(districts[["lon", "lat", "area_km2"]].to_numpy()).all()
