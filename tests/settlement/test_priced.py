"""Settlement of large cases: the same shares as those of the whole model, on cases that are small enough for both."""

import dataclasses

import numpy as np
import pytest

import coordination as co
from coordination.errors import UsageError
from coordination.planning.clock import Clock
from coordination.planning.options import PlanOptions
from coordination.planning.ways import begun
from coordination.settlement.games import check_core
from coordination.settlement.priced import priced_game, priced_model
from coordination.settlement.production import ProductionGame
from coordination.settlement.settling import built, refuse_of_large
from tests.support.random_instances import random_instance
from tests.support.thorough import often

RIGHTS = (None, "law", "use", "population")


def priced(plan):
    """Return the game of a plan settled as a large case."""
    session, small = begun(plan.instance, PlanOptions(scenario=plan.instance.scenario), Clock(), None)
    assert small
    model, held = priced_model(session, plan)
    return priced_game(session, model, held, plan, "party")[0]


def check(seed):
    """Joint cost and costs alone are those of the whole model; the bound holds for all coalitions, and is near."""
    instance = random_instance(seed).replace(policy={"rights": RIGHTS[seed % 4]})
    plan = co.plan(instance, gap=1e-6, threads=1)
    _, _, players, production = built(plan, "party")
    whole = ProductionGame(production, players.names, players.of_party)
    if whole.size > 10:
        return False
    game = priced(plan)
    # Who has nothing but hours that the plan asks nothing of plays no part in the large case: it is worth nothing.
    at = [whole.players.index(name) for name in game.players]
    none = [n for n in range(whole.size) if n not in at]
    joint = whole.cost(whole.everybody)
    size = max(1.0, np.abs(whole.alone).max(), abs(joint))
    assert whole.owen[none] == pytest.approx(0.0, abs=1e-6 * size)
    assert game.cost(game.everybody) == pytest.approx(joint, abs=1e-6 * size)
    assert game.alone == pytest.approx(whole.alone[at], abs=1e-6 * size)
    # What all bring, and what is nobody's, is the joint cost.
    assert game.owen.sum() + game.unowned == pytest.approx(joint, abs=1e-5 * size)
    rng, few = np.random.default_rng(seed), game.size
    noise = rng.normal(size=few) * 0.01 * size
    whole_owen = game.owen + game.unowned / few
    drawn = whole_owen + noise - noise.mean(), rng.dirichlet(np.ones(few)) * joint
    for shares in (game.owen, *drawn):
        every = np.zeros(whole.size)
        every[at] = shares
        found, true = check_core(game, shares), check_core(whole, every)
        assert true.excess <= found.bound + 1e-6 * size
        assert found.excess <= true.excess + 1e-6 * size
    if RIGHTS[seed % 4]:
        assert check_core(game, game.owen).bound <= 1e-6 * size
    whole.close()
    return True


@pytest.mark.parametrize("seed", [*range(2), *often(2, 4)])
def test_priced_as_whole(seed):
    """On random instances."""
    check(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(600, 700))
def test_priced_as_whole_thorough(seed):
    """The same on a hundred."""
    check(seed)


def test_a_plan_without_prices_is_settled_too():
    """Plans made area by area have no prices: shipments then start from a coarser case, and the cost is the same."""
    instance = random_instance(1).replace(policy={"rights": "law"})
    plan = co.plan(instance, gap=1e-6, threads=1)
    bare = dataclasses.replace(plan, tables={**plan.tables, "prices": plan.prices.iloc[:0]})
    game, without = priced(plan), priced(bare)
    size = max(1.0, abs(plan.objective))
    assert without.cost(without.everybody) == pytest.approx(game.cost(game.everybody), abs=1e-6 * size)
    assert check_core(without, without.owen).bound <= 1e-6 * size


def test_large_cases_refuse_what_is_not_settled_there():
    """Other ways of sharing, roles free and settling in part are refused by name, all of them at once."""
    plan = co.plan(random_instance(1).replace(policy={"settle_in": "cash"}), gap=1e-6, threads=1)
    with pytest.raises(UsageError, match="too large for method nucleolus, roles free, settle_in cash"):
        refuse_of_large(plan, ("owen", "nucleolus"), "free")
