"""Ways of deciding compared: paired draws, the same for any workers, nothing lost, intervals by hand."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import coordination as co
from coordination.cli import cli
from coordination.cli.comparing import draws_of
from coordination.comparison.chart import chart
from coordination.comparison.figures import (
    best_table,
    comparison_table,
    exchange_table,
    ladder_table,
    map_table,
    ratios_table,
    speed_table,
)
from coordination.comparison.ways import approval, delay_of, joined_level, way_of
from coordination.comparison.winners import winners
from coordination.errors import UsageError
from tests.cycle.test_cycle import stormy


@pytest.fixture(scope="module")
def compared() -> co.Comparison:
    """Compare all ways through two events, in this process."""
    return co.compare(stormy().replace(policy={"price_rounds": 12}), draws=2, every=4, workers=1)


def test_every_way_plays_every_draw(compared):
    """And the same scenario strikes all of them."""
    assert compared.draws.groupby("way").size().to_dict() == {
        "centralised": 2, "control": 2, "networked": 2, "alone": 2, "judgement": 2, "field": 2, "nothing": 2,
    }  # fmt: skip
    assert (compared.draws.groupby("draw")["scenario"].nunique() == 1).all()


def test_doing_nothing_costs_most_and_covers_nothing(compared):
    """Nothing lies where people are."""
    mean = compared.draws.groupby("way")[["cost", "hours"]].mean()
    assert mean["cost"].idxmax() == "nothing" and mean["hours"]["nothing"] == 0.0
    assert mean["cost"]["centralised"] <= mean["cost"]["control"] + 1e-6


def test_pooling_is_worth_something(compared):
    """Who trades to the end does about as well as the core; who pools nothing does no better."""
    mean = compared.draws.groupby("way")["cost"].mean()
    assert mean["networked"] == pytest.approx(mean["centralised"], rel=0.05)
    assert mean["alone"] >= mean["centralised"] * (1 - 1e-3)


def test_ways_that_cannot_be_played_say_why():
    """Coalitions do not know how to keep loads fair: asked for by name, they are refused with the reason."""
    waiting = stormy().replace(policy={"load": "leximin"})
    with pytest.raises(UsageError, match=r"networked cannot be played.*load"):
        co.compare(waiting, draws=1, ways=["networked"], workers=1)


def test_waiting_for_approval_costs():
    """With three periods until decisions take force nothing arrives in time that would have."""
    slow = stormy().replace(policy={"approval_periods": {"street": 2, "city": 1}})
    assert approval(slow) == 3 and approval(stormy()) == 0
    late, soon = (co.compare(one, draws=1, every=2, ways=["centralised"], workers=1) for one in (slow, stormy()))
    assert late.draws["cost"].iloc[0] > soon.draws["cost"].iloc[0]


def test_workers_and_interruptions_change_nothing(tmp_path):
    """One draw is kept, then two are asked for, of two processes: the folder is the same, byte for byte."""
    kept, ways = tmp_path / "kept", ["field", "nothing"]
    at_once = co.compare(stormy(), draws=2, every=2, ways=ways, workers=1)
    co.compare(stormy(), draws=1, every=2, ways=ways, workers=1, keep=kept)
    seen = list[tuple[int, int]]()
    again = co.compare(
        stormy(), draws=2, every=2, ways=ways, workers=2, keep=kept, on_progress=lambda *n: seen.append(n)
    )
    assert seen == [(1, 2), (2, 2)]
    for name, made in (("one", at_once), ("two", again)):
        made.save(tmp_path / name)
    for path in (tmp_path / "one").glob("*.*"):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    with pytest.raises(UsageError, match="another run"):
        co.compare(stormy(), draws=1, every=1, workers=1, keep=kept)


def test_verification_takes_a_comparison(compared, tmp_path):
    """Means, differences and ratios are those of the draws; one that is not is found out."""
    out = tmp_path / "out"
    compared.save(out)
    assert co.verify(out).ok, str(co.verify(out))
    for name, column in (("comparison", "mean"), ("comparison", "difference_upper"), ("ratios", "ratio")):
        rows = pd.read_csv(out / f"{name}.csv")
        told = (out / f"{name}.csv").read_text(encoding="utf-8")
        rows.assign(**{column: rows[column] + 1.0}).to_csv(out / f"{name}.csv", index=False)
        assert not co.verify(out).ok
        (out / f"{name}.csv").write_text(told, encoding="utf-8")


def figures() -> pd.DataFrame:
    """Return three draws of three ways with costs that can be reckoned with."""
    costs = {"centralised": [1.0, 2.0, 3.0], "control": [2.0, 4.0, 9.0], "nothing": [10.0, 10.0, 1e9]}
    rows = [
        {"draw": draw, "scenario": "storm", "hazard": "flood", "way": way, "deprivation": cost, "worst_off": 0.5,
         "cost": cost, "hours": 1.0, "area": 2.0, "resist": cost / 4, "recover": 0.75 * cost}
        for way, of in costs.items()
        for draw, cost in enumerate(of)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_intervals_and_differences_by_hand():
    """Differences 1, 2, 6: mean 3, standard deviation √7, t = 4.303 with two degrees of freedom."""
    table = comparison_table(figures())
    row = table[(table["way"] == "control") & (table["measure"] == "cost")].iloc[0]
    half = 4.302653 * np.sqrt(7 / 3)
    assert row[["mean", "difference"]].tolist() == [5.0, 3.0]
    assert row[["difference_lower", "difference_upper"]].tolist() == pytest.approx([3 - half, 3 + half], rel=1e-6)


def test_ratios_need_costs_that_count():
    """In the third draw both cost less than a millionth of 1e9 and a half: left out."""
    rows = figures()
    rows.loc[(rows["draw"] == 2) & (rows["way"] == "nothing"), "cost"] = 4e6
    table = ratios_table(rows)
    row = table[(table["way"] == "control") & (table["measure"] == "cost")].iloc[0]
    assert row["draws"] == 2 and row["ratio"] == pytest.approx(2.0)


def test_where_each_wins():
    """The centre in every draw; of what all have alike all are best."""
    table = best_table(figures()).set_index(["measure", "way"])["best"]
    assert table["cost", "centralised"] == 1.0 and table["cost", "control"] == 0.0
    assert table["hours", "nothing"] == 1.0


def steps() -> pd.DataFrame:
    """Return two draws of the core at two delays and of coalitions on two rungs."""
    costs = {"centralised": [1.0, 3.0], "centralised:2": [5.0, 9.0], "networked:state": [4.0, 4.0], "networked": [2, 4]}
    rows = figures()
    parts = [
        rows[rows["way"] == "control"].head(2).assign(way=way, cost=cost, resist=1.0, recover=cost)
        for way, cost in costs.items()
    ]
    return pd.concat(parts, ignore_index=True)


def test_each_rung_and_each_delay_is_worth_what_is_paired():
    """Prices save 2 and 0 beside the state, 1 in the mean; two periods cost 4 and 6, 5 in the mean, t = 12.706."""
    rungs, late = ladder_table(steps()), {"centralised": 0, "centralised:2": 2}
    assert rungs["rung"].tolist() == ["state", "prices"] and rungs["mean"].tolist() == [4.0, 3.0]
    half = 12.7062 * np.sqrt(2) / np.sqrt(2)
    assert rungs.loc[1, ["worth", "worth_lower"]].tolist() == pytest.approx([1.0, 1.0 - half], rel=1e-5)
    speed = speed_table(steps(), late)
    assert speed["delay"].tolist() == ["0", "2"] and speed.loc[1, "worth"] == pytest.approx(5.0)


def test_speed_stands_against_sight():
    """At once the core costs -3 and -1 beyond who sees the state, two periods late 1 and 5."""
    table = exchange_table(steps(), {"centralised": 0, "centralised:2": 2})
    found = table.set_index(["rung", "delay"])["difference"]
    assert found["state", 0] == pytest.approx(-2.0) and found["state", 2] == pytest.approx(3.0)
    assert found["prices", 0] == pytest.approx(-1.0) and found["prices", 2] == pytest.approx(4.0)


def test_the_map_says_who_wins_by_phase_and_delay():
    """The core wins both draws at once and none late; until the turning point all cost alike: all are best."""
    table = map_table(steps(), {"centralised": 0, "centralised:2": 2}).set_index(["phase", "delay", "way"])["best"]
    assert table["all", 0, "centralised"] == 1.0 and table["all", 2, "centralised:2"] == 0.0
    assert table["all", 2, "networked"] == 1.0 and table["all", 2, "networked:state"] == 0.5
    assert (table["resist"] == 1.0).all()


def test_the_map_takes_names_as_text():
    """A hazard with a hostile name does not become markup, and every cell names who wins."""
    table = map_table(steps().assign(hazard="<script>"), {"centralised": 0, "centralised:2": 2})
    drawing = winners(table)
    assert "<script>" not in drawing and "centralised 100%" in drawing and "networked 100%" in drawing


def test_ways_with_a_delay_or_a_rung_are_known():
    """Whatever the delay; nobody sees more than there is."""
    assert delay_of("centralised:3", stormy()) == 3 and delay_of("centralised", stormy()) == 0
    assert delay_of("networked", stormy()) is None
    assert way_of("networked:state") is not None
    assert [way_of(name) for name in ("centralised:x", "networked:all", "control:1")] == [None, None, None]


def test_coalitions_join_where_much_waits():
    """10 are needed in a period: with 4 waiting each decides by itself, with 5 one level above, with 10 two."""
    waiting = {"place": "ward", "commodity": "can", "group": "general", "age": 1}
    levels = [joined_level(stormy(backlogs=[waiting | {"quantity": units}])) for units in (4, 5, 10, 1000)]
    assert levels == ["party", "community", "street", "city"]


def test_the_ladder_delays_and_the_page(tmp_path):
    """Rungs, delays and restructuring are played when asked for; the page shows chart, map, tables; verify agrees."""
    made = co.compare(
        stormy(), draws=2, every=4, ways=["centralised", "networked", "restructuring", "nothing"], ladder=True,
        delays=[1], workers=1,
    )  # fmt: skip
    assert made.ladder["rung"].tolist() == ["nothing", "state", "intentions", "plans", "prices"]
    assert made.speed["delay"].tolist() == ["0", "1"]
    assert set(made.map["delay"]) == {0, 1} and set(made.map["phase"]) == {"resist", "recover", "all"}
    parts = made.draws["resist"] + made.draws["recover"]
    assert parts.to_numpy() == pytest.approx(made.draws["cost"].to_numpy())
    made.save(tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2 and 'id="ladder"' in page and 'id="exchange"' in page
    assert co.verify(tmp_path / "out").ok, str(co.verify(tmp_path / "out"))


def test_the_chart_takes_names_as_text(compared):
    """A way with a hostile name does not become markup."""
    table = compared.comparison.replace("nothing", "<script>")
    drawing = chart(table, compared.curves.replace("nothing", "<script>"), "money")
    assert "<script>" not in drawing and drawing.startswith("<svg")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"ways": ["centralized"]}, "centralised"),
        ({"draws": 0}, "draws: found 0"),
        ({"every": 0}, "every: found 0"),
        ({"delays": [-1]}, "delays: found -1"),
    ],
)
def test_what_is_wrong_is_named(wrong, named):
    """Before anything is played."""
    with pytest.raises(UsageError, match=named):
        co.compare(stormy(), **wrong)


def test_the_command_writes_a_table_and_a_chart(tmp_path):
    """Nothing else is left beside them; what is not a comparison is not replaced."""
    stormy().save(tmp_path / "town")
    out = tmp_path / "out"
    asked = ["compare", str(tmp_path / "town"), "--out", str(out), "--draws", "1", "--way", "nothing", "--way", "field"]
    result = CliRunner().invoke(cli, [*asked, "--workers", "1"])
    assert result.exit_code == 0, result.output
    assert {"comparison.csv", "chart.svg", "plan.json"} <= {path.name for path in out.iterdir()}
    assert not draws_of(out).exists()
    refused = CliRunner().invoke(cli, [*asked[:2], "--out", str(tmp_path / "town")])
    assert "not of a comparison" in str(refused.exception)


def test_who_is_left_out_is_told_in_one_sentence():
    """With what stands in the way alone: no name, no advice for another command, no full stop of its own."""
    bound = stormy().replace(policy={"span": 3, "handover_cost": 5})
    told = "nothing says yet how coalitions keep policy.handover_cost"
    assert {name: way_of(name).unable(bound) for name in ("networked", "alone", "judgement")} == {
        "networked": told, "alone": f"{told}, policy.span", "judgement": f"{told}, policy.span",
    }  # fmt: skip
