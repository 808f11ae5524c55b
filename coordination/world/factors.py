"""Factors of effects by id, for tables whose rows are there in every period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.world.effects import Effects

BY_PLACE = ("needs", "arrivals", "stocks")
"""Tables that have a factor by place, commodity and period."""
BY_PERIOD = {"fleets": "fleet", "skills": "party", "roads": "road", "places": "place", "facilities": "place"}
"""Tables that have a factor in every period, and the column that effects name them by."""


def factors_by_period(
    instance: Instance, effects: Effects, table: str
) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Return the ids of a table of `BY_PERIOD`, each once, and their factors, shape (ids, periods).

    Parameters
    ----------
    instance : Instance
        Whose table.
    effects : Effects
        What acts on it.
    table : str
        Which.
    """
    frame = instance.tables[table].drop_duplicates(BY_PERIOD[table])
    ids = frame[BY_PERIOD[table]].to_numpy(dtype=object)
    return ids, effects.by_period(table, ids, _zones(instance, table, frame))


def _zones(instance: Instance, table: str, frame: pd.DataFrame) -> list[Any]:
    """Return the zones in which the rows of a table lie."""
    of_place = instance.places.set_index("place")["zone"]
    of_party = instance.parties.set_index("party")["zone"]
    columns: dict[str, list[tuple[Any, str]]] = {
        "fleets": [(of_place, "base")],
        "skills": [(of_party, "party")],
        "roads": [(of_place, "from"), (of_place, "to")],
        "places": [(of_place, "place")],
        "facilities": [(of_place, "place")],
    }
    return [zone.reindex(frame[name]).to_numpy(dtype=object) for zone, name in columns[table]]
