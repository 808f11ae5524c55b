"""The cycle on the smallest town: phases add up, an interruption loses nothing, bad input is named."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

import coordination as co
from coordination.cli import cli
from coordination.cli.cycling import steps_of
from coordination.cycle import Told
from coordination.errors import InstanceError, UsageError
from tests.replanning.town import HEADER, event, town

STORM = [
    {"scenario": "storm", "hazard": "flood", "probability": 0.6},
    {"scenario": "calm", "hazard": "none", "probability": 0.4},
]
EFFECTS = [
    {"scenario": "storm", "table": "needs", "where": "*", "factor": 1.5},
    {"scenario": "calm", "table": "needs", "where": "*", "factor": 0.8},
]
BOUGHT = [{"place": "depot", "commodity": "can", "owner": "core", "unit_money": 5, "max": 50}]
HALL = [
    {"place": "ward", "service": "school", "everyday_value": 1, "emergency_use": "storage", "emergency_capacity": 5},
]
NEWS = event("arrivals", "add", "place=depot;commodity=can;period=2;owner=core", "quantity", "20")


def stormy(**changed: Any) -> co.Instance:
    """Return the town with two scenarios and something to buy."""
    tables = {name: town().given(name) for name in town().tables}
    return co.Instance.from_tables(
        HEADER, tables | {"scenarios": STORM, "effects": EFFECTS, "purchases": BOUGHT} | changed
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return the town as a folder."""
    path = tmp_path_factory.mktemp("cycle") / "town"
    stormy().save(path)
    return path


@pytest.fixture(scope="module")
def cycle(tmp_path_factory) -> tuple[co.Cycle, Path]:
    """Play it, interrupted after the first step, then again to the end; return it and where it is written."""
    out = tmp_path_factory.mktemp("cycle") / "out"
    kept = steps_of(out)

    def stop(told: Told) -> None:
        if told.step is not None:
            raise KeyboardInterrupt

    options: dict[str, Any] = {"every": 2, "threads": 1, "scenario": "storm", "keep": kept}
    with pytest.raises(KeyboardInterrupt):
        co.run_cycle(stormy(), events=pd.DataFrame([NEWS]), on_progress=stop, **options)
    seen = list[Told]()
    made = co.run_cycle(stormy(), events=pd.DataFrame([NEWS]), on_progress=seen.append, **options)
    assert [told.step.start for told in seen if told.stage == "playing" and told.step is not None] == [0, 2]
    made.save(out, steps=kept)
    return made, out


def test_the_phases_add_up_to_the_event(cycle):
    """Resist and recover cost what was carried out; the curve's lowest point parts them; money is what was spent."""
    made, _ = cycle
    phases = made.phases.set_index("phase")
    assert phases.loc[["resist", "recover"], "cost"].sum() == pytest.approx(made.played.objective)
    assert phases["start"]["resist"] == 0 and phases["end"]["recover"] == 3
    assert phases["start"]["recover"] == phases["end"]["resist"] + 1
    assert phases["cost"]["prepare"] == pytest.approx(made.preparation.figures["money"])
    city = made.curve[made.curve["zone"] == "z"]["function"]
    assert phases["lowest"].min() == pytest.approx(city.min())


def test_what_came_of_it_is_a_plan_of_the_truth(cycle):
    """Roads, vehicles, figures hold; what news brings is true from its period on, so not in the truth at first."""
    made, _ = cycle
    rules = {violation.rule for violation in co.verify(made.played).violations}
    assert rules <= {"inventory", "doers"}


def test_the_folder_holds_everything(cycle):
    """Tables, instances, plan, steps; the next instance reads back as it was learned."""
    made, out = cycle
    names = {path.name for path in out.iterdir()}
    assert {"phases.csv", "curve.csv", "learned.csv", "news.csv", "steps", "played", "truth", "preparation"} <= names
    assert co.load(out / "next") == made.following
    assert co.Plan.load(out / "played") == made.played
    header = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert header["kind"] == "cycle" and header["words"] == made.words
    assert pd.read_csv(out / "news.csv")["news"].str.contains("add arrivals").tolist() == [True]


