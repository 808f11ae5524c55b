"""The command line as a person meets it: exit codes, words, what is written."""

import re
import signal
import subprocess
import sys
import time

import click
import pytest

from coordination.cli import cli
from coordination.instance import load
from coordination.plans import Plan
from coordination.verification import verify
from tests.explanation.town import town
from tests.planning.small import street
from tests.support.command import run

COMMAND = [sys.executable, "-c", "from coordination.cli import main; main()"]
HEARING = [*COMMAND[:2], f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {COMMAND[2]}"]
"""The same, for a shell's background, in which SIGINT is ignored."""
SMALL = ["--communities", "5", "--periods", "2", "--commodities", "2"]


def run_apart(*arguments):
    """Run a command in a process of its own, which has imported nothing yet."""
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120)


def test_new_check_plan_verify(tmp_path):
    """What `new` writes can be checked, planned and verified; a plan folder is not overwritten by an instance."""
    assert run("new", tmp_path / "i").returncode == 0
    assert run("check", tmp_path / "i").returncode == 0
    planned = run_apart("plan", tmp_path / "i", "--out", tmp_path / "p", "--quiet")
    assert (planned.returncode, planned.stdout) == (0, "")
    assert run_apart("verify", tmp_path / "p").returncode == 0
    assert run("plan", tmp_path / "p", "--out", tmp_path / "q").returncode == 2
    assert not (tmp_path / "q").exists()


def test_generate_replaces_no_other_instance(tmp_path):
    """The same city may be made again at its place; another one only by force."""
    out = tmp_path / "city"
    assert run("generate", *SMALL, "--out", out).returncode == 0
    assert run("generate", *SMALL, "--out", out).returncode == 0
    before = load(out).sha256
    refused = run("generate", *SMALL, "--seed", "2", "--out", out)
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert load(out).sha256 == before
    assert run("generate", *SMALL, "--seed", "2", "--force", "--out", out).returncode == 0
    assert load(out).sha256 != before


@pytest.mark.parametrize("limit", ["inf", "nan", "0", "-1"])
def test_time_limits_that_are_none_are_refused(tmp_path, limit):
    """Endless, negative and meaningless time limits are told, exit 2, nothing written."""
    street().save(tmp_path / "i")
    done = run("plan", tmp_path / "i", "--out", tmp_path / "p", "--time-limit", limit)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize("most", ["0", "-1"])
def test_drop_shows_some_party(tmp_path, most):
    """No parties, or less than none, cannot be shown."""
    done = run("drop", tmp_path, "--most", most)
    assert done.returncode == 2
    assert "--most" in done.stderr


def test_a_city_that_needs_nothing_is_planned(tmp_path):
    """Without needs there are responsibilities and a report all the same."""
    street(needs=[]).save(tmp_path / "i")
    assert run("plan", tmp_path / "i", "--out", tmp_path / "p").returncode == 0
    assert (tmp_path / "p" / "report.html").exists()


@pytest.mark.thorough
def test_ctrl_c_leaves_a_plan_that_holds(tmp_path):
    """SIGINT in the middle of a large case: exit 130, a plan with roles that verifies and serves most of the need."""
    assert run("generate", "--communities", "60", "--out", tmp_path / "i").returncode == 0
    begun = subprocess.Popen([*HEARING, "plan", str(tmp_path / "i"), "--out", str(tmp_path / "p"), "--gap", "1e-6"])
    time.sleep(20)
    begun.send_signal(signal.SIGINT)
    assert begun.wait(60) == 130
    plan = Plan.load(tmp_path / "p")
    assert verify(plan).ok
    assert plan.service["served"].sum() > 0.3 * plan.service["need"].sum()


def test_every_command_has_help():
    """Each command and each of its options says what it does."""
    for command in cli.commands.values():
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (command.name, parameter.name)
    assert re.match(r"Usage: ", run_apart("--help").stdout)


