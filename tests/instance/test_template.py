"""The instance that `new` writes: small, commented, working."""

import pytest

from coordination.errors import WriteError
from coordination.instance import load
from coordination.instance.header import HEADER
from coordination.instance.policy import POLICY
from coordination.instance.tables import TABLES
from coordination.instance.template import write_template


def test_template_is_a_case_worth_planning(folder):
    """It loads, and there is less water than people need and less time than handing it all out takes."""
    instance = load(folder)
    need = instance.needs.groupby("commodity")["quantity"].sum()
    supply = (
        instance.stocks.groupby("commodity")["quantity"].sum()
        + instance.arrivals.groupby("commodity")["quantity"].sum()
    )
    assert supply["water"] < need["water"]
    tonnes = (need * instance.commodities.set_index("commodity")["kg"]).sum() / 1000
    hours = instance.tasks.query("domain == 'supply'")["hours"].sum() * instance.periods
    assert hours * instance.policy.handout_tonnes_per_hour < tonnes


def test_template_shows_almost_every_table(folder):
    """Every table has rows but what is observed, those that speak of a plan, and those of a preparation."""
    instance = load(folder)
    before = ["options", "purchases", "moves", "standby", "floors", "forecasts", "outlooks"]
    risky = ["rotation", "assurances", "losses"]
    empty = [name for name in TABLES if instance.tables[name].empty]
    assert set(empty) == {
        "observations",
        "pins",
        "held",
        "events",
        "indicators",
        "service_floors",
        "damage",
        "mode_rules",
        *before,
        *risky,
    }


def test_header_is_commented(folder):
    """Every key of header and policy stands in the file below its meaning."""
    text = (folder / "instance.yaml").read_text(encoding="utf-8")
    for column in [*HEADER.values(), *POLICY.values()]:
        assert f"{column.name}:" in text
        assert column.description.split(";")[0][:40] in text


def test_commented_out_keys_are_the_defaults(folder):
    """Removing the # before every policy key changes nothing."""
    path = folder / "instance.yaml"
    before = load(folder)
    lines = path.read_text(encoding="utf-8").splitlines()
    keys = tuple(f"  # {key}:" for key in POLICY)
    path.write_text("\n".join(line.replace("# ", "", 1) if line.startswith(keys) else line for line in lines) + "\n")
    assert load(folder) == before


def test_readme_explains_every_column(folder):
    """The README lists every table with its columns."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    for name, table in TABLES.items():
        section = text.split(f"### {name}\n")[1].split("###")[0]
        for column in table.columns:
            assert f"| {column} |" in section or f"| **{column}** |" in section


def test_nothing_is_overwritten(folder, tmp_path):
    """Only a folder that is not there or empty is taken."""
    with pytest.raises(WriteError, match="not empty"):
        write_template(folder)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(WriteError, match="not empty"):
        write_template(tmp_path / "file")
    (tmp_path / "empty").mkdir()
    write_template(tmp_path / "empty")
    assert load(tmp_path / "empty") == load(folder)