def test_verification_takes_a_cycle(cycle):
    """All that adds up does; a phase made cheaper does not."""
    _, out = cycle
    assert co.verify(out).ok, str(co.verify(out))
    told = (out / "phases.csv").read_text(encoding="utf-8")
    rows = pd.read_csv(out / "phases.csv")
    rows.loc[rows["phase"] == "recover", "cost"] *= 0.5
    rows.to_csv(out / "phases.csv", index=False)
    assert {violation.rule for violation in co.verify(out).violations} == {"phases"}
    (out / "phases.csv").write_text(told, encoding="utf-8")


def test_the_same_seed_gives_the_same_cycle(cycle):
    """Interrupted or not."""
    made, _ = cycle
    again = co.run_cycle(stormy(), events=pd.DataFrame([NEWS]), every=2, threads=1, scenario="storm")
    assert again.played.service.equals(made.played.service)
    assert again.learned.equals(made.learned) and again.following == made.following


def test_steps_of_another_run_are_refused(cycle):
    """Rather than taken up."""
    _, out = cycle
    with pytest.raises(UsageError, match="another run"):
        co.run_cycle(stormy(), every=1, threads=1, scenario="storm", keep=out / "steps")


@pytest.mark.parametrize(
    ("wrong", "error", "named"),
    [
        ({"every": 0}, UsageError, "every: found 0"),
        ({"scenario": "strom"}, InstanceError, "storm"),
        ({"events": pd.DataFrame([NEWS | {"table": "arivals"}])}, InstanceError, "arrivals"),
        ({"events": pd.DataFrame([NEWS | {"where": "place=dept;commodity=can;period=2"}])}, InstanceError, "dept"),
        ({"instance": "hall"}, UsageError, r"facilities \(1 row\)"),
        ({"truth": "shorter"}, UsageError, "periods"),
        ({"truth": "other"}, UsageError, "parties, row 5"),
    ],
)
def test_what_is_wrong_is_named(wrong, error, named, tmp_path):
    """And nothing is kept."""
    truths = {
        "shorter": lambda: stormy().replace(periods=3, needs=stormy().given("needs").query("period < 3")),
        "other": lambda: stormy(
            parties=stormy().given("parties").iloc[:3], skills=stormy().given("skills").query("party == 'guards'")
        ),
    }
    options = wrong | ({"truth": truths[wrong["truth"]]()} if "truth" in wrong else {})
    instance = stormy(facilities=HALL) if options.pop("instance", None) else stormy()
    with pytest.raises(error, match=named):
        co.run_cycle(instance, threads=1, keep=tmp_path / "kept", **options)
    assert not (tmp_path / "kept").exists()


def test_a_broken_events_file_changes_nothing(folder, tmp_path):
    """The command names row and column, writes nothing, and what stood there stands."""
    (tmp_path / "news.csv").write_text("period,table,action,where,column,value\n1,needs,chnge,place=ward,quantity,3\n")
    out = tmp_path / "out"
    result = CliRunner().invoke(cli, ["cycle", str(folder), "--out", str(out), "--events", str(tmp_path / "news.csv")])
    assert isinstance(result.exception, InstanceError) and "row 2" in str(result.exception)
    assert not out.exists() and not steps_of(out).exists()
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    result = CliRunner().invoke(cli, ["cycle", str(folder), "--out", str(out)])
    assert "mine.txt" in str(result.exception) and (out / "mine.txt").read_text() == "mine"


@pytest.mark.thorough
def test_a_killed_cycle_goes_on_from_its_last_step(folder, tmp_path):
    """Killed outright after its first step, the same command ends with what an undisturbed one does."""
    outs = [tmp_path / name for name in ("killed", "undisturbed")]
    start = [sys.executable, "-c", "from coordination.cli import cli; cli()", "cycle", str(folder)]
    options = ["--every", "1", "--threads", "1", "--scenario", "storm"]
    commands = [[*start, "--out", str(out), *options] for out in outs]
    process = subprocess.Popen(commands[0], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    first = steps_of(outs[0]) / "00000" / "step.json"
    while not first.exists() and process.poll() is None:
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert first.exists() and not outs[0].exists()
    for command in commands:
        subprocess.run(command, check=True, capture_output=True)
    assert co.Plan.load(outs[0] / "played").service.equals(co.Plan.load(outs[1] / "played").service)
    assert co.load(outs[0] / "next") == co.load(outs[1] / "next")
    assert co.verify(outs[0]).ok and not steps_of(outs[0]).exists()
