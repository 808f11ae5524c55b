"""Coalitions that trade: the cost of everybody's program, bounds below it, plans that hold; and each alone."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from click.testing import CliRunner

import coordination as co
from coordination.cli import cli
from coordination.errors import UsageError
from coordination.planning.clock import Clock
from coordination.planning.linear import solve_linear, with_roles
from coordination.planning.networked.coalitions import coalitions_of
from coordination.planning.networked.market import open_market
from coordination.planning.networked.opening import opening
from coordination.planning.options import PlanOptions
from coordination.planning.ways import answered, begun
from tests.support.random_instances import random_instance
from tests.support.thorough import often
from tests.support.tiny import ROAD, TRUCK, need, tiny

PARTIES = [
    {"party": "core", "kind": "core", "zone": "city"},
    {"party": "farm", "kind": "enterprise", "zone": "city", "superior": "core"},
    {"party": "people", "kind": "residents_committee", "zone": "east", "superior": "core"},
]
STOCK = {"place": "depot", "commodity": "rice", "quantity": 8, "owner": "farm"}


def farm(**policy):
    """Return a farm with 8 units, people who need 10, the core's truck between them; a unit costs 6 to bring."""
    tables = {"parties": PARTIES, "stocks": [STOCK], "needs": [need(10)], "fleets": [TRUCK], "roads": [ROAD]}
    return tiny(policy, **tables)


def agreed(instance):
    """Return the model of everybody, its roles, and the least cost with these roles (solved as one program)."""
    session, small = begun(instance, PlanOptions(gap=1e-6, threads=1), Clock(), None)
    answer = answered(session, small)
    session.columns.active = session.columns.allowed.copy()
    apart = dataclasses.replace(session, model=answer.model)
    linear = solve_linear(apart, lambda form: with_roles(form, answer.values), "roles fixed", 0.0)
    for program in (answer.program, linear.program):
        program.close()
    return answer.model, answer.values, linear.objective


def check(seed, **features):
    """Trade on a random instance; to the end, and stopped early."""
    instance = random_instance(seed, **features)
    _, _, least = agreed(instance)
    size = max(1.0, abs(least))
    plan = co.plan(instance.replace(policy={"governance": "networked"}), gap=2e-6, threads=1)
    rounds = plan.networked["rounds"]
    assert plan.objective == pytest.approx(least, abs=1e-5 * size)
    assert max(one["bound"] for one in rounds[1:]) <= least + 1e-6 * size
    assert plan.networked["gap"] <= 1e-5
    assert co.verify(plan).ok, str(co.verify(plan))
    for stop in {1, 3, len(rounds) // 2} - set(range(len(rounds), 9)):
        early = co.plan(instance.replace(policy={"governance": "networked", "price_rounds": stop}), gap=1e-6, threads=1)
        assert co.verify(early).ok, (stop, str(co.verify(early)))
        assert early.objective >= least - 1e-6 * size
        assert len(early.networked["rounds"]) <= stop + 1


@pytest.mark.parametrize("seed", [0, *often(3, 4), *often(8, 9)])
def test_trade_meets_the_program_of_everybody(seed):
    """Run to the end it costs what one program with the same roles costs; bounds lie below; every early stop holds."""
    check(seed, owners=True)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(20, 80))
def test_trade_meets_the_program_of_everybody_often(seed):
    """The same on many random instances."""
    check(seed)


def check_consensus(seed):
    """Come to terms on a random instance: cost near that of one program, no bound above it, a plan that holds."""
    instance = random_instance(seed, owners=True)
    _, _, least = agreed(instance)
    size = max(1.0, abs(least))
    policy = {"governance": "networked", "decomposition": "consensus", "price_rounds": 50}
    plan = co.plan(instance.replace(policy=policy), gap=1e-6, threads=1)
    assert least - 1e-6 * size <= plan.objective <= least + 1e-3 * size
    assert max(one["bound"] for one in plan.networked["rounds"]) <= least + 1e-6 * size
    assert co.verify(plan).ok, str(co.verify(plan))


@pytest.mark.parametrize("seed", [3, *often(0, 8)])
def test_consensus_meets_the_program_of_everybody(seed):
    """The second way comes within 1e-3 of one program with the same roles, every bound below it."""
    check_consensus(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 130))
def test_consensus_meets_the_program_of_everybody_often(seed):
    """The same on many random instances."""
    check_consensus(seed)


def test_what_is_missing_makes_the_first_prices():
    """The people would pay 100 for a unit at their place, the farm and the core nothing; free, they take all ten."""
    model, values, _ = agreed(farm())
    market = open_market(model, values, coalitions_of(farm(), "party"))
    market.clearing.close()
    for one in market.coalitions:
        said = opening(one.program)
        assert said.worth.max(initial=0.0) == pytest.approx(100.0 if one.name == "people" else 0.0)
        if one.name == "people":
            assert said.offers.takes.toarray().max() == pytest.approx(10.0)
            assert said.value == pytest.approx(0.0)


def test_by_hand():
    """All eight units are sold and brought, two people go without; alone all ten do."""
    together = co.plan(farm(governance="networked"), gap=1e-9, threads=1)
    assert together.objective == pytest.approx(2 * 100 + 8 * 6)
    assert together.networked["coalitions"] == ["core", "farm", "people"]
    alone = co.plan(farm(governance="alone"), threads=1)
    assert alone.objective == pytest.approx(1000.0)
    still = co.plan(farm(governance="networked", price_rounds=0), threads=1)
    assert still.objective == pytest.approx(1000.0)
    consensus = co.plan(farm(governance="networked", decomposition="consensus"), gap=1e-6, threads=1)
    assert consensus.objective == pytest.approx(2 * 100 + 8 * 6, rel=1e-6)
    assert consensus.networked["decomposition"] == "consensus"
    for plan in (together, alone, still, consensus):
        assert co.verify(plan).ok, str(co.verify(plan))


