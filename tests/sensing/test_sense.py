"""Sensing: trend, signals, forecasts and turning points of simulated cities, and the instance that comes out."""

import json

import numpy as np
import pytest

import coordination as co
from coordination.errors import InstanceError, UsageError, WriteError
from coordination.sensing.signals import signals
from tests.sensing.simulation import simulate, watched

pytest.importorskip("statsmodels")

CALLS = {"indicator": "calls", "weight": 1, "normal": 200, "severe": 800, "hazard": "epidemic", "scales": "meals"}


@pytest.fixture(scope="module")
def sensed():
    """Two zones watched for 90 days: one quiet, one in which calls have doubled every 5 days for 8 days."""
    rng = np.random.default_rng(7)
    series = {"quiet": simulate(rng, 90, missing=0), "loud": simulate(rng, 90, outbreak=81)}
    return co.sense(watched({zone: {"calls": values} for zone, values in series.items()}, indicators=[CALLS]))


def test_the_trend_is_near_the_truth(sensed):
    """The week is taken out: the quiet zone's level stays within a tenth of 200."""
    rows = sensed.sensing[(sensed.sensing["zone"] == "quiet") & (sensed.sensing["period"] < 0)]
    assert rows["trend"].dropna().between(180, 220).all()
    assert rows["trend"].isna().sum() < 15  # while level and week are learnt


def test_only_the_outbreak_is_signalled(sensed):
    """In the last two weeks there are signals in the loud zone, from its beginning on, and none in the quiet one."""
    rows = sensed.sensing[sensed.sensing["signal"] & (sensed.sensing["period"] >= -14)]
    assert set(rows["zone"]) == {"loud"}
    assert rows["period"].min() in range(-8, -3)


def test_needs_ahead_follow_the_forecast(sensed):
    """Needs of a zone are those before times forecast over normal, day by day; the interval lies around it."""
    factors = sensed.forecast.set_index(["zone", "period"])
    needs = sensed.instance.needs.assign(zone=sensed.instance.needs["place"].str.removeprefix("p "))
    for row in needs.to_dict("records"):
        assert row["quantity"] == pytest.approx(10 * factors.loc[(row["zone"], row["period"]), "factor"])
    assert (factors["lower"] < factors["factor"]).all()
    assert (factors["factor"] < factors["upper"]).all()
    assert 0.8 < factors.loc["quiet", "factor"].mean() < 1.2
    assert factors.loc["loud", "factor"].mean() > 2


def test_forecasts_are_observations_of_the_instance(sensed):
    """The instance that comes back carries the forecasts, marked, and severity ahead comes from them."""
    told = sensed.instance.observations[sensed.instance.observations["forecast"]]
    assert set(told["period"]) == set(range(14))
    ahead = sensed.severity[sensed.severity["forecast"]]
    assert ahead.groupby("zone")["severity"].mean()["loud"] > 0.3


def test_turning_points(sensed):
    """The loud zone begins to change, and is triggered; the quiet one has no turning point."""
    points = sensed.turning.set_index(["zone", "point"])
    assert set(points.index.get_level_values("zone")) == {"loud"}
    assert points.loc[("loud", "inducement"), "period"] <= points.loc[("loud", "trigger"), "period"]
    assert (points["hazard"] == "epidemic").all()


def test_a_whole_crisis_has_four_points():
    """Calls rise over 20 days and fall over 20: inducement before trigger, critical, turning, the last at the peak."""
    days = np.arange(110)
    shape = np.interp(days, [0, 60, 80, 100], [200, 200, 900, 200])
    values = np.round(shape * np.exp(np.random.default_rng(1).normal(0, 0.05, len(days))))
    indicators = [CALLS]
    points = co.sense(watched({"z": {"calls": values}}, indicators=indicators)).turning.set_index("point")
    order = ["inducement", "trigger", "critical", "turning"]
    assert points.loc[order, "period"].is_monotonic_increasing
    assert abs(points.loc["turning", "period"] - (80 - 110)) <= 3
    assert points.loc["turning", "grade"] == "I"
    assert points.loc["inducement", "grade"] == "IV"


def test_falling_is_bad_where_severe_is_below_normal():
    """Stock in shops that halves within a week is signalled; stock that doubles is not."""
    rng = np.random.default_rng(3)
    stock = [{"indicator": "stock", "weight": 1, "normal": 7, "severe": 2}]
    course = 7 * np.exp(rng.normal(0, 0.05, 80))
    for factor, expected in ((0.5, True), (2.0, False)):
        changed = course * np.concatenate([np.ones(73), np.geomspace(1, factor, 7)])
        rows = co.sense(watched({"z": {"stock": changed.round(3)}}, indicators=stock)).sensing
        assert rows.loc[rows["period"] >= -7, "signal"].any() == expected


def test_half_days_have_weeks_of_fourteen():
    """With two observations a day a week has fourteen steps, each with its own level."""
    rng = np.random.default_rng(5)
    values = np.round(200 * np.tile([1.4, 0.6], 63) * np.exp(rng.normal(0, 0.05, 126)))
    sensed = co.sense(watched({"z": {"calls": values}}, indicators=[CALLS], period_hours=12.0, periods=4))
    ahead = sensed.forecast.set_index("period")["factor"]
    assert ahead[[0, 2]].to_numpy() == pytest.approx([1.4, 1.4], rel=0.1)
    assert ahead[[1, 3]].to_numpy() == pytest.approx([0.6, 0.6], rel=0.1)


def test_a_single_spike_is_no_signal():
    """One value, however large, does not signal by itself."""
    assert not signals(np.array([0.0, 50.0, 0.0, 0.0]), 1, 1).at.any()


def test_written_folder(sensed, tmp_path):
    """A folder with tables and the instance is written, replaced by another, and nothing else is replaced."""
    sensed.save(tmp_path / "out")
    sensed.save(tmp_path / "out")
    assert json.loads((tmp_path / "out" / "sensing.json").read_text("utf-8"))["kind"] == "sensing"
    assert co.load(tmp_path / "out" / "instance") == sensed.instance
    (tmp_path / "out" / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(WriteError, match=r"mine\.txt"):
        sensed.save(tmp_path / "out")


def test_nothing_to_sense_is_no_error():
    """An instance without observations comes back as it is."""
    instance = watched({"z": {"calls": np.full(3, np.nan)}}, indicators=[CALLS])
    sensed = co.sense(instance)
    assert sensed.instance == instance
    assert sensed.sensing.empty


def test_wrong_interval_and_indicators_are_refused():
    """An interval that is no share, an indicator whose normal is severe, one that scales what another does."""
    with pytest.raises(UsageError, match="interval"):
        co.sense(watched({"z": {"calls": np.ones(3)}}, indicators=[CALLS]), interval=80)
    for change in ({"severe": 200}, {"normal": 0, "severe": 1}):
        with pytest.raises(InstanceError):
            watched({"z": {"calls": np.ones(3)}}, indicators=[{**CALLS, **change}])
    with pytest.raises(InstanceError, match="scales"):
        watched({"z": {"calls": np.ones(3)}}, indicators=[CALLS, {**CALLS, "indicator": "visits"}])
