"""Governance: who gains and who gives when parties pool, the ledger, and the certificate in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coordination.report.view import records

if TYPE_CHECKING:
    from coordination.report.view import View

MOST_PLAYERS = 60
MOST_PAYMENTS = 60


@dataclass(frozen=True)
class Player:
    """Where a player stands, money; `pays` is negative where it receives."""

    name: str
    alone: float
    falls: float
    pays: float
    bears: float
    gains: float


@dataclass(frozen=True)
class Payment:
    """One row of the ledger."""

    payer: str
    to: str
    reason: str
    money: float


@dataclass(frozen=True)
class Settlement:
    """What the section shows of a settlement.

    Attributes
    ----------
    words, certificate : list of str
        What it means; what is proven, and of what game.
    stable : bool
        Whether no subset gains by leaving.
    players, payments : list
        The first of each, who gains most first.
    player_count, payment_count : int
        How many there are.
    paid, total_alone, total : float
        Sum of the ledger, of costs alone and of what all bear, money.
    """

    words: list[str]
    certificate: list[str]
    stable: bool
    players: list[Player]
    payments: list[Payment]
    player_count: int
    payment_count: int
    paid: float
    total_alone: float
    total: float


def settlement(view: View) -> Settlement | None:
    """Return the settlement that the plan holds; None where it is none."""
    plan = view.plan
    record = plan.settlement
    if record is None:
        return None
    names = view.parties if record["by"] == "party" else view.zones | view.parties
    ledger, shares = plan.ledger, plan.shares
    shares = shares[shares["method"] == record["method"]]
    pays = {position["party"]: float(position["pays"]) for position in record["positions"]}
    players = [
        Player(names.get(name, name), alone, falls, pays[name], bears, alone - bears)
        for name, alone, falls, bears in records(shares[["party", "cost_alone", "cost_together", "share"]])
    ]
    players.sort(key=lambda player: -player.gains)
    payments = [
        Payment(names.get(payer, payer), names.get(to, to), reason, money)
        for payer, to, reason, money in records(ledger[["from", "to", "reason", "money"]])
    ]
    return Settlement(
        words=list(record["words"]),
        certificate=list(record["certificate"]),
        stable=bool(record["stable"]),
        players=players[:MOST_PLAYERS],
        payments=payments[:MOST_PAYMENTS],
        player_count=len(players),
        payment_count=len(payments),
        paid=float(ledger["money"].sum()),
        total_alone=float(shares["cost_alone"].sum()),
        total=float(shares["share"].sum()),
    )