def test_a_wrong_record_is_noticed():
    """A bound above the cost, or bytes that do not fit the rows, violate the rule of mutual aid."""
    plan = co.plan(farm(governance="networked"), threads=1)
    rounds = [dict(one) for one in plan.networked["rounds"]]
    rounds[-1]["bound"] = 1e6
    wrong = dataclasses.replace(plan, networked={**plan.networked, "rounds": rounds})
    assert {one.rule for one in co.verify(wrong).violations} == {"mutual_aid"}
    messages = plan.messages.assign(bytes=plan.messages["bytes"] + 1)
    wrong = dataclasses.replace(plan, tables={**plan.tables, "messages": messages})
    assert {one.rule for one in co.verify(wrong).violations} == {"mutual_aid"}


def test_a_program_reads_nothing_of_others():
    """Others' stocks, prices, costs and benefits changed, a coalition's program stays the same to the last number.

    Two coalitions are looked at: each takes the programs of all anew.
    """
    instance = random_instance(8, owners=True, worst_off=False)
    model, values, _ = agreed(instance)
    names = coalitions_of(instance, "party")
    market = open_market(model, values, names)
    market.clearing.close()
    changed = 0
    for (name, parties), one in list(zip(names, market.coalitions, strict=True))[:2]:
        assert one.case.instance.sha256 == instance.restrict(*parties).sha256
        other = with_others_changed(instance, parties[0])
        apart = dataclasses.replace(model, case=dataclasses.replace(model.case, instance=other))
        again = open_market(apart, values, names)
        again.clearing.close()
        same = next(twin for twin in again.coalitions if twin.name == name)
        for part in ("start", "index", "value", "c", "lb", "ub", "row_lower", "row_upper"):
            assert np.array_equal(getattr(same.form, part), getattr(one.form, part)), (name, part)
        changed += sum(
            not np.array_equal(twin.form.c, before.form.c)
            for twin, before in zip(again.coalitions, market.coalitions, strict=True)
        )
    assert changed > 0


def with_others_changed(instance, party):
    """Return the instance with what others own, need and pay changed in amount, not in kind."""
    tables = {}
    for table, owner, columns in (
        ("stocks", "owner", ["quantity"]), ("arrivals", "owner", ["quantity"]), ("fleets", "party", ["cost_per_km"]),
        ("skills", "party", ["cost_per_hour"]), ("interests", "party", ["benefit"]),
    ):  # fmt: skip
        rows = instance.given(table).copy()
        others = (rows[owner] != party).to_numpy()
        for column in set(columns) & set(rows):
            rows.loc[others, column] = rows.loc[others, column] * 1.5
        tables[table] = rows
    return instance.replace(**tables)


def test_workers_change_nothing():
    """One worker, three or none: the same plan to the last digit."""
    instance = random_instance(3).replace(policy={"governance": "networked"})
    plans = [co.plan(instance, threads=1)]
    for workers in (1, 3):
        with ThreadPoolExecutor(workers) as executor:
            plans.append(co.plan(instance, threads=1, executor=executor))
    assert plans[0] == plans[1] == plans[2]


def test_workers_change_nothing_in_consensus():
    """The same for the second way."""
    instance = farm(governance="networked", decomposition="consensus")
    with ThreadPoolExecutor(3) as executor:
        assert co.plan(instance, threads=1) == co.plan(instance, threads=1, executor=executor)


@pytest.mark.parametrize("seed", [3, *often(5, 6), *often(8, 9)])
def test_alone(seed):
    """Alone is a plan that holds, and never cheaper than all together."""
    instance = random_instance(seed, span=False)
    plan = co.plan(instance.replace(policy={"governance": "alone"}), gap=1e-6, threads=1)
    assert co.verify(plan).ok, str(co.verify(plan))
    together = co.plan(instance, gap=1e-6, threads=1)
    assert plan.objective >= together.objective - 1e-5 * max(1.0, abs(together.objective))


def test_zones_decide_together():
    """Parties of a community act as one, those above it with the core."""
    assert coalitions_of(farm(), "community") == [("core", ("core", "farm")), ("east", ("people",))]


def test_what_is_not_carried_out_is_refused():
    """Rules that nothing says how coalitions keep are refused by name."""
    with pytest.raises(UsageError, match=r"governance networked with policy\.rationing found"):
        co.plan(farm(governance="networked", rationing="leximin"))
    with pytest.raises(UsageError, match="explain: governance alone found"):
        co.explain(co.plan(farm(governance="alone"), threads=1), party="farm")


def test_cases_too_large_are_refused(monkeypatch):
    """Where the model of everybody is not solved whole, coalitions do not decide yet."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", 0)
    with pytest.raises(UsageError, match="governance networked with 1 possible shipments found"):
        co.plan(farm(governance="networked"))


def test_command(tmp_path):
    """The command trades for so many rounds, prints rounds and messages, and writes both."""
    farm().save(tmp_path / "farm")
    line = [
        "plan",
        str(tmp_path / "farm"),
        "--out",
        str(tmp_path / "out"),
        "--governance",
        "networked",
        "--rounds",
        "4",
    ]
    result = CliRunner().invoke(cli, [*line, "--by", "party", "--threads", "1"])
    assert result.exit_code == 0, result.output
    assert "3 coalitions by party" in result.output
    assert "said: offers" in result.output
    plan = co.Plan.load(tmp_path / "out")
    assert len(plan.messages) and len(plan.networked["rounds"]) <= 5
    assert co.verify(tmp_path / "out").ok
