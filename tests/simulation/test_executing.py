"""Carrying out: in the world that a plan was made for it is the plan; in another one, what is worked out by hand."""

import pandas as pd
import pytest

import coordination as co
from coordination.simulation import do_nothing, draw_event, execute, gathered, perturbed, play, rest_of
from coordination.simulation.drawing import Event
from coordination.simulation.playing import Pace
from tests.replanning.town import HEADER, town
from tests.support.random_instances import random_instance
from tests.support.thorough import often

HELD_TO = {"doers"}
"""What only plans can keep: a doer's least share, where it does not show up."""


def certain(instance: co.Instance) -> Event:
    """Return the event in which everything is as believed and everybody shows up."""
    shares = pd.DataFrame(1.0, index=pd.Index(instance.parties["party"]), columns=range(instance.periods))
    return Event(instance, shares, 0)


def best(instance: co.Instance) -> co.Plan:
    """Plan to the end."""
    return co.plan(instance, gap=0, threads=1)


@pytest.fixture(scope="module")
def plan() -> co.Plan:
    """Plan the town: ten cans leave in each period and arrive one later, the guards keep watch."""
    return best(town())


def same(seed: int) -> None:
    """Carry out a plan in its own world."""
    instance = random_instance(seed)
    made = best(instance)
    done = execute(made, instance, instance.periods).plan
    assert done.objective == pytest.approx(made.objective, rel=1e-6, abs=1e-6), (made.terms, done.terms)
    assert co.verify(done).ok, str(co.verify(done))


@pytest.mark.parametrize("seed", [2, *often(12, 13)])
def test_in_its_own_world_it_is_the_plan(seed):
    """Objective and every rule hold as they do for the plan."""
    same(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 160))
def test_in_its_own_world_it_is_the_plan_on_sixty(seed):
    """The same on sixty."""
    same(seed)


def rolled(seed: int) -> None:
    """Decide again every period in a world that is as believed, and in one that is not."""
    instance = random_instance(seed)
    whole = gathered(play(instance, certain(instance), best, Pace(1)), instance)
    assert whole.objective == pytest.approx(best(instance).objective, rel=1e-5, abs=1e-5)
    assert co.verify(whole).ok, str(co.verify(whole))
    event = draw_event(perturbed(instance, seed), seed, instance.scenario or "none")
    for pace in (Pace(1), Pace(2, 1)):
        whole = gathered(play(instance, event, best, pace), event.world)
        verdict = co.verify(whole)
        assert {violation.rule for violation in verdict.violations} <= HELD_TO, str(verdict)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(200, 230))
def test_deciding_again_and_again_on_thirty(seed):
    """Nothing is lost or made on the way: costs are those of the whole plan, and goods, roads, hours add up."""
    rolled(seed)


def test_deciding_every_period_costs_what_deciding_once_does(plan):
    """Where nothing is otherwise than believed."""
    whole = gathered(play(town(), certain(town()), best, Pace(1)), town())
    assert whole.objective == pytest.approx(plan.objective)
    assert co.verify(whole).ok, str(co.verify(whole))


def test_more_need_is_met_from_what_is_not_kept(plan):
    """12 are needed in each period, 10 are brought: the rest waits, and nothing lies at the ward."""
    needs = town().given("needs")
    done = execute(plan, town(needs=needs.assign(quantity=12)), 4).plan
    served = done.service.set_index("period")["served"]
    brought = done.shipments.groupby("arrive")["quantity"].sum()
    assert served.loc[1:3].to_numpy() == pytest.approx(brought.loc[1:3].to_numpy())
    assert done.service["backlog"].iloc[-1] == pytest.approx(48 - served.sum())
    assert done.inventory[done.inventory["place"] == "ward"].empty


def test_less_need_leaves_goods(plan):
    """1 is needed in each period: four are served in all, what was brought beyond lies at the ward."""
    needs = town().given("needs")
    done = execute(plan, town(needs=needs.assign(quantity=1)), 4).plan
    assert done.service["served"].sum() == pytest.approx(4.0)
    assert co.verify(done).ok, str(co.verify(done))


def test_less_stock_is_shared_in_proportion(plan):
    """A third of what the plan counted on lies there: what leaves in period 0 leaves, later there is nothing left."""
    stocks = town().given("stocks")
    done = execute(plan, town(stocks=stocks.assign(quantity=stocks["quantity"] / 4)), 4).plan
    assert done.shipments["quantity"].sum() == pytest.approx(10.0)
    assert co.verify(done).ok, str(co.verify(done))


