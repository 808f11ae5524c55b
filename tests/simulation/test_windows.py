"""Windows: as long as the rest the whole plan; shorter ones cost no less, keep the rules, and say the loss."""

import dataclasses

import pytest
from click.testing import CliRunner

import coordination as co
from coordination.cli import cli
from coordination.errors import UsageError
from coordination.simulation.windows import in_windows, shortened
from tests.replanning.town import town
from tests.support.random_instances import random_instance
from tests.support.thorough import often


def check(instance: co.Instance, window: int) -> co.Plan:
    """Plan in windows beside the whole, and ask for a second opinion."""
    whole = co.plan(instance, gap=0, threads=1)
    made = in_windows(whole, window, gap=0, threads=1)
    assert made.objective >= whole.bound - 1e-6 * max(1.0, abs(whole.objective))
    verdict = co.verify(made)
    assert verdict.ok, f"{instance.name}, window {window}: {verdict}"
    return made


def test_as_long_as_the_rest_it_is_the_whole_plan():
    """Nothing is lost."""
    whole = co.plan(town(), gap=0, threads=1)
    assert in_windows(whole, 4) is whole


def test_a_window_that_sees_no_arrival_sends_nothing():
    """The truck takes a period: with one period in sight nothing is worth sending; with two, what is sent arrives."""
    whole = co.plan(town(), gap=0, threads=1)
    blind = check(town(), 1)
    assert blind.shipments.empty and blind.objective > whole.objective
    assert (
        "windows of 1 periods" in blind.notes[0] and f"{blind.objective - whole.objective:,.4g} more" in blind.notes[0]
    )
    seeing = check(town(), 2)
    assert whole.objective <= seeing.objective < blind.objective


@pytest.mark.parametrize("seed", [1, *often(3, 4)])
def test_no_window_costs_less(seed):
    """On random instances, every rule kept."""
    check(random_instance(seed), 2)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(300, 330))
def test_no_window_costs_less_on_thirty(seed):
    """The same on thirty, with every length."""
    instance = random_instance(seed)
    for window in range(1, instance.periods):
        check(instance, window)


def test_a_shorter_instance_ends_earlier():
    """Needs and windows end with it."""
    short = shortened(town(), 2)
    assert short.periods == 2 and short.needs["period"].max() == 1 and short.tasks["end"].tolist() == [1]


def test_what_reaches_beyond_a_window_is_refused():
    """By name; so is a window of nothing."""
    whole = co.plan(town(), gap=0, threads=1)
    with pytest.raises(UsageError, match="at least 1"):
        in_windows(whole, 0)
    pinned = whole.instance.replace(
        policy={**whole.instance.policy.model_dump(exclude_unset=True), "change_cost": {"doer": 1}}
    )
    with pytest.raises(UsageError, match="change_cost"):
        in_windows(dataclasses.replace(whole, instance=pinned), 2)


def test_the_command_prints_the_loss(tmp_path):
    """Replanning with a window of one period, after which the truck's goods arrive: the summary says what it costs."""
    co.plan(town(), gap=0, threads=1).save(tmp_path / "plan")
    arguments = ["replan", str(tmp_path / "plan"), "--after", "1", "--window", "1", "--threads", "1"]
    result = CliRunner().invoke(cli, [*arguments, "--out", str(tmp_path / "anew")])
    assert result.exit_code == 0, result.output
    assert "windows of 1 periods" in result.output
    assert co.verify(tmp_path / "anew").ok
