"""The shipped instances: they load without a problem, say where they come from, and can be remade."""

import itertools
import re
import runpy
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coordination.generation import generate
from coordination.instance import load
from coordination.instance.vocabulary import MODES
from coordination.world import World

ROOT = Path(__file__).parents[1]
INSTANCES = sorted(path.parent for path in (ROOT / "instances").glob("*/instance.yaml"))
LACKING = {"neighbourhood": 1, "xian": 9}
"""Tasks that ask for a kind of party of which none has a say there."""
XIAN = ROOT / "instances" / "xian"


@pytest.mark.parametrize("folder", INSTANCES, ids=lambda folder: folder.name)
def test_instances_load_and_say_where_they_come_from(folder):
    """Every shipped instance is valid, names its source, and has a README with origin, licence and a value."""
    instance = load(folder)
    assert instance.name == folder.name
    assert instance.source
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for heading in ("## Origin", "## Licence", "## How it is remade", "## Best known value"):
        assert heading in readme


@pytest.mark.parametrize("folder", INSTANCES, ids=lambda folder: folder.name)
def test_instances_have_nothing_that_check_would_doubt(folder):
    """Findings of shipped instances are the defaults that acted, and tasks whose quarter lacks a kind asked for."""
    other = [finding for finding in load(folder).findings if finding.kind != "defaults"]
    assert {finding.kind for finding in other} <= {"kind"}
    told = [int(found) for finding in other for found in re.findall(r"take part in (\d+) task", str(finding))]
    assert sum(told) == LACKING.get(folder.name, 0)


def command(readme: Path) -> dict[str, str]:
    """Options of the generate command that a README shows."""
    text = readme.read_text(encoding="utf-8").replace("\\\n", " ")
    line = re.search(r"^\s*coordination generate (.*)$", text, flags=re.MULTILINE)
    assert line, readme
    words = shlex.split(line.group(1))
    return {name.removeprefix("--"): value for name, value in zip(words[::2], words[1::2], strict=True)}


def test_xian_is_remade_by_its_command_to_the_byte(tmp_path):
    """The command in xian's README gives the shipped folder again, byte by byte."""
    options = command(XIAN / "README.md")
    assert options.pop("out") == "instances/xian"
    generate(
        population=ROOT / options.pop("population"),
        prefix=options.pop("prefix"),
        communities=int(options.pop("communities")),
        seed=int(options.pop("seed")),
        shortage=float(options.pop("shortage")),
        **options,
    ).save(tmp_path / "xian")
    made = {path.name: path.read_bytes() for path in (tmp_path / "xian").iterdir()}
    shipped = {path.name: path.read_bytes() for path in XIAN.iterdir() if path.name != "README.md"}
    assert made.keys() == shipped.keys()
    assert [name for name in made if made[name] != shipped[name]] == []


def test_xian_is_the_city_of_the_census():
    """Xi'an has the people and the people of 65 and over of its 13 districts in the census, exactly."""
    census = pd.read_csv(ROOT / "instances" / "populations" / "shaanxi.csv", dtype={"code": str}).set_index("code")
    census = census[census.index.str.startswith("6101")]
    homes = load(XIAN).places.query("kind == 'community'")
    district = homes["place"].str[1:7]
    people = homes.groupby(district)["population"].sum()
    old = np.round(homes["population"] * homes["vulnerable"]).groupby(district).sum()
    assert people.sum() == 12_183_280
    assert people.to_dict() == census["population"].to_dict()
    expected = np.floor(census["population"] * census["share_65_plus"] + 0.5)
    assert old.to_dict() == expected.to_dict()


def test_xian_is_as_large_as_promised():
    """At least 180 communities, 8 commodities, 14 periods of 12 hours, parties at every level, several shortages."""
    instance = load(XIAN)
    assert (instance.places["kind"] == "community").sum() >= 180
    assert (len(instance.commodities), instance.periods, instance.period_hours) == (8, 14, 12)
    levels = instance.parties.merge(instance.zones, on="zone")["level"]
    assert set(levels) == {"community", "street", "district", "city"}
    supply = pd.concat([instance.stocks, instance.arrivals]).groupby("commodity")["quantity"].sum()
    need = instance.needs.groupby("commodity")["quantity"].sum()
    assert (supply / need < 0.95).sum() >= 3


def test_neighbourhood_shows_what_it_is_there_for():
    """One quarter with the three carriages, the linkage, a hospital, two suppliers, a narrow bridge, all domains."""
    instance = load(ROOT / "instances" / "neighbourhood")
    kinds = set(instance.parties["kind"])
    assert {"core", "residents_committee", "owners_committee", "property_company"} <= kinds
    assert {"social_organisation", "social_workers", "volunteers", "hospital"} <= kinds
    assert (instance.parties["kind"] == "supplier").sum() == 2
    assert instance.roads["capacity_tonnes"].notna().sum() == 1
    assert set(instance.tasks["domain"]) == {"safety", "convenience", "governance", "supply"}
    assert set(instance.needs["group"]) == {"general", "vulnerable"}
    assert instance.tasks["kinds"].notna().any()
    assert instance.commodities["shelf_life"].notna().any()


def test_quarantine_is_remade_by_its_script_to_the_byte(tmp_path):
    """The script in quarantine's folder gives the shipped tables again, byte by byte."""
    folder = ROOT / "instances" / "quarantine"
    script = runpy.run_path(str(folder / "remake.py"))
    script["instance"]().save(tmp_path / "quarantine")
    made = {path.name: path.read_bytes() for path in (tmp_path / "quarantine").iterdir()}
    shipped = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".csv", ".yaml")}
    assert made == shipped


def test_flood_is_remade_by_its_script_to_the_byte(tmp_path):
    """The script in flood's folder gives the shipped tables again, byte by byte."""
    folder = ROOT / "instances" / "flood"
    runpy.run_path(str(folder / "remake.py"))["instance"]().save(tmp_path / "flood")
    made = {path.name: path.read_bytes() for path in (tmp_path / "flood").iterdir()}
    shipped = {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in ("README.md", "remake.py")}
    assert made == shipped


def test_quarantine_is_staged():
    """The hardest-hit district goes from normal to parallel, emergency, parallel and normal; seven stay as they are."""
    instance = load(ROOT / "instances" / "quarantine")
    modes = dict(zip(instance.zones["zone"], World.of(instance).modes.tolist(), strict=True))
    stages = [MODES[mode] for mode, _ in itertools.groupby(modes["610113"])]
    assert stages == ["normal", "parallel", "emergency", "parallel", "normal"]
    assert sum(set(course) == {MODES.index("normal")} for zone, course in modes.items() if zone != "6101") == 7
