"""Zones that stay, and where every other zone goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coordination.aggregation.naming import named
from coordination.errors import UsageError
from coordination.instance.names import nearest
from coordination.instance.tables import LEVELS

if TYPE_CHECKING:
    from coordination.instance import Instance


def areas_above(instance: Instance, level: str) -> pd.Series[str]:
    """Return, by zone, the smallest zone around it that stays: itself where it does.

    Zones of the level and above stay, those that a rule names, and roots that lie below the level.

    Raises
    ------
    UsageError
        If the level is none.
    """
    if level not in LEVELS:
        raise UsageError(f"level is {level!r}; expected one of {', '.join(LEVELS)}. {nearest(level, LEVELS)}".strip())
    zones, by_rule = instance.zones, named(instance, "zones")
    parent = dict(zip(zones["zone"], zones["parent"].astype(object).where(zones["parent"].notna(), None), strict=True))
    high = zones["level"].map(LEVELS.index) >= LEVELS.index(level)
    stays = {
        zone: bool(tall) or zone in by_rule or parent[zone] is None for zone, tall in zip(parent, high, strict=True)
    }
    above: dict[str, str] = {}
    for zone in parent:
        around = zone
        while not stays[around]:
            around = parent[around]
        above[zone] = around
    return pd.Series(above, dtype=object)


def zones_kept(instance: Instance, above: pd.Series[str]) -> pd.DataFrame:
    """Return the table of zones that stay, each within the next that does."""
    zones = instance.given("zones")
    kept = zones[(above.reindex(zones["zone"]) == zones["zone"].to_numpy()).to_numpy()]
    parents = [above[zone] if isinstance(zone, str) else None for zone in kept["parent"].tolist()]
    return kept.assign(parent=pd.Series(parents, kept.index, dtype=object)).reset_index(drop=True)
