"""The ledger: who pays whom, exact to the cent, from what falls on each and what each shall bear.

1. Each player's payment is what it shall bear less what falls on it in the plan; payments sum to 0.
2. Sign rule: a requisitioned player only receives. Where it should pay, the other payers pay for it, in proportion.
3. Fiscal shares: what public players (the core, agencies) together pay is shared among their levels as table `tiers`
   says, each level up to its cap; what caps leave open goes to the other levels in proportion, at last to the core.
4. Cents: payments are rounded; the few cents that rounding leaves go to the largest payments.
5. Payers pay receivers, the largest first; to each receiver, money that it laid out (transport, work) comes first and
   is named apart from what its resources are worth to others.

Every row takes from one and gives to another what it takes, so the ledger balances by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Cents = NDArray[np.int64]

CASH, VALUE = "cash laid out: transport and work", "value of what was pooled"
SUPPLIES = "worth of supplies, at what going without them costs"
COLUMNS = ["from", "to", "reason", "money"]


@dataclass(frozen=True)
class Tier:
    """What a level pays of public money.

    Attributes
    ----------
    share : float
        Of all public payments.
    cap : float
        The most, money; infinite where there is none.
    players : tuple of int
        Who pays it.
    weights : tuple of float
        In which proportion.
    """

    share: float
    cap: float
    players: tuple[int, ...]
    weights: tuple[float, ...]


def payments(
    bears: Floats, falls: Floats, requisitioned: NDArray[np.bool_], public: NDArray[np.bool_], tiers: Sequence[Tier],
    core: int,
) -> Cents:  # fmt: skip
    """Return what each player pays in cents, negative where it receives; they sum to 0.

    Parameters
    ----------
    bears, falls : ndarray, shape (players,)
        What each shall bear, and what falls on it in the plan, money; equal sums.
    requisitioned, public : ndarray of bool
        Who only receives, whose payments are public money.
    tiers : sequence of Tier
        Fiscal shares; none where the table is empty.
    core : int
        Who pays what caps leave open.
    """
    pays = bears - falls
    pays = pays - pays.sum() / len(pays)  # rounding only
    wrong = requisitioned & (pays > 0.0)
    if wrong.any():
        able = (pays > 0.0) & ~requisitioned
        missing = pays[wrong].sum()
        pays = np.where(wrong, 0.0, pays)
        weights = np.where(able, pays, 0.0)
        if weights.sum() > 0.0:
            pays = pays + missing * weights / weights.sum()
        else:
            pays[core] += missing
    if tiers:
        pays = _by_tier(pays, public, tiers, core)
    return _rounded(pays)


def _by_tier(pays: Floats, public: NDArray[np.bool_], tiers: Sequence[Tier], core: int) -> Floats:
    paying = public & (pays > 0.0)
    total = float(pays[paying].sum())
    pays = np.where(paying, 0.0, pays)
    left, amounts = total, np.zeros(len(tiers))
    open_tiers = list(range(len(tiers)))
    while left > 1e-9 and open_tiers:
        weight = sum(tiers[n].share for n in open_tiers)
        if weight <= 0.0:
            break
        given = {n: min(left * tiers[n].share / weight, tiers[n].cap - amounts[n]) for n in open_tiers}
        for n, money in given.items():
            amounts[n] += money
        left -= sum(given.values())
        full = [n for n in open_tiers if tiers[n].cap - amounts[n] <= 1e-9]
        if not full:
            break
        open_tiers = [n for n in open_tiers if n not in full]
    for tier, amount in zip(tiers, amounts, strict=True):
        for player, weight in zip(tier.players, tier.weights, strict=True):
            pays[player] += amount * weight
    pays[core] += max(0.0, left)
    return pays


def _rounded(pays: Floats) -> Cents:
    cents = np.round(pays * 100.0).astype(np.int64)
    off = int(cents.sum())
    order = np.argsort(-np.abs(pays), kind="stable")
    for player in order[: abs(off)] if abs(off) <= len(order) else np.resize(order, abs(off)):
        cents[player] -= np.sign(off)
    return cents


def ledger(names: Sequence[str], cents: Cents, cash: Floats, settle_in: str = "social_cost") -> pd.DataFrame:
    """Return the ledger: ``from``, ``to``, ``reason``, ``money``.

    Parameters
    ----------
    names : sequence of str
        Players.
    cents : ndarray of int
        What each pays, negative where it receives.
    cash : ndarray
        What each laid out in the plan, money.
    settle_in : str
        What is shared: of supplies nothing is laid out.
    """
    payers = [player for player in _largest(cents) if cents[player] > 0]
    owed = {player: int(cents[player]) for player in payers}
    rows: list[tuple[str, str, str, float]] = []
    for receiver in _largest(-cents):
        due = -int(cents[receiver])
        laid_out = 0 if settle_in == "supplies" else min(max(0, round(float(cash[receiver]) * 100)), due)
        worth = SUPPLIES if settle_in == "supplies" else VALUE
        for reason, amount in ((CASH, laid_out), (worth, due - laid_out)):
            left = amount
            for payer in payers:
                money = min(left, owed[payer])
                if money > 0:
                    rows.append((names[payer], names[receiver], reason, money / 100))
                    owed[payer] -= money
                    left -= money
    return pd.DataFrame(rows, columns=COLUMNS)


def _largest(amounts: Cents) -> list[int]:
    """Return the players with a positive amount, the largest first."""
    order = np.argsort(-amounts, kind="stable")
    return [int(player) for player in order if amounts[player] > 0]
