"""Lanes: every fleet, origin and destination for which a trip exists, on shortest routes, in every state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.world.conditions import MILLION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coordination.network.fleets import Fleets
    from coordination.network.legs import Legs

COLUMNS: dict[str, str] = {
    "state": "int32",
    "fleet": "int32",
    "origin": "int32",
    "destination": "int32",
    "minutes": "float64",
    "loaded_minutes": "float64",
    "loaded_km": "float64",
    "trip_minutes": "float64",
    "trip_km": "float64",
    "hours_per_trip": "float64",
    "cost_per_trip": "float64",
    "lag": "int64",
    "free": "bool",
}
"""Columns of the table of lanes and their types."""


def lanes_table(fleets: Fleets, legs: Sequence[Legs], shut: Sequence[NDArray[np.bool_]]) -> pd.DataFrame:
    """Return all lanes, by state, fleet, origin, destination.

    Parameters
    ----------
    fleets : Fleets
        The fleets.
    legs : sequence of Legs
        Shortest legs of each state.
    shut : sequence of ndarray of bool, each of shape (places,)
        Places at which nothing is loaded in each state.

    Returns
    -------
    DataFrame
        Columns as in `COLUMNS`; see ``Network.lanes``.
    """
    blocks = [(state, fleet) for state in range(len(legs)) for fleet in range(len(fleets))]
    exists = [_exists(fleets, legs[state], fleet, shut[state]) for state, fleet in blocks]
    rows = [int(mask.sum()) for mask in exists]
    table = {column: np.empty(sum(rows), dtype=kind) for column, kind in COLUMNS.items()}
    first = 0
    # Written block by block into arrays of the final size: millions of lanes are never held twice.
    for (state, fleet), mask, count in zip(blocks, exists, rows, strict=True):
        part = slice(first, first + count)
        table["state"][part], table["fleet"][part] = state, fleet
        _fill({column: values[part] for column, values in table.items()}, fleets, legs[state], fleet, mask)
        first += count
    return pd.DataFrame(table, copy=False)


def _exists(fleets: Fleets, legs: Legs, fleet: int, shut: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where a trip exists, shape (origins of the fleet, ends)."""
    base, origins = fleets.base[fleet], fleets.origins[fleet]
    column = np.searchsorted(fleets.ends, origins)
    mask = np.isfinite(legs.minutes[legs.source_row[origins]])
    mask &= np.isfinite(legs.minutes[legs.source_row[base], column])[:, None]
    mask &= np.isfinite(legs.back_minutes[legs.base_row[base]])[None, :]
    mask[np.arange(len(origins)), column] = False
    mask[shut[origins]] = False
    return np.asarray(mask)


def _fill(
    part: dict[str, NDArray[np.float64]], fleets: Fleets, legs: Legs, fleet: int, mask: NDArray[np.bool_]
) -> None:
    """Write the lanes of one fleet in one state."""
    base, origins = fleets.base[fleet], fleets.origins[fleet]
    row, end = np.nonzero(mask)
    source, start, back = legs.source_row[origins][row], legs.source_row[base], legs.base_row[base]
    column = np.searchsorted(fleets.ends, origins)[row]
    part["origin"][:], part["destination"][:] = origins[row], fleets.ends[end]
    loaded_minutes, loaded_km = legs.minutes[source, end], legs.km[source, end]
    minutes = legs.minutes[start, column] + loaded_minutes
    part["loaded_minutes"][:], part["loaded_km"][:] = loaded_minutes / MILLION, loaded_km / MILLION
    part["minutes"][:] = minutes / MILLION
    part["trip_minutes"][:] = (minutes + legs.back_minutes[back, end]) / MILLION
    part["trip_km"][:] = (legs.km[start, column] + loaded_km + legs.back_km[back, end]) / MILLION
    part["hours_per_trip"][:] = fleets.hours(fleet, part["trip_minutes"])
    part["cost_per_trip"][:] = part["trip_km"] * fleets.cost_per_km[fleet]
    part["lag"][:] = fleets.lag(fleet, part["minutes"])
    part["free"][:] = legs.free[source, end]