def test_a_closed_road_stops_everything_and_a_slow_one_comes_late(plan):
    """With the only road closed nothing leaves; at half speed trips take three periods and twice the hours."""
    gone = execute(plan, town(**storm(0)).under("storm"), 4).plan
    assert gone.shipments.empty and gone.service["served"].sum() == 0.0
    slow = execute(plan, town(**storm(0.5)).under("storm"), 4).plan
    assert (slow.shipments["arrive"] - slow.shipments["depart"]).unique().tolist() == [3]
    assert co.verify(slow).ok, str(co.verify(slow))


def storm(factor: float) -> dict[str, list[dict[str, object]]]:
    """Return a storm on the road, as tables."""
    return {
        "scenarios": [{"scenario": "storm", "hazard": "flood", "probability": 1}],
        "effects": [{"scenario": "storm", "table": "roads", "where": "r", "factor": factor}],
    }


def test_who_does_not_show_up_leaves_a_gap_and_who_stands_by_fills_it():
    """Guards give half of two hours: one is missing; a backup keeps free half of two, and gives it."""
    half = pd.DataFrame({t: {"guards": 0.5} for t in range(4)})
    policy = HEADER | {"policy": HEADER["policy"] | {"backup_reserve": 0.5, "backup_cost": 500}}
    tables = {name: town().given(name) for name in town().tables}
    task = {"task": "watch", "domain": "safety", "zone": "z", "skill": "watch", "hours": 2}
    alone = co.Instance.from_tables(policy, tables)
    helped = co.Instance.from_tables(policy, tables | {"tasks": [task | {"backups": 1}]})
    for instance, missing in ((alone, 1.0), (helped, 0.0)):
        executed = execute(best(instance), instance, 4, half)
        gaps = executed.plan.gaps
        assert gaps.loc[gaps["kind"] == "hours", "amount"].sum() == pytest.approx(4 * missing)
        record = executed.record[executed.record["role"] == "responsible"]
        assert record["promised"].sum() == pytest.approx(8.0) and record["given"].sum() == pytest.approx(4.0)


def test_doing_nothing_is_a_plan():
    """Nothing is sent, the core answers; every rule of plans holds."""
    nothing = do_nothing(town())
    assert nothing.shipments.empty and set(nothing.responsibilities["party"]) == {"core"}
    assert nothing.terms["gap_hours"] == pytest.approx(4 * 2 * 100)
    assert co.verify(nothing).ok, str(co.verify(nothing))


def test_the_rest_of_a_plan_costs_the_rest(plan):
    """What is left after a period is a plan of the state then: every rule holds, and nothing is sent twice."""
    rest = rest_of(plan, 1)
    done = execute(rest, rest.instance, 3).plan
    assert done.shipments["quantity"].sum() == pytest.approx(plan.shipments.query("depart >= 1")["quantity"].sum())
    assert co.verify(done).ok, str(co.verify(done))


def test_a_truth_is_another_instance_and_draws_are_paired():
    """The same seed gives the same truth and event; another one another; reliabilities stay shares."""
    one, again, other = (perturbed(town(), seed) for seed in (1, 1, 2))
    assert one == again and one != other
    assert one.parties["reliability"].between(0, 1).all() and (one.parties["reliability"] < 1).all()
    first, same_, second = (draw_event(one, seed) for seed in (1, 1, 2))
    assert first.world == same_.world and first.shares.equals(same_.shares)
    assert first.world != second.world and not first.shares.equals(second.shares)


def test_what_was_decided_goes_on_where_nothing_better_is_found_in_time(plan):
    """At the second decision time is over and nobody would act: the first plan goes on, and costs what it promised."""
    asked: list[int] = []

    def decide(state: co.Instance) -> co.Plan:
        asked.append(state.periods)
        return best(state) if len(asked) == 1 else do_nothing(state)

    steps = play(town(), certain(town()), decide, Pace(2), stay=True)
    assert asked == [4, 2] and "goes on" in steps[1].plan.notes[0]
    assert gathered(steps, town()).objective == pytest.approx(plan.objective)
    left = gathered(play(town(), certain(town()), do_nothing, Pace(2)), town())
    assert left.objective > plan.objective
