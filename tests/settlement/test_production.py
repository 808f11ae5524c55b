"""Owen's payoffs are in the core: of random instances with everything owned and roles fixed, all coalitions valued."""

import numpy as np
import pytest

import coordination as co
from coordination.planning.clock import Clock
from coordination.planning.options import PlanOptions
from coordination.planning.ways import begun
from coordination.settlement.burdens import Burdens
from coordination.settlement.games import check_core, least_core, near_least_core, nucleolus
from coordination.settlement.held import Held
from coordination.settlement.ownership import production_of
from coordination.settlement.players import players_of
from coordination.settlement.production import ProductionGame
from tests.support.games import least_core_listed
from tests.support.random_instances import random_instance
from tests.support.thorough import often

RIGHTS = ("law", "use", "population")
CENT = 0.01


def drawn(seed, rights, **features):
    """Return a random instance, its plan, and the game of its coordination LP."""
    instance = random_instance(seed, **features)
    if rights:
        instance = instance.replace(policy={"rights": rights})
    plan = co.plan(instance, gap=1e-6, threads=1)
    return instance, plan, *game_of(plan)


def game_of(plan, by="party"):
    """Return the game of a plan, and its roles."""
    session, small = begun(plan.instance, PlanOptions(scenario=plan.instance.scenario), Clock(), None)
    assert small
    session.columns.active = session.columns.allowed.copy()
    held = Held.of(plan, session.model.roles)
    production = production_of(session.model, session.columns, held, plan)
    players = players_of(session.model.case, production, by)
    return ProductionGame(production, players.names, players.of_party), held


def check_owned(seed, **features):
    """Everything owned: the joint program costs what the plan does, and no coalition gains a cent for each party."""
    _, plan, game, held = drawn(seed, RIGHTS[seed % 3], **features)
    size = max(1.0, abs(plan.objective))
    assert game.cost(game.everybody) == pytest.approx(plan.objective, abs=1e-5 * size)
    assert abs(game.unowned) <= 1e-9 * size
    assert game.owen.sum() == pytest.approx(game.cost(game.everybody), abs=1e-6 * size)
    assert check_core(game, game.owen).excess <= CENT * game.size
    assert game.relaxed_excess(game.owen) <= CENT * game.size
    # What falls on the parties is the plan's cost, term by term.
    burdens = Burdens(plan, held)
    for term, total in plan.terms.items():
        assert burdens.parts_by_rule(term).sum() == pytest.approx(total, abs=1e-5 * size), term
    game.close()


@pytest.mark.parametrize("seed", [*range(2), *often(2, 5)])
def test_owen_is_in_the_core(seed):
    """On random instances Owen's payoffs share the plan's cost and keep every coalition."""
    check_owned(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 400))
def test_owen_is_in_the_core_thorough(seed):
    """The same on hundreds."""
    check_owned(seed)


def check_alone(seed):
    """Without tasks a coalition's program costs what planning its restricted instance costs."""
    instance, _, game, _ = drawn(seed, None, tasks=False, supply_tasks=False, worst_off=False)
    rng = np.random.default_rng(seed)
    for coalition in {1, game.everybody, *rng.integers(1, game.everybody + 1, 3).tolist()}:
        names = game.names(coalition)
        alone = co.plan(instance.restrict(*names), gap=1e-7, threads=1)
        size = max(1.0, abs(alone.objective))
        assert game.cost(coalition) == pytest.approx(alone.objective, abs=1e-5 * size), (names, seed)
    game.close()


@pytest.mark.parametrize("seed", [0, *often(1, 2)])
def test_coalitions_cost_what_restricted_plans_do(seed):
    """The game's costs equal plans made of `Instance.restrict`, another way to the same numbers."""
    check_alone(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(500, 560))
def test_coalitions_cost_what_restricted_plans_do_thorough(seed):
    """The same on dozens."""
    check_alone(seed)


def capacitated(seed):
    """Return a game in which roads are nobody's and worth something, or None."""
    _, _, game, _ = drawn(seed, None, capacities=True, owners=False, tasks=False)
    return game if game.production.shared and 2 <= game.size <= 5 else None


def test_shared_capacity_against_brute_force():
    """With roads that are nobody's the least core's epsilon is that of all coalitions listed and solved apart."""
    found, seed = 0, 40
    while found < 2:
        game, seed = capacitated(seed), seed + 1
        if game is None:
            continue
        found += 1
        costs, size = game.costs, max(1.0, np.abs(game.costs).max())
        assert least_core(game).epsilon == pytest.approx(least_core_listed(costs, game.size), abs=1e-6 * size)
        inner = game.owen + (game.cost(game.everybody) - game.owen.sum()) / game.size
        near, lower = near_least_core(game, inner, near=CENT, rounds=40)
        assert lower <= least_core(game).epsilon + 1e-6 * size <= near.epsilon + 2e-6 * size
        game.close()


def test_search_finds_the_worst_coalition(monkeypatch):
    """The program with a binary for each player finds what listing all coalitions finds, spans left aside too."""
    seed = next(seed for seed in range(2, 99) if len(random_instance(seed).parties) <= 5)
    _, _, game, _ = drawn(seed, "law")
    rng = np.random.default_rng(0)
    joint = game.cost(game.everybody)
    for _ in range(3):
        weights = rng.dirichlet(np.ones(game.size))
        shares = joint * weights
        listed = game.worst(shares)
        searched = game._searched(shares, [])
        size = max(1.0, np.abs(game.costs).max())
        assert searched.excess == pytest.approx(listed.excess, abs=1e-5 * size)
        assert searched.bound >= listed.excess - 1e-5 * size
    by_listing = nucleolus(game).shares
    monkeypatch.setattr("coordination.settlement.production.LISTED", 0)
    assert nucleolus(game).shares == pytest.approx(by_listing, abs=1e-4 * size)
    game.close()
