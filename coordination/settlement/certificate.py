"""The certificate: in words, whether anybody gains by leaving, and how far that is proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coordination.settlement.production import ALL_LISTED, LinearGame
from coordination.wording import listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.settlement.games import CoreCheck, Game
    from coordination.settlement.settling import Settled

GAME_FIXED = (
    "The game: a coalition plans with what its members own, with the roles of this plan and the hours that these "
    "oblige to; everything else it decides anew."
)
GAME_FREE = "The game: a coalition plans anew with what its members own, roles free; each coalition was planned."
GAME_CASH = (
    "The game: what a coalition pays for transport and work in its cheapest plan; what people go without is not shared."
)
OWEN = (
    "The shares are Owen's payoffs: what each brings, at the prices of the coordination LP at a vertex. Everything in "
    "it is owned, so no coalition gains by leaving, by duality."
)
GAME_SUPPLIES = (
    "The game: what the people of a coalition go without in its cheapest plan, at what that costs them; transport and "
    "work are not shared. Payments are worth of supplies."
)
STABLE = "No subset gains by leaving: the one that comes nearest, {names}, gains at most {bound:,.2f} ({searched})."
ALONE = "There is one player, and so nobody who could leave."
LEAVES = "{names} would gain {excess:,.2f} by leaving, and no subset more than {bound:,.2f} ({searched})."
EPSILON = "The core is empty: whatever the shares, some subset gains at least {epsilon:,.2f} by leaving (least core)."
NOT_EMPTY = "The core is not empty: other shares would keep everybody."
UNKNOWN = "Whether the core is empty was not found out."
RATIONAL = "Everybody bears at most what it would alone."
IRRATIONAL = "{names} bear more than alone, {most:,.2f} at most."
SAVES = "Together the parties bear {together:,.2f}, alone {alone:,.2f}: pooling saves {saves:,.2f}."


def certified(
    game: Game, check: CoreCheck, settled: Settled, final: NDArray[np.float64], cent: float, method: str
) -> list[str]:
    """Return the certificate, a sentence each.

    Parameters
    ----------
    game : Game
        The game that is settled.
    check : CoreCheck
        Of what players bear after all payments.
    settled : Settled
        Shares and least epsilon.
    final : ndarray
        What players bear, money.
    cent : float
        What a party may gain for the shares still to count as stable.
    method : str
        By which the shares were found.
    """
    lines = [_game(game, settled)]
    if method == "owen":
        lines.append(OWEN)
    together, alone = float(final.sum()), float(game.alone.sum())
    lines.append(SAVES.format(together=together, alone=alone, saves=alone - together))
    if not check.coalition:
        return [*lines, ALONE]
    searched = game.searched() if isinstance(game, LinearGame) else ALL_LISTED.format(count=game.everybody)
    names, stable = listed(check.coalition, most=12), check.bound <= cent * game.size
    text = STABLE if stable else LEAVES
    lines.append(text.format(names=names, excess=check.excess, bound=max(0.0, check.bound) + 0.0, searched=searched))
    if settled.epsilon > cent:
        lines.append(EPSILON.format(epsilon=settled.epsilon))
    elif not stable:
        lines.append(NOT_EMPTY if settled.known else UNKNOWN)
    worse = final - game.alone
    lost = [player for player, more in zip(game.players, worse, strict=True) if more > cent]
    return [*lines, IRRATIONAL.format(names=listed(lost, most=12), most=float(worse.max())) if lost else RATIONAL]


def _game(game: Game, settled: Settled) -> str:
    if isinstance(game, LinearGame):
        return GAME_FIXED
    return {"cash": GAME_CASH, "supplies": GAME_SUPPLIES}.get(settled.settle_in, GAME_FREE)
