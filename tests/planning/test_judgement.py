"""Judgement and the ladder of information: for each rung an instance where it must help, worked out by hand."""

from typing import Any

import numpy as np
import pytest
from scipy.special import stdtrit

import coordination as co
from coordination.errors import UsageError
from coordination.planning.guessing import GUESSES, guess_of, trades
from coordination.planning.judgement.arbitrating import Claim, grant
from tests.support.random_instances import random_instance
from tests.support.thorough import often

RUNGS = ("nothing", "state", "intentions", "plans", "prices")
WITHOUT = 100.0
"""Money for a unit that is missing; a trip of a unit costs one money a km."""


def two_wards(stores: dict[str, tuple[float, float]], hours: tuple[float, float] = (100.0, 100.0)) -> co.Instance:
    """Return two wards, each needs 10 units in the only period, and stores around them.

    Parameters
    ----------
    stores : dict
        By name km from either ward, and units of the core that lie there.
    hours : tuple of float
        Hours of the fleets of the committees of ward a and ward b; both may load at every store.
    """
    wards = ("a", "b")
    return co.Instance.from_tables(
        {"name": "two-wards", "periods": 1, "period_hours": 100},
        {
            "zones": [{"zone": "city", "level": "city"}]
            + [{"zone": f"z{w}", "level": "community", "parent": "city"} for w in wards],
            "places": [{"place": w, "kind": "community", "zone": f"z{w}"} for w in wards]
            + [{"place": name, "kind": "depot", "zone": "city"} for name in stores],
            "roads": [
                {"road": f"{w}{name}", "from": w, "to": name, "km": km, "minutes": km}
                for w in wards for name, (km, _) in stores.items()
            ],
            "parties": [{"party": "core", "kind": "core", "zone": "city"}]
            + [{"party": f"p{w}", "kind": "residents_committee", "zone": f"z{w}", "superior": "core"} for w in wards],
            "commodities": [{"commodity": "can", "kg": 1000, "cost_without": WITHOUT}],
            "stocks": [
                {"place": name, "commodity": "can", "quantity": units, "owner": "core"}
                for name, (_, units) in stores.items()
            ],
            "needs": [{"place": w, "commodity": "can", "period": 0, "quantity": 10, "party": f"p{w}"} for w in wards],
            "fleets": [
                {"fleet": f"f{w}", "party": f"p{w}", "base": w, "vehicles": 1, "payload_tonnes": 1, "hours": h,
                 "cost_per_km": 1, "loads_at": ";".join(stores)}
                for w, h in zip(wards, hours, strict=True)
            ],
        },
    )  # fmt: skip


LADDER: dict[str, tuple[co.Instance, float, float]] = {
    # 20 units lie 1 km away, the core's. Who sees nothing has nothing: 20 missing, 20 * 100. Who sees where they lie
    # takes 10 each, a trip there and back is 2 km: 20 * 2.
    "state": (two_wards({"near": (1, 20)}), 2000.0, 40.0),
    # 10 lie near, 10 lie 2 km away. By the state alone both head for the near ones, a comes first, b finds none:
    # 10 * 2 + 10 * 100. Having heard of each other each takes 5 near, 5 far: 10 * 2 + 10 * 4.
    "intentions": (two_wards({"near": (1, 10), "far": (2, 10)}), 1020.0, 60.0),
    # 10 lie near, 5 at 2 km, 10 at 3 km. Having heard of each other each reckons with 5 near, and both with the 5 at 2
    # km, for which nobody had asked: a takes them, 5 of b's are missing: 10 * 2 + 5 * 4 + 5 * 100. Seeing a's plan b
    # goes for the last: 10 * 2 + 5 * 4 + 5 * 6.
    "plans": (two_wards({"near": (1, 10), "middle": (2, 5), "last": (3, 10)}), 540.0, 70.0),
    # 20 lie 1 km away, b's trucks have no hours. Plans help only a: 10 * 2 + 10 * 100. At prices a's trucks bring b's
    # share, too: a, store, b, store, a are 4 km: 10 * 2 + 10 * 4.
    "prices": (two_wards({"near": (1, 20)}, hours=(100.0, 0.0)), 1020.0, 60.0),
}
"""For each rung an instance, its cost on the rung below, and on it."""


def on_rung(instance: co.Instance, rung: str) -> co.Plan:
    """Plan networked, seeing so much."""
    return co.plan(instance.replace(policy={"governance": "networked", "information": rung}), gap=1e-6, threads=1)


