"""The field rule by hand, on random instances, and beside the plans that it is compared with."""

import dataclasses
from functools import cache

import numpy as np
import pytest

import coordination as co
from coordination.verification import verify
from tests.planning.small import HANDOUT, row, street
from tests.support.random_instances import random_instance, random_tables
from tests.support.thorough import often
from tests.support.tiny import TRUCK, need, rice, stock, tiny
from tests.test_against_oracle import HARD, optimum


def ring(needs: dict[str, float], **more):
    """Return a depot with a road of 30 km to each of some homes in the east, all alike, one period."""
    homes = [{"place": name, "kind": "community", "zone": "east"} for name in needs]
    depot = {"place": "depot", "kind": "depot", "zone": "city"}
    roads = [{"road": f"to {name}", "from": "depot", "to": name, "km": 30, "minutes": 60} for name in needs]
    tables = {
        "places": [depot, *homes],
        "roads": roads,
        "fleets": [{**TRUCK, "vehicles": 1000}],
        "needs": [need(quantity, place=name) for name, quantity in needs.items()],
        "stocks": [stock(50)],
    }
    return tiny(**{**tables, **more})


def served(plan) -> dict[str, float]:
    """Return what each place is served over all periods."""
    return plan.service.groupby("place")["served"].sum().to_dict()


def dispatched(instance):
    """Dispatch, with a second opinion."""
    plan = co.dispatch(instance)
    verdict = verify(plan)
    assert verdict.ok, str(verdict)
    assert plan.bound <= plan.objective
    assert plan.status is (co.Status.FEASIBLE if plan.gap > 1e-4 else co.Status.OPTIMAL)
    return plan


@pytest.mark.parametrize(("pack", "given"), [(None, [6, 13, 31]), (5, [5, 15, 30]), (0.25, [6.25, 12.5, 31.25])])
def test_fifty_over_ten_twenty_fifty(pack, given):
    """50 units over needs 10, 20, 50 give 6, 13, 31; whole packs where they are declared."""
    instance = ring({"a": 10, "b": 20, "c": 50}, commodities=rice(pack=pack))
    assert list(served(dispatched(instance)).values()) == given


def test_scarce_hours_are_shared_in_proportion():
    """One truck with hours for one trip of 2 t, 20 units: 6, 13, 31 times 20/50 in whole packs, and one more.

    2.4, 5.2 and 12.4 are rounded down to 19; the 20th goes to the first of the largest remainders.
    """
    instance = ring({"a": 10, "b": 20, "c": 50}, fleets=[{**TRUCK, "hours": 2}], commodities=rice(pack=1))
    assert served(dispatched(instance)) == {"a": 3, "b": 5, "c": 12}


def test_own_reserve_first():
    """Who has goods at home keeps them, and asks the depot for the rest only."""
    instance = ring({"a": 10, "b": 20, "c": 50}, stocks=[stock(50), stock(10, place="a"), stock(60, place="c")])
    plan = dispatched(instance)
    assert served(plan) == {"a": 10, "b": 20, "c": 50}
    assert plan.shipments[["destination", "quantity"]].to_numpy().tolist() == [["b", 20]]


def test_the_owners_zone_comes_first():
    """Goods of a party of the east go to the east before the west gets any, though both are equally near."""
    places = [
        {"place": "depot", "kind": "depot", "zone": "city"},
        {"place": "a", "kind": "community", "zone": "east"},
        {"place": "b", "kind": "community", "zone": "west"},
    ]
    parties = [
        {"party": "core", "kind": "core", "zone": "city"},
        {"party": "ours", "kind": "agency", "zone": "east", "superior": "core"},
    ]
    stocks = [{**stock(30), "owner": "ours"}, stock(10)]
    given = served(dispatched(ring({"a": 40, "b": 40}, places=places, parties=parties, stocks=stocks)))
    assert given == {"a": 32, "b": 8}, "a has its own 30, then both share the core's 10 in proportion to 10 and 40"


def test_the_next_depot():
    """Where the nearest depot is empty the next one gives; only what can be used in time is asked for.

    near has 20 boxes an hour away, far has 50 two hours away; home needs 50 and 30 in two periods of ten hours.
    """
    places = [
        {"place": "near", "kind": "depot", "zone": "city"},
        {"place": "far", "kind": "depot", "zone": "city"},
        {"place": "home", "kind": "community", "zone": "quarter"},
    ]
    roads = [
        {"road": "n", "from": "near", "to": "home", "km": 10, "minutes": 60},
        {"road": "f", "from": "far", "to": "home", "km": 10, "minutes": 120},
    ]
    fleet = row("fleets", payload_tonnes=10, vehicles=9, hours=10)[0]
    fleets = [{**fleet, "fleet": place, "base": place} for place in ("near", "far")]
    goods = [
        {"place": place, "commodity": "box", "quantity": some, "owner": "core"}
        for place, some in (("near", 20), ("far", 50))
    ]
    needs = [{"place": "home", "commodity": "box", "period": t, "quantity": some} for t, some in ((0, 50), (1, 30))]
    plan = dispatched(street(places=places, roads=roads, fleets=fleets, stocks=goods, needs=needs))
    sent = plan.shipments[["origin", "depart", "quantity"]].to_numpy().tolist()
    assert sent == [["far", 0, 30], ["far", 1, 20], ["near", 0, 20]]


