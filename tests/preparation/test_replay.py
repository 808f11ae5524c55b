"""Full plans after a first stage, and what of its need each group lacks."""

import dataclasses

import pytest

import coordination as co
from coordination.errors import UsageError
from tests.support.tiny import need

from .cases import random_town, town


def test_unmet_need_is_that_of_plans():
    """Without tasks, what groups lack is what plans of the prepared instance leave unserved, in tonnes."""
    needs = [need(15, 0), need(15, 1), need(10, 2), need(40, 1, group="vulnerable")]
    found = co.prepare(town({"budget": 150}, needs=needs), gap=1e-7, figures=False)
    after = found.prepared()
    p = found.scenario_costs["probability"].to_numpy()
    short = {"general": [], "vulnerable": []}
    for name in found.scenario_costs["scenario"]:
        service = co.plan(after, scenario=name, gap=1e-8).service.groupby("group")[["need", "served"]].sum()
        for group, lacks in short.items():
            lacks.append(0.1 * float(service.loc[group, "need"] - service.loc[group, "served"]))
    for row in found.unmet:
        assert row["mean"] == pytest.approx(p @ short[row["group"]], abs=1e-6)
        assert row["worst"] == pytest.approx(max(short[row["group"]]), abs=1e-6)
        assert row["mean"] - 1e-9 <= row["cvar"] <= row["worst"] + 1e-9
    assert any(row["mean"] > 0 for row in found.unmet)


def test_replayed_plans_cost_no_less():
    """The likeliest scenarios are planned fully; whole roles cost no less than shares; only what is kept is kept."""
    instance = random_town(1, tasks=True)
    instance = instance.replace(floors=instance.given("floors").iloc[:2])
    likely = instance.scenarios.sort_values("probability", ascending=False)["scenario"].tolist()
    found = co.prepare(instance, gap=1e-6, figures=False, replay=2, keep=[likely[-1]])
    assert [row["scenario"] for row in found.replayed] == [likely[-1], likely[0]]
    assert list(found.plans) == [likely[-1]]
    assert all(row["difference"] >= -1e-5 * abs(row["plan"]) for row in found.replayed)
    assert co.verify(found).ok
    wrong = [dict(found.replayed[0], plan=found.replayed[0]["plan"] + 9.0), *found.replayed[1:]]
    assert not co.verify(dataclasses.replace(found, replayed=wrong)).ok


def test_unknown_scenarios_cannot_be_kept():
    """A scenario to keep that is none is named, with the nearest one."""
    with pytest.raises(UsageError, match=r"'strom' is no scenario to keep a plan of.*storm"):
        co.prepare(town(), figures=False, keep=["strom"])
