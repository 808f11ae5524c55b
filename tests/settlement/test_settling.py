"""Settling a plan: shares worked out by hand, payments to the cent, and what is refused."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import coordination as co
from coordination.cli import cli
from coordination.errors import UsageError
from coordination.settlement.honesty import honesty, told
from coordination.settlement.ledger import CASH, SUPPLIES, VALUE, Tier, ledger, payments
from tests.support.tiny import ROAD, TRUCK, need, tiny

PARTIES = [
    {"party": "core", "kind": "core", "zone": "city"},
    {"party": "farm", "kind": "enterprise", "zone": "city", "superior": "core"},
    {"party": "people", "kind": "residents_committee", "zone": "east", "superior": "core"},
]
STOCK = {"place": "depot", "commodity": "rice", "quantity": 8, "owner": "farm"}


def farm(policy=None, **tables):
    """Return a farm with 8 units, people who need 10, the core's truck between them.

    A unit costs 6 to bring (a tenth of a tonne in a truck of 2 t, 60 km at 2) and saves 100: the joint cost is
    200 + 48, alone the people go without at 1000.
    """
    given = {"parties": PARTIES, "stocks": [STOCK], "needs": [need(10)], "fleets": [TRUCK], "roads": [ROAD]}
    return tiny(policy, **given | tables)


@pytest.fixture(scope="module")
def plan():
    """Return the plan of the farm."""
    return co.plan(farm(), threads=1)


def bears(settled, method):
    """Return what each player bears by one method."""
    rows = settled.shares[settled.shares["method"] == method]
    return dict(zip(rows["party"], rows["share"].round(6), strict=True))


def test_owen_by_hand(plan):
    """A unit of need costs 100, a unit of stock saves 94, trucks are not scarce: the farm gets 8 * 94."""
    settled = co.settle(plan)
    assert bears(settled, "owen") == pytest.approx({"core": 0.0, "farm": -752.0, "people": 1000.0})
    rows = settled.ledger.to_dict("records")
    assert rows == [
        {"from": "people", "to": "core", "reason": CASH, "money": 48.0},
        {"from": "people", "to": "farm", "reason": VALUE, "money": 752.0},
    ]
    record = settled.settlement
    assert record["stable"] and record["joint"] == pytest.approx(248.0) and record["alone"] == pytest.approx(1000.0)
    assert any("No subset gains by leaving" in line for line in record["certificate"])
    assert co.verify(settled).ok, str(co.verify(settled))
    words = " ".join(record["words"])
    assert "pooling saves 752.00 (75.2%)" in words and "Who gains: farm (752.00)" in words
    assert "Who gives: farm (752.00) and core (48.00)" in words and "Who pays: people (800.00)" in words
    assert "Nobody" not in words and "Proven: nobody" in words


def test_other_methods_by_hand(plan):
    """Nothing is saved but by all three: each saves a third of 752 by every other method."""
    methods = ("nucleolus", "shapley", "nash", "equal_profit", "least_core", "owen")
    settled = co.settle(plan, method=methods)
    third = 752.0 / 3
    for method in methods[:-1]:
        expected = {"core": -third, "farm": -third, "people": 1000.0 - third}
        assert bears(settled, method) == pytest.approx(expected, abs=0.011), method
    assert settled.settlement["method"] == "nucleolus"
    assert co.verify(settled).ok, str(co.verify(settled))


def test_free_roles_cost_the_same_without_tasks(plan):
    """Planned anew from `Instance.restrict`, coalitions cost what the program with fixed roles says."""
    fixed, free = co.settle(plan, method="shapley"), co.settle(plan, method="shapley", roles="free")
    assert bears(free, "shapley") == pytest.approx(bears(fixed, "shapley"), abs=0.011)


def test_cash():
    """In cash only transport is shared: 48, a third each, but the farm, requisitioned, pays nothing."""
    settled = co.settle(co.plan(farm({"settle_in": "cash"}), threads=1), method="shapley")
    assert bears(settled, "shapley") == pytest.approx({"core": 16.0, "farm": 0.0, "people": 32.0}, abs=0.011)
    assert not settled.settlement["stable"]
    assert co.verify(settled).ok, str(co.verify(settled))


def test_round_trip_and_command(plan, tmp_path):
    """The command writes a folder that reads back equal, and verify takes it; the plan beside it is untouched."""
    plan.save(tmp_path / "plan")
    result = CliRunner().invoke(cli, ["settle", str(tmp_path / "plan")])
    assert result.exit_code == 0, result.output
    assert "No subset gains by leaving" in result.output
    settled = co.Plan.load(tmp_path / "plan-settlement")
    assert settled.kind == "settlement" and len(settled.ledger) == 2
    assert CliRunner().invoke(cli, ["verify", str(tmp_path / "plan-settlement")]).exit_code == 0
    assert co.Plan.load(tmp_path / "plan").kind == "plan"


@pytest.mark.parametrize("table", ["ledger", "shares"])
def test_verify_finds_a_cent(plan, table):
    """A cent more in one row of ledger or shares is found."""
    settled = co.settle(plan)
    frame = settled.tables[table].copy()
    column = "money" if table == "ledger" else "share"
    frame.loc[0, column] += 0.01
    changed = dataclasses.replace(settled, tables={**settled.tables, table: frame})
    assert not co.verify(changed).ok


def test_rights():
    """A road that is nobody's is worth 752 in the joint plan; by law it is the core's, and the core is paid for it."""
    narrow = {**ROAD, "capacity_tonnes": 0.4}
    open_to_all = co.settle(co.plan(farm(roads=[narrow]), threads=1))
    assert open_to_all.settlement["method"] == "least_core"
    by_law = co.settle(co.plan(farm({"rights": "law"}, roads=[narrow]), threads=1))
    assert bears(by_law, "owen") == pytest.approx({"core": -4 * 94.0, "farm": 0.0, "people": 1000.0})
    assert by_law.settlement["stable"]


def test_tiers_share_public_money():
    """Public payments are split by level up to the cap; what it leaves open is the core's."""
    bears_, falls = np.array([30.0, 70.0, -100.0]), np.zeros(3)
    public, nobody = np.array([True, True, False]), np.zeros(3, dtype=bool)
    tiers = [Tier(0.25, np.inf, (0,), (1.0,)), Tier(0.75, 60.0, (1,), (1.0,))]
    assert payments(bears_, falls, nobody, public, tiers, 0).tolist() == [4000, 6000, -10000]
    capped = [Tier(0.25, 10.0, (0,), (1.0,)), Tier(0.75, 60.0, (1,), (1.0,))]
    assert payments(bears_, falls, nobody, public, capped, 0).tolist() == [4000, 6000, -10000]
    assert payments(bears_, falls, nobody, public, [], 0).tolist() == [3000, 7000, -10000]


