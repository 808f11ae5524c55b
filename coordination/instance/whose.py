"""What belongs to whom: the contract's rules, by row of each table.

A place is its owner's, else the core's, with its storage and everyday value; a need its party's, else the
residents_committee's of the smallest zone that has one and contains the place, else the place's owner's; a task its
party's, else the agency's, else the residents_committee's, of the smallest jurisdiction that contains its zone, else
the core's. Roads are nobody's unless owned. Hours, fleets, stocks, arrivals: as their tables say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance.instance import Instance

    Ids = NDArray[np.object_]


@dataclass(frozen=True)
class Whose:
    """Owners of what an instance holds, as party ids by row of each table.

    Attributes
    ----------
    instance : Instance
        The instance.
    """

    instance: Instance

    @cached_property
    def core(self) -> str:
        """The core."""
        parties = self.instance.parties
        return str(parties.loc[parties["kind"] == "core", "party"].iloc[0])

    @cached_property
    def places(self) -> Ids:
        """Owner of each place."""
        return _text(self.instance.places["owner"].fillna(self.core))

    @cached_property
    def roads(self) -> Ids:
        """Owner of each road, None where it is nobody's."""
        owner = self.instance.roads["owner"]
        return _text(owner.astype(object).where(owner.notna(), None))

    @cached_property
    def residents(self) -> Ids:
        """Who speaks for the people at each place: the nearest residents committee, else the place's owner."""
        zones = self.instance.places["zone"]
        return np.array(
            [
                self._nearest("residents_committee", zone) or owner
                for zone, owner in zip(zones, self.places, strict=True)
            ],
            dtype=object,
        )

    @cached_property
    def needs(self) -> Ids:
        """Party of each need."""
        needs = self.instance.needs
        return np.where(needs["party"].notna(), _text(needs["party"]), self._at(needs["place"]))

    @cached_property
    def backlogs(self) -> Ids:
        """Party of each initial backlog: who speaks for the people there."""
        return self._at(self.instance.backlogs["place"])

    @cached_property
    def tasks(self) -> Ids:
        """Party of each task."""
        tasks = self.instance.tasks
        found = [
            given if isinstance(given, str) else self._nearest_of(("agency", "residents_committee"), zone) or self.core
            for given, zone in zip(tasks["party"].where(tasks["party"].notna(), None), tasks["zone"], strict=True)
        ]
        return np.array(found, dtype=object)

    def authority(self, zones: list[str]) -> str:
        """Return the agency of the smallest jurisdiction that contains all of some zones, else the core."""
        chains = [self._chain(zone) for zone in zones]
        common = [zone for zone in chains[0] if all(zone in chain for chain in chains[1:])]
        return next((self._by_kind["agency", zone] for zone in common if ("agency", zone) in self._by_kind), self.core)

    def _at(self, places: pd.Series[str]) -> Ids:
        index = pd.Index(self.instance.places["place"])
        return self.residents[index.get_indexer(pd.Index(places))] if len(places) else np.zeros(0, dtype=object)

    def _nearest_of(self, kinds: tuple[str, ...], zone: str) -> str | None:
        """Return the party of the first of some kinds in the smallest jurisdiction that has any of them."""
        for above in self._chain(zone):
            for kind in kinds:
                if (kind, above) in self._by_kind:
                    return self._by_kind[kind, above]
        return None

    def _nearest(self, kind: str, zone: str) -> str | None:
        return self._nearest_of((kind,), zone)

    @cached_property
    def _by_kind(self) -> dict[tuple[str, str], str]:
        """Party of each kind with a zone as its jurisdiction; of several the first in the table."""
        parties = self.instance.parties.drop_duplicates(["kind", "zone"])
        return {
            (str(k), str(z)): str(p) for k, z, p in zip(parties["kind"], parties["zone"], parties["party"], strict=True)
        }

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        zones = self.instance.zones
        return dict(zip(zones["zone"], zones["parent"].where(zones["parent"].notna(), None), strict=True))

    def _chain(self, zone: str) -> list[str]:
        """Return a zone and every zone above it."""
        chain: list[str] = []
        above: str | None = zone
        while above is not None:
            chain.append(above)
            above = self._parents.get(above)
        return chain


def _text(column: pd.Series[str]) -> Ids:
    return column.to_numpy(dtype=object)