def test_explain_tells_why_and_refuses_what_it_does_not_know(tmp_path):
    """Why a task is held by whom it is, from a plan folder; an unknown task names the nearest, exit 2."""
    town().save(tmp_path / "i")
    assert run("plan", tmp_path / "i", "--out", tmp_path / "p", "--quiet").returncode == 0
    told = run("explain", tmp_path / "p", "--task", "still")
    assert told.returncode == 0, told.stderr
    assert "Bees (b) does it" in told.stdout
    assert "core instead: costs 6 CNY more" in told.stdout
    wrong = run("explain", tmp_path / "p", "--task", "stil")
    assert wrong.returncode == 2
    assert "Did you mean 'still'?" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_pins_of_a_file_are_kept_and_priced(tmp_path):
    """With --pin the plan keeps them, and says what they cost beside the plan without them where that is at hand."""
    town().save(tmp_path / "i")
    pins = tmp_path / "pins.csv"
    pins.write_text(
        "table,where,column,value\nresponsibilities,task=watch;role=responsible,party,b\n", encoding="utf-8"
    )
    alone = run("plan", tmp_path / "i", "--out", tmp_path / "q", "--pin", pins)
    assert alone.returncode == 0, alone.stderr
    assert "The pins cost" not in alone.stdout
    assert run("plan", tmp_path / "i", "--out", tmp_path / "p", "--gap", "0", "--quiet").returncode == 0
    beside = run(
        "plan", tmp_path / "i", "--out", tmp_path / "r", "--gap", "0", "--pin", pins, "--beside", tmp_path / "p"
    )
    assert "The pins cost 67 CNY" in beside.stdout, beside.stderr
    replaced = run("plan", tmp_path / "i", "--out", tmp_path / "p", "--gap", "0", "--pin", pins)
    assert "The pins cost 67 CNY" in replaced.stdout
    assert run("verify", tmp_path / "p").returncode == 0
    assert Plan.load(tmp_path / "p").instance.pins["value"].tolist() == ["b"]
    other = run("plan", tmp_path / "i", "--out", tmp_path / "s", "--pin", pins, "--beside", tmp_path / "p")
    assert other.returncode == 2 and "without the pins" in other.stderr


def test_pin_files_that_cannot_be_kept_or_read_are_refused(tmp_path):
    """No file, a column that pins do not have, a pin against the rules: exit 2, told, no traceback, nothing written."""
    town().save(tmp_path / "i")
    pins = tmp_path / "pins.csv"
    for text, words in (
        (None, "pins.csv"),
        ("table,where,colum,value\nresponsibilities,task=watch;role=backup,party,b\n", "Did you mean 'column'"),
        ("table,where,column,value\nresponsibilities,task=watch;role=backup,party,core\n", "pins, row 2"),
    ):
        if text is not None:
            pins.write_text(text, encoding="utf-8")
        done = run("plan", tmp_path / "i", "--out", tmp_path / "p", "--pin", pins)
        assert done.returncode == 2, done.stdout
        assert words in done.stderr and "Traceback" not in done.stderr
        assert not (tmp_path / "p").exists()


def test_aggregate_replaces_no_other_instance(tmp_path):
    """What stands at --out, such as the instance itself, is not replaced; the same instance is."""
    source, city = tmp_path / "city", tmp_path / "coarse"
    street().save(source)
    before = load(source).sha256
    refused = run("aggregate", source, "--level", "city", "--out", source)
    assert (refused.returncode, load(source).sha256) == (2, before)
    for _ in range(2):
        assert run("aggregate", source, "--level", "city", "--out", city).returncode == 0


def test_check_of_an_instance_whose_modes_are_to_be_chosen(tmp_path):
    """It is checked as any other, and modes that cost nothing are named; what cannot be planned is refused."""
    street().replace(policy={"mode": "optimise"}).save(tmp_path / "street")
    done = run("check", tmp_path / "street")
    assert done.returncode == 0, done.stderr
    assert "no row says what mode parallel costs in city" in done.stdout
    street().replace(policy={"mode": "optimise", "load": "leximin"}).save(tmp_path / "fair")
    assert run("check", tmp_path / "fair").returncode == 2


def test_what_is_about_coalitions_is_refused_where_they_do_not_decide(tmp_path):
    """Rounds without trade would do nothing; `check` refuses what coalitions do not keep, as `plan` does."""
    town().save(tmp_path / "town")
    idle = run("plan", tmp_path / "town", "--out", tmp_path / "out", "--rounds", "5")
    assert idle.returncode == 2 and "--rounds" in idle.stderr and "--governance networked" in idle.stderr
    assert not (tmp_path / "out").exists()
    town().replace(policy={"governance": "alone", "max_ratio": 2.0}).save(tmp_path / "alone")
    refused = run("check", tmp_path / "alone")
    assert refused.returncode == 2 and "policy.max_ratio" in refused.stderr
