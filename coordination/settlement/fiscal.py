"""Public money, and who only receives: which players they are, and the fiscal shares of levels.

Public are the core and agencies. Requisitioned, and so only receiving, are enterprises, social enterprises and
suppliers that neither speak for a need nor have a task: they bring, and nobody serves them. With players by zones, a
player is public or requisitioned if all its parties are.

A level's part of public money is paid by the agencies whose jurisdiction is of that level (and by the core at its
zone's level), in proportion to the people who live in it; where there is none, by the core.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coordination.instance.whose import Whose
from coordination.planning.coding import encode
from coordination.settlement.ledger import Tier

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.case import Case
    from coordination.settlement.players import Players

PUBLIC = ("core", "agency")
REQUISITIONED = ("enterprise", "social_enterprise", "supplier")


def public_players(case: Case, players: Players) -> NDArray[np.bool_]:
    """Return of each player whether what it pays is public money."""
    return _all_of(players, case.instance.parties["kind"].isin(PUBLIC).to_numpy())


def requisitioned_players(case: Case, players: Players) -> NDArray[np.bool_]:
    """Return of each player whether it only receives."""
    whose, coding = Whose(case.instance), case.coding
    served = {*whose.needs.tolist(), *whose.backlogs.tolist(), *whose.tasks.tolist()}
    brings = case.instance.parties["kind"].isin(REQUISITIONED).to_numpy()
    return _all_of(players, brings & np.array([party not in served for party in coding.parties], dtype=bool))


def _all_of(players: Players, yes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    there = players.of_party >= 0
    size = len(players.names)
    members = np.bincount(players.of_party[there], minlength=size)
    having = np.bincount(players.of_party[there], yes[there].astype(float), size)
    return np.asarray((members > 0) & (having >= members), dtype=np.bool_)


def fiscal_tiers(case: Case, players: Players) -> list[Tier]:
    """Return who pays which part of public money, by row of table `tiers`."""
    instance, coding = case.instance, case.coding
    if instance.tiers.empty:
        return []
    parties, level = instance.parties, instance.zones.set_index("zone")["level"]
    public = parties["kind"].isin(PUBLIC).to_numpy() & (players.of_party >= 0)
    people = _people(case)[encode(coding.zones, parties["zone"])]
    core = int(np.flatnonzero(parties["kind"] == "core")[0])
    found = []
    tiers = instance.tiers
    for name, share, cap in zip(
        tiers["level"], tiers["share"].to_numpy(float), tiers["cap"].fillna(np.inf).to_numpy(float), strict=True
    ):
        at = np.flatnonzero(public & (parties["zone"].map(level) == name).to_numpy())
        at = at if len(at) else np.array([core])
        weight = people[at] if people[at].sum() > 0 else np.ones(len(at))
        own = np.maximum(players.of_party[at], 0)
        found.append(Tier(float(share), float(cap), tuple(own.tolist()), tuple((weight / weight.sum()).tolist())))
    return found


def _people(case: Case) -> NDArray[np.float64]:
    """Return the people who live in each zone and the zones within it."""
    own = np.bincount(case.coding.place_zone, case.instance.places["population"].to_numpy(dtype=float),
                      len(case.coding.zones))  # fmt: skip
    ancestry, total = case.coding.ancestry, np.zeros(len(case.coding.zones))
    np.add.at(total, ancestry["above"].to_numpy(dtype=int), own[ancestry["zone"].to_numpy(dtype=int)])
    return total