@pytest.mark.parametrize("rung", LADDER)
def test_each_rung_helps_where_it_must(rung):
    """By as much as reckoned by hand; what is decided keeps every rule."""
    instance, below, on = LADDER[rung]
    without, with_it = (on_rung(instance, name) for name in (RUNGS[RUNGS.index(rung) - 1], rung))
    assert without.objective == pytest.approx(below) and with_it.objective == pytest.approx(on)
    for plan in (without, with_it):
        assert co.verify(plan).ok, str(co.verify(plan))


@pytest.mark.thorough
@pytest.mark.parametrize("towns", [4, 30])
def test_no_rung_hurts_in_the_mean(towns):
    """Over some seeded towns no rung costs more than the one below by more than its 95 % interval."""
    draw, costs = np.random.default_rng(7), list[list[float]]()
    for _ in range(towns):
        stores = {name: (float(draw.integers(1, 9)), float(draw.integers(0, 15))) for name in "uvw"}
        instance = two_wards(stores, tuple(draw.uniform(0.2, 3.0, 2)))
        costs.append([float(on_rung(instance, rung).objective or 0.0) for rung in RUNGS])
    worth = -np.diff(np.array(costs), axis=1)
    mean = worth.mean(axis=0)
    half = stdtrit(towns - 1, 0.975) * worth.std(axis=0, ddof=1) / np.sqrt(towns)
    assert (mean >= -half).all(), (mean, half)
    assert mean.sum() > 0


def test_what_is_seen_limits_what_is_guessed():
    """Each guess needs its rung; networked makes the most of what is seen; alone sees nothing."""
    instance = two_wards({"near": (1, 20)})

    def guess(**policy: Any) -> str:
        return guess_of(instance.replace(policy=policy).policy)

    assert guess(governance="judgement") == "optimistic"
    assert [guess(governance="judgement", guess="shared_plan", information=rung) for rung in RUNGS[:-1]] == [*GUESSES]
    assert guess(governance="networked", information="plans") == "shared_plan"
    assert guess(governance="alone") == "pessimistic"
    assert trades(instance.replace(policy={"governance": "networked"}).policy)
    assert not trades(instance.replace(policy={"governance": "networked", "information": "plans"}).policy)


@pytest.mark.parametrize("guess", GUESSES)
@pytest.mark.parametrize("seed", [3, *often(12, 13)])
def test_every_guess_gives_a_plan_that_keeps_all_rules(seed, guess):
    """On random instances, whatever is guessed."""
    policy = {"governance": "judgement", "guess": guess, "span": None, "max_gini": None, "max_ratio": None}
    none = {name: [] for name in ("mandates", "conflicts", "depends", "pins")}
    plan = co.plan(random_instance(seed).replace(policy=policy, **none), gap=1e-6, threads=1)
    assert plan.sizes["way"] == ("alone" if guess == "pessimistic" else "judgement")
    assert co.verify(plan).ok, str(co.verify(plan))


def claim(sent: list[tuple[int, int, int, int, float]], served: list[tuple[int, int, float]]) -> Claim:
    """Return a claim from rows: out_of, into, depart, arrive, units; used, when, units."""
    ships, service = (np.array(rows, dtype=float).reshape(-1, width) for rows, width in ((sent, 5), (served, 3)))
    whole, units = ships[:, :4].T.astype(np.int64), ships[:, 4]
    return Claim(*whole, units, *service[:, :2].T.astype(np.int64), service[:, 2])


def test_claims_are_met_in_order():
    """Of 10 units the first takes 4 in period 1; the second wants 8 in period 0 and gets the 6 that this leaves."""
    level = np.array([[10.0, 10.0], [0.0, 0.0]])
    first, second = claim([(0, 1, 1, 1, 4.0)], []), claim([(0, 1, 0, 1, 8.0)], [(1, 1, 8.0)])
    assert grant(level, first)[0].tolist() == [4.0]
    sent, served = grant(level, second)
    assert sent.tolist() == [6.0]
    # 10 units have come to the second lot by then, 4 of the first and 6 of its own: all 8 that it wants are there.
    assert served.tolist() == [8.0]
    assert level.tolist() == [[4.0, 0.0], [0.0, 2.0]]


def test_rules_that_nobody_says_how_to_keep_are_refused():
    """As where nothing is pooled."""
    with pytest.raises(UsageError, match=r"judgement with policy\.span"):
        co.plan(two_wards({"near": (1, 20)}).replace(policy={"governance": "judgement", "span": 3}))
