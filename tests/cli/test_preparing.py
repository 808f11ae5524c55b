"""The command ``prepare``: writes a folder that verifies, says what it found, refuses what is wrong with code 2."""

import json

import pytest
from click.testing import CliRunner

from coordination.cli import cli, main
from tests.preparation.cases import town
from tests.support.command import run


def test_prepare_writes_and_verify_checks(tmp_path):
    """From an instance folder to a preparation that verifies; its figures are in plan.json and said."""
    town({"budget": 2000}).save(tmp_path / "town")
    out = tmp_path / "out"
    done = CliRunner().invoke(
        cli, ["prepare", str(tmp_path / "town"), "--out", str(out), "--workers", "1", "--keep", "storm"]
    )
    assert done.exit_code == 0, done.output
    for words in (
        "open depot, big (6 t), at near: 300.00",
        "EVPI",
        "VSS",
        "best placed",
        "planned fully, storm costs",
        "group general unmet",
    ):
        assert words in done.output
    header = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert header["kind"] == "preparation"
    assert {"evpi", "vss", "ignoring_disruption", "balance"} <= set(header["figures"])
    assert {path.name for path in out.iterdir()} == {
        "plan.json",
        "instance",
        "first_stage.csv",
        "scenario_costs.csv",
        "assured.csv",
        "loss_costs.csv",
        "adaptive.csv",
        "report.html",
        "plans",
    }
    assert CliRunner().invoke(cli, ["verify", str(out)]).exit_code == 0
    assert CliRunner().invoke(cli, ["verify", str(out / "plans" / "storm")]).exit_code == 0
    again = CliRunner().invoke(cli, ["prepare", str(tmp_path / "town"), "--out", str(out), "--quiet"])
    assert (again.exit_code, again.output) == (0, "")
    assert not (out / "plans").exists()
    rows = (out / "first_stage.csv").read_text(encoding="utf-8").replace("300", "299")
    (out / "first_stage.csv").write_text(rows, encoding="utf-8")
    assert CliRunner().invoke(cli, ["verify", str(out)]).exit_code == 1


def test_wrong_input_is_code_two(tmp_path, monkeypatch, capsys):
    """A budget below the floors is said, and nothing is written."""
    floors = [{"commodity": "rice", "quantity": 30, "place": "near"}]
    town({"budget": 500}, floors=floors).save(tmp_path / "town")
    monkeypatch.setattr("sys.argv", ["coordination", "prepare", str(tmp_path / "town"), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "80 is missing" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", [("--keep", "strom"), ("--replay", "-1"), ("--draws", "-1"), ("--workers", "0")])
def test_options_are_refused_before_anything_is_solved(tmp_path, monkeypatch, option):
    """What was decided in an hour is not lost to a name misspelt."""
    town({"budget": 2000}).save(tmp_path / "town")
    monkeypatch.setattr("coordination.preparation.preparing.FirstStage", None)
    done = run("prepare", tmp_path / "town", "--out", tmp_path / "out", *option)
    assert done.returncode == 2
    assert "should not happen" not in done.stderr
