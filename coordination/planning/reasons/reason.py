"""Why one place goes short, as data and as a sentence."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reason:
    """Why one place goes short of one commodity.

    Attributes
    ----------
    place, commodity : str
        Ids.
    short : float
        Share of its need over the horizon that stays unserved.
    quantity : float
        The same in the commodity's unit.
    limit : str
        The limit that binds: stock, storage, fleet, road, hours or handout, as in ``prices``; or several (only more of
        all of them together helps), cost (serving would cost more than it saves), nothing (there is none of it),
        unreachable (nothing can bring it in time), facility (those in reach are not converted, or full), none
        (no single limit found).
    id : str
        Of the limit, as in ``prices``; empty where it is none of them.
    periods : list of int
        Periods in which the limit has a price; empty where it has none.
    more : float
        How much more of it was given in the re-solve: units, hours or tonnes; for cost the units forced.
    saving : float or None
        Money by which the re-solve's social cost is lower (cost: higher, negative); None without a re-solve.
    sentence : str
        All this for people.
    """

    place: str
    commodity: str
    short: float
    quantity: float
    limit: str
    id: str
    periods: list[int]
    more: float
    saving: float | None
    sentence: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain data, as plans carry them."""
        return dataclasses.asdict(self)
