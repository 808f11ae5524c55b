"""Who the players of a settlement are: parties, or all parties of a zone together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.errors import UsageError
from coordination.instance.tables import LEVELS
from coordination.planning.coding import encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.case import Case
    from coordination.settlement.ownership import Production


@dataclass(frozen=True)
class Players:
    """Players and their parties.

    Attributes
    ----------
    names : tuple of str
        Parties, or zones; parties that lie above the zones' level are one player, named as the core.
    of_party : ndarray of int, shape (parties,)
        Player of each party; −1 where it has no part in the program and so neither pays nor receives.
    """

    names: tuple[str, ...]
    of_party: NDArray[np.int64]


def players_of(case: Case, production: Production, by: str) -> Players:
    """Return the players of a settlement by party, or by the zones of a level.

    Parameters
    ----------
    by : str
        party, or a level.

    Raises
    ------
    UsageError
        It is neither.
    """
    if by != "party" and by not in LEVELS:
        raise UsageError(f"settle: players by {by!r} found; expected party or one of {', '.join(LEVELS)}")
    parties = case.coding.parties.to_numpy(dtype=object)
    part = np.asarray(abs(production.rhs).sum(axis=0)).ravel() + np.asarray(abs(production.upper).sum(axis=0)).ravel()
    takes = (part[:-1] + np.abs(production.constant)) > 0.0
    kinds = case.instance.parties["kind"].to_numpy(dtype=object)
    core = str(parties[kinds == "core"][0])
    named = parties if by == "party" else _zones(case, by, core)
    names = list(dict.fromkeys(str(name) for name, there in zip(named, takes, strict=True) if there)) or [core]
    place = {name: number for number, name in enumerate(names)}
    of_party = np.array([place[str(name)] if there else -1 for name, there in zip(named, takes, strict=True)])
    return Players(tuple(names), of_party.astype(np.int64))


def _zones(case: Case, level: str, core: str) -> NDArray[np.object_]:
    """Return the zone of a level in which each party's jurisdiction lies; the core's name above that level."""
    coding, instance = case.coding, case.instance
    at_level = (instance.zones["level"] == level).to_numpy()
    above = coding.ancestry[at_level[coding.ancestry["above"].to_numpy(dtype=int)]]
    zone_of = dict(zip(above["zone"].tolist(), above["above"].tolist(), strict=True))
    own = encode(coding.zones, instance.parties["zone"])
    return np.array([str(coding.zones[zone_of[zone]]) if zone in zone_of else core for zone in own], dtype=object)