def test_goods_are_sent_ahead():
    """A truck that takes a period on the way leaves a period before the goods are needed, once."""
    plan = dispatched(street(fleets=row("fleets", loading_minutes=600, hours=20, vehicles=9)))
    assert plan.shipments[["depart", "arrive", "quantity"]].to_numpy().tolist() == [[0, 1, 100]], "backlog and need"


def test_no_more_is_sent_than_can_be_handed_out():
    """Hours for 20 boxes a period (2 hours at half a tonne, 10 kg a box are 100; here a fifth): the rest stays."""
    tasks = [{**HANDOUT[0], "hours": 0.4}]
    plan = dispatched(street(tasks=tasks))
    assert plan.shipments["quantity"].tolist() == [20, 20]


def test_hours_not_needed_are_given_back():
    """A paid doer appointed for 10 hours works those in which goods are handed out, and no less than the least share.

    50 boxes are half a tonne, an hour a period; the least share of 0.3 of twice 10 hours is 6 of the 20.
    """
    header_policy = {"min_share": 0.3}
    skills = row("skills", cost_per_hour=5)
    instance = street(tasks=[{**HANDOUT[0], "hours": 10}], skills=skills)
    assert dispatched(instance).terms["work"] == pytest.approx(5 * 2), "0.1 of 20 hours is no more than is needed"
    more = instance.replace(policy=header_policy)
    assert dispatched(more).terms["work"] == pytest.approx(5 * 6)


PARTIES = [
    {"party": "core", "kind": "core", "zone": "city"},
    {"party": "helpers", "kind": "volunteers", "zone": "quarter", "superior": "core"},
    {"party": "brigade", "kind": "agency", "zone": "city", "superior": "core"},
    {"party": "clinic", "kind": "hospital", "zone": "quarter", "superior": "core"},
]
WATCH = {"task": "watch", "domain": "safety", "zone": "quarter", "skill": "guard", "hours": 4, "doers": 2}


def roles(tasks, skills, **policy):
    """Return who holds which role, by task and role, in the street with four parties."""
    instance = street(parties=PARTIES, tasks=tasks, skills=skills).replace(policy=policy)
    table = dispatched(instance).responsibilities
    return table.groupby(["task", "role"])["party"].agg(lambda names: sorted(set(names))).to_dict()


def guards(**hours):
    """Write rows of skills: who can guard for how long."""
    return [{"party": party, "skill": "guard", "hours": some} for party, some in hours.items()]


def test_the_nearest_with_the_skill():
    """Who lives in the zone does it; the brigade of the city takes the rest, or all where nobody near can."""
    assert roles([WATCH], guards(brigade=9, helpers=9))["watch", "responsible"] == ["helpers"]
    assert roles([WATCH], guards(brigade=9, helpers=3))["watch", "responsible"] == ["brigade", "helpers"]
    assert roles([{**WATCH, "doers": 1}], guards(brigade=9, helpers=3))["watch", "responsible"] == ["brigade"]
    assert roles([WATCH], guards(brigade=9, helpers=0.3))["watch", "responsible"] == ["brigade"], (
        "below the least share"
    )


def test_answering_and_standing_by():
    """The fewest levels answer, within the span; a backup is no doer, and of a kind that is missing if there is one."""
    tasks = [{**WATCH, "backups": 1, "kinds": "hospital"}]
    found = roles(tasks, guards(helpers=9, brigade=9, clinic=9))
    assert found["watch", "accountable"] == ["clinic"], "it could do it, as could the others; hospitals come first"
    assert found["watch", "responsible"] == ["clinic"], "as near as the helpers, and of the kind that must take part"
    assert found["watch", "backup"] == ["helpers"]
    two = [WATCH, {**WATCH, "task": "later"}]
    found = roles(two, guards(helpers=9), span=1)
    assert found["watch", "accountable"] == ["helpers"]
    assert found["later", "accountable"] != ["helpers"]


def test_nobody_is_paid_more_than_the_gap_costs():
    """A doer dearer than the gap stays at home, unless people would go without."""
    dear = [{**guards(helpers=9)[0], "cost_per_hour": 300}]
    assert ("watch", "responsible") not in roles([WATCH], dear)


@pytest.mark.parametrize("seed", [*range(5), *often(5, 16)])
def test_random_instances(seed):
    """The field rule's plan holds on random instances under scenarios, twice the same."""
    plan = dispatched(random_instance(seed))
    assert plan == co.dispatch(random_instance(seed))


