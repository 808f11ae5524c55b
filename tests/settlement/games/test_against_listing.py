"""Solutions of random games against an independent listing of all coalitions, and the axioms they stand for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.settlement.games import (
    ListedGame,
    check_core,
    equal_profit,
    least_core,
    nash_bargaining,
    nucleolus,
    shapley,
)
from tests.support.games import least_core_listed, members, nucleolus_listed, rational_listed, shapley_by_orders

NAMES = "abcdefghijklmnop"


def draw(rng, players, kind):
    """Return costs by coalition: any, subadditive by pooling, or so few different ones that programs are degenerate."""
    inside = members(players)
    if kind == "any":
        costs = rng.uniform(-10, 10, 2**players)
    elif kind == "pooling":
        costs = np.sqrt(inside @ rng.uniform(0, 5, players)) * 10 + inside @ rng.uniform(0, 3, players)
    else:
        costs = rng.integers(0, 3, 2**players).astype(float) + inside.sum(axis=1)
    costs[0] = 0.0
    return costs


def check(seed, players, kind):
    """Compare every solution of one random game."""
    costs = draw(np.random.default_rng(seed), players, kind)
    game = ListedGame(NAMES[:players], list(costs))
    size = np.abs(costs).max()
    assert nucleolus(game).shares == pytest.approx(nucleolus_listed(costs, players), abs=1e-5 * size)
    assert shapley(game).shares == pytest.approx(shapley_by_orders(costs, players), abs=1e-9 * size)
    epsilon = least_core_listed(costs, players)
    assert least_core(game).epsilon == pytest.approx(epsilon, abs=1e-7 * size)
    bargain = nash_bargaining(game)
    for shares in (least_core(game).shares, equal_profit(game).shares, bargain.shares):
        found = check_core(game, shares)
        excess = (members(players) @ shares - costs)[1:-1].max()
        assert shares.sum() == pytest.approx(costs[-1])
        assert found.excess == pytest.approx(excess, abs=1e-9 * size)
    assert check_core(game, least_core(game).shares).excess <= epsilon + 1e-6 * size
    assert check_core(game, equal_profit(game).shares).excess <= max(0.0, epsilon) + 1e-5 * size
    alone = costs[[1 << p for p in range(players)]]
    if costs[-1] < alone.sum():
        assert bargain.epsilon == pytest.approx(max(0.0, rational_listed(costs, players)), abs=1e-6 * size)
        assert check_core(game, bargain.shares).excess <= bargain.epsilon + 1e-5 * size
        assert (bargain.shares <= alone + 1e-6 * size).all()
        assert bargain.distance <= 1e-6


@pytest.mark.parametrize("kind", ["any", "pooling", "few"])
@pytest.mark.parametrize("players", [2, 3, 4])
def test_solutions_equal_listing(players, kind):
    """Nucleolus, Shapley value, least core and core check agree with solving apart."""
    for seed in range(3):
        check(seed, players, kind)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(120))
def test_solutions_equal_listing_thorough(seed):
    """The same on hundreds of games, degenerate ones among them, with up to six players."""
    for kind in ("any", "pooling", "few"):
        check(1000 + seed, 2 + seed % 5, kind)


GAMES = st.integers(2, 4).flatmap(
    lambda n: st.lists(st.integers(-20, 20), min_size=2**n - 1, max_size=2**n - 1).map(lambda values: [0, *values])
)


def solved(costs):
    """Return nucleolus and Shapley value of a game."""
    game = ListedGame(NAMES[: len(costs).bit_length() - 1], [float(cost) for cost in costs])
    return game, nucleolus(game).shares, shapley(game).shares


@settings(max_examples=25, deadline=None)
@given(GAMES)
def test_efficiency_and_stability(costs):
    """All of the joint cost is shared; where the core is not empty the nucleolus lies in it."""
    game, least, value = solved(costs)
    assert least.sum() == pytest.approx(costs[-1], abs=1e-6)
    assert value.sum() == pytest.approx(costs[-1], abs=1e-6)
    if least_core(game).epsilon <= 0.0:
        assert check_core(game, least).excess <= 1e-5


@settings(max_examples=15, deadline=None)
@given(GAMES, st.lists(st.integers(-9, 9), min_size=4, max_size=4), st.integers(1, 5))
def test_covariance(costs, added, factor):
    """Other units and costs that each player bears by itself change shares in the same way."""
    players = len(costs).bit_length() - 1
    shift = np.array(added[:players], dtype=float)
    moved = factor * np.array(costs, dtype=float) + members(players) @ shift
    _, least, value = solved(costs)
    _, least_moved, value_moved = solved(moved)
    assert least_moved == pytest.approx(factor * least + shift, abs=1e-4)
    assert value_moved == pytest.approx(factor * value + shift, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(GAMES, st.randoms(use_true_random=False))
def test_names_and_order_do_not_matter(costs, random):
    """Players in another order have the same shares."""
    players = len(costs).bit_length() - 1
    order = list(range(players))
    random.shuffle(order)
    swapped = [0.0] * len(costs)
    for coalition, cost in enumerate(costs):
        swapped[sum(1 << order[p] for p in range(players) if coalition >> p & 1)] = cost
    _, least, value = solved(costs)
    _, least_swapped, value_swapped = solved(swapped)
    assert least_swapped[order] == pytest.approx(least, abs=1e-5)
    assert value_swapped[order] == pytest.approx(value, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(GAMES, st.integers(-9, 9))
def test_dummy(costs, alone):
    """Who adds the same to every coalition pays just that."""
    more = [*costs, *(cost + alone for cost in costs)]
    _, least, value = solved(more)
    assert value[-1] == pytest.approx(alone, abs=1e-6)
    subadditive = all(
        more[a] + more[b] >= more[a | b] for a in range(1, len(more)) for b in range(1, len(more)) if not a & b
    )
    if subadditive:
        assert least[-1] == pytest.approx(alone, abs=1e-5)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(-20, 20), min_size=14, max_size=14))
def test_shapley_is_additive(values):
    """The shares of two games played together are the sums of their shares."""
    one, other = [0, *values[:7]], [0, *values[7:]]
    both = [a + b for a, b in zip(one, other, strict=True)]
    assert solved(both)[2] == pytest.approx(solved(one)[2] + solved(other)[2], abs=1e-6)


def test_sampled_shapley_covers_the_value():
    """Beyond twelve players the value is estimated: most intervals hold the value, which is known of this game."""
    weights = np.arange(1.0, 15.0)
    costs = lambda coalition: sum(w for p, w in enumerate(weights) if coalition >> p & 1) ** 2  # noqa: E731
    game = ListedGame(NAMES[:14], costs)
    exact = weights * weights.sum()  # of the square of a sum, by symmetry of pairs
    found = shapley(game, samples=20, seed=1)
    assert not found.exact and found.interval.max() > 0.0
    assert found.shares.sum() == pytest.approx(weights.sum() ** 2)
    assert (np.abs(found.shares - exact) <= 1.5 * found.interval + abs(found.missed) / 14).mean() >= 0.8
    assert np.array_equal(shapley(game, samples=20, seed=1).shares, found.shares)
