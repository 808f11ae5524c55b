"""Who decides together: each party by itself, or all parties of a zone; those above its level with the core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.instance.tables import LEVELS

if TYPE_CHECKING:
    from coordination.instance import Instance

Coalitions = list[tuple[str, tuple[str, ...]]]
"""Name and parties of each."""


def coalitions_of(instance: Instance, by: str) -> Coalitions:
    """Return the coalitions of an instance.

    Parameters
    ----------
    by : str
        party, or a level: all parties with a jurisdiction in one zone of that level act together, named as the zone;
        those above it with the core, named as it is.

    Returns
    -------
    list of (str, tuple of str)
        In the order of the parties.
    """
    parties = instance.parties["party"].astype(str).tolist()
    if by == "party":
        return [(party, (party,)) for party in parties]
    core = str(instance.parties.loc[instance.parties["kind"] == "core", "party"].iloc[0])
    groups: dict[str, list[str]] = {}
    for party, zone in zip(parties, instance.parties["zone"].astype(str), strict=True):
        groups.setdefault(_zone_at(instance, zone, by) or core, []).append(party)
    return [(name, tuple(members)) for name, members in groups.items()]


def _zone_at(instance: Instance, zone: str, level: str) -> str | None:
    """Return the zone of a level that holds a zone, None above it."""
    zones = instance.zones.set_index("zone")
    here: str | None = zone
    while here is not None:
        found = str(zones.loc[here, "level"])
        if found == level:
            return here
        if LEVELS.index(found) > LEVELS.index(level):
            return None
        parent = zones.loc[here, "parent"]
        here = str(parent) if isinstance(parent, str) else None
    return None