def test_requisitioned_only_receive():
    """Who is requisitioned and should pay does not: the other payers pay for it."""
    cents = payments(np.array([10.0, 20.0, -30.0]), np.zeros(3), np.array([True, False, False]),
                     np.zeros(3, dtype=bool), [], 1)  # fmt: skip
    assert cents.tolist() == [0, 3000, -3000]


def test_cents_balance():
    """Payments of thirds are rounded so that they sum to 0, and the ledger pays just these."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        pays = rng.normal(size=7) * 100
        pays -= pays.mean()
        cents = payments(pays, np.zeros(7), np.zeros(7, dtype=bool), np.zeros(7, dtype=bool), [], 0)
        assert cents.sum() == 0 and np.abs(cents - pays * 100).max() <= 1.5
        table = ledger(list("abcdefg"), cents, np.abs(rng.normal(size=7)) * 50)
        net = table.groupby("from")["money"].sum().sub(table.groupby("to")["money"].sum(), fill_value=0.0)
        assert (net.reindex(list("abcdefg"), fill_value=0.0) * 100).round().tolist() == cents.tolist()
        assert isinstance(table, pd.DataFrame) and (table["money"] > 0).all()


def test_honesty(plan):
    """A farm that halves its stock loses half its payoff; whoever doubles the cost of a truck gains nothing by Owen."""
    table = honesty(plan, draws=40, method=("owen", "nucleolus")).set_index("method")
    assert (table["reports"] == 40).all()
    # The truck's cost enters the price of stock: the farm loses 48 by the core's report, the core keeps its 48.
    assert table.loc["owen", "largest"] == pytest.approx(48.0)
    assert table.loc["nucleolus", "largest"] == pytest.approx(48.0 * 2 / 3, abs=0.01)


def test_refusals(plan):
    """Unknown options are refused by name, with what was expected."""
    for options, words in (
        ({"method": "fair"}, "fair found; expected some of owen"),
        ({"by": "block"}, "expected party or one of community"),
        ({"roles": "some"}, "expected fixed or free"),
    ):
        with pytest.raises(UsageError, match=words):
            co.settle(plan, **options)
    for options, words in (
        ({"settle_in": "rice"}, "settle_in 'rice' found; expected one of social_cost, cash, supplies"),
        ({"time_limit": -1.0}, "time limit -1.0 found; expected seconds above 0"),
        ({"rights": "might"}, "rights 'might' found; expected one of population, use, law"),
        ({"settle_in": "supplies", "roles": "free"}, "settle_in supplies with roles free"),
    ):
        with pytest.raises(UsageError, match=words):
            co.settle(plan, **options)


def test_honesty_in_words(plan):
    """The summary says what a misreport is, and what is gained where the payoff is nothing; no draws are refused."""
    text = " ".join(told(honesty(plan, draws=40, method=("owen", "nucleolus"))))
    assert "whose payoff is otherwise nothing" in text and "48.00, by core (cost of truck doubled)" in text
    assert "No way of sharing here is proof" in text
    with pytest.raises(UsageError, match="0 draws found"):
        honesty(plan, draws=0)


def test_no_settlement_twice(plan):
    """A settlement is refused by name, and what holds no plan at all."""
    with pytest.raises(UsageError, match="holds a settlement, whose costs are shared already"):
        co.settle(co.settle(plan))
    with pytest.raises(UsageError, match="holds a settlement"):
        honesty(co.settle(plan))
    with pytest.raises(UsageError, match="a cycle found; expected a plan"):
        co.settle(dataclasses.replace(plan, kind="cycle"))


def test_supplies(plan):
    """In supplies only going without is shared: 200 of 1000, which it takes all three to save; a third of 800 each."""
    settled = co.settle(plan, method="shapley", settle_in="supplies")
    third = 800.0 / 3
    assert bears(settled, "shapley") == pytest.approx(
        {"core": -third, "farm": -third, "people": 1000 - third}, abs=0.011
    )
    assert set(settled.ledger["reason"]) == {SUPPLIES}
    assert settled.ledger["money"].sum() == pytest.approx(2 * third, abs=0.011)
    assert settled.instance.policy.settle_in == "supplies"
    assert co.verify(settled).ok, str(co.verify(settled))