@pytest.mark.parametrize("seed", [1114, *range(1000, 1004), *often(1004, 1012)])
def test_random_instances_with_hard_supply(seed):
    """The same where goods expire, overflow and travel long on capacitated roads."""
    dispatched(random_instance(seed, **HARD, scenario=True, supply_tasks=seed % 3 == 0, worst_off=False))


@pytest.mark.parametrize("seed", [*range(5), *often(5, 40)])
def test_random_instances_in_packs(seed):
    """The same with all goods in packs of three."""
    header, tables = random_tables(seed)
    tables["commodities"] = [{**row, "pack": 3} for row in tables["commodities"]]
    instance = co.Instance.from_tables(header, tables)
    dispatched(instance.under("storm") if tables["effects"] else instance)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(16, 400))
def test_random_instances_by_hundreds(seed):
    """The same on hundreds of instances."""
    dispatched(random_instance(seed))


@pytest.mark.parametrize("seed", [*range(4), *often(4, 30)])
def test_the_optimum_is_no_worse(seed):
    """No field rule beats the optimum; what a plan saves against it is what its own plan costs more."""
    instance = random_instance(seed)
    rule, plan = co.dispatch(instance), co.plan(instance, gap=0)
    assert rule.objective >= optimum(seed).objective - 1e-6 * abs(optimum(seed).objective)
    assert plan.baseline["objective"] == pytest.approx(rule.objective, rel=1e-9)
    assert plan.baseline["saves"] == plan.baseline["objective"] - plan.objective


@cache
def planned_street() -> co.Plan:
    """Return the plan of the street."""
    return co.plan(street())


@pytest.mark.parametrize("change", [{"saves": 1.0}, {"share": 0.5}, {"objective": 5.0}, {"share": None}])
def test_wrong_savings_are_noticed(change):
    """What a plan says that it saves follows from both costs; anything else verify refuses."""
    plan = planned_street()
    assert verify(plan).ok
    wrong = {**plan.baseline, **{key: value and plan.baseline[key] + value for key, value in change.items()}}
    assert not verify(dataclasses.replace(plan, baseline=wrong)).ok


def test_a_folder_of_its_own(tmp_path):
    """The command writes the field rule's plan as any other, and its summary says so."""
    from click.testing import CliRunner

    from coordination.cli import cli

    street().save(tmp_path / "street")
    done = CliRunner().invoke(cli, ["dispatch", str(tmp_path / "street"), "--out", str(tmp_path / "plan")])
    assert done.exit_code == 0, done.output
    assert "field rule" in done.output
    assert verify(tmp_path / "plan").ok
    assert co.Plan.load(tmp_path / "plan").baseline["saves"] == 0


def test_a_policy_of_the_field_rule():
    """With ``rationing: field`` planning gives the field rule's plan: feasible, with a bound that is one."""
    instance = ring({"a": 10, "b": 20, "c": 50})
    plan = co.plan(instance.replace(policy={"rationing": "field"}))
    assert list(served(plan).values()) == [6, 13, 31]
    assert plan.status is co.Status.FEASIBLE
    assert plan.bound <= co.plan(instance, gap=0).objective <= plan.objective
    assert plan.objective == dispatched(instance).objective
    assert verify(plan).ok


def test_no_time_no_comparison(monkeypatch):
    """A clock that is over leaves the plan without a comparison, and the summary says so."""
    from coordination.planning.case import Case
    from coordination.planning.clock import Clock
    from coordination.planning.dispatching import field_decision
    from coordination.planning.responsibility_data import Roles
    from coordination.summary import summarise

    case = Case.of(street())
    assert field_decision(case, Roles(case), Clock(limit=0.0)) is None
    assert np.isfinite(field_decision(case, Roles(case), Clock()).objective)
    assert "no time" in summarise(dataclasses.replace(co.plan(street()), baseline=None)).splitlines()[1]


def test_the_report_says_what_is_saved():
    """A card of the report where the plan saves anything, none on the field rule's own plan."""
    from coordination.report import render

    instance = random_instance(2)
    assert "against the field rule" in render(co.plan(instance))
    assert "against the field rule" not in render(co.dispatch(instance))


def test_rules_that_dispatchers_do_not_know_are_refused_by_name():
    """Orders, conflicts and diversity of backups: the field rule is refused, and plans are compared with nothing."""
    header, tables = random_tables(3, tasks=True, span=False, odd_ids=False)
    order = {"task": tables["tasks"][0]["task"], "party": "core", "role": "accountable", "rule": "must"}
    header["policy"] = {**header.get("policy", {}), "backup_diversity": True}
    instance = co.Instance.from_tables(header, {**tables, "mandates": [order]})
    with pytest.raises(co.UsageError, match=r"mandates \(must: 1 row\); policy.backup_diversity"):
        co.dispatch(instance)
    assert co.plan(instance).baseline is None
