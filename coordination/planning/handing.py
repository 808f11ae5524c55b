"""Service within hours that are given: what a zone cannot hand out in a period is handed out in the next ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.model import ResponseModel

    Floats = NDArray[np.float64]


LEAST_SHIPMENT = 0.01
"""Units below which a shipment of the relaxation is dropped: an interior point sends a little on every lane."""


def covered_tonnes(model: ResponseModel, cover: Floats) -> Floats:
    """Return the tonnes that covered hours hand out, by row of ``HANDOUTS``.

    Parameters
    ----------
    cover : ndarray
        Hours covered, by row of ``roles.cover``.
    """
    rows, index = model.roles.cover, model.handout_data["HANDOUTS"]
    supply = (rows["domain"] == "supply").to_numpy()
    row = index.get_indexer(pd.MultiIndex.from_frame(rows.loc[supply, ["zone", "when"]]))
    rate = model.case.instance.policy.handout_tonnes_per_hour
    return np.bincount(row, rate * cover[supply], len(index)).astype(float)


def tonnes_handed(model: ResponseModel, amount: Floats) -> Floats:
    """Return amounts of service added up by row of ``HANDOUTS``.

    Parameters
    ----------
    amount : ndarray
        Anything, by row of ``frame.service``.
    """
    service, handed = model.frame.service, model.handout_data["HANDED_OUT"]
    key = ["place", "batch", "group", "period"]
    row = pd.MultiIndex.from_frame(service[key]).get_indexer(pd.MultiIndex.from_frame(handed[["m0", "m1", "m2", "m3"]]))
    index = model.handout_data["HANDOUTS"]
    limit = index.get_indexer(pd.MultiIndex.from_frame(handed[["i0", "i1"]]))
    return np.bincount(limit, amount[row], len(index)).astype(float)


def within_hours(model: ResponseModel, serve: Floats, capacity: Floats) -> Floats:
    """Return service that keeps within the tonnes that can be handed out, later where it must be.

    Parameters
    ----------
    serve : ndarray
        Units wanted, by row of ``frame.service``.
    capacity : ndarray
        Tonnes, by row of ``HANDOUTS``.

    Returns
    -------
    ndarray
        As `serve`. All that a limit binds shrink by the same share; what is put off is not served after it expires.
        Goods and need are not looked at: playing the flows forward cuts what they do not allow.
    """
    case, service = model.case, model.frame.service
    key = pd.MultiIndex.from_frame(service[["place", "batch", "group"]])
    row, found = key.factorize()
    unique = cast("pd.MultiIndex", found)
    place = unique.get_level_values(0).to_numpy(dtype=int)
    tonnes = case.batch_tonnes[unique.get_level_values(1).to_numpy(dtype=int)]
    period = service["period"].to_numpy()
    wanted, may = np.zeros((len(unique), case.periods)), np.zeros((len(unique), case.periods), dtype=bool)
    wanted[row, period], may[row, period] = serve, True
    limits = _limits(model, capacity)
    of_key, zone = _zones_above(model, place)
    served, put_off = np.zeros_like(wanted), np.zeros(len(unique))
    for t in range(case.periods):
        now = np.where(may[:, t], wanted[:, t] + put_off, 0.0)
        load = np.bincount(zone, (now * tonnes)[of_key], len(limits))
        share = np.minimum(1.0, np.divide(limits[:, t], load, out=np.ones(len(load)), where=load > 0))
        least = np.ones(len(unique))
        np.minimum.at(least, of_key, share[zone])
        served[:, t] = now * least
        put_off = now - served[:, t]
    return np.asarray(served[row, period], dtype=np.float64)


def relaxed_within_hours(model: ResponseModel, values: dict[str, Floats], cover: Floats) -> dict[str, Floats]:
    """Return values of a relaxation brought within the hours of whole roles, where there is no time for an LP.

    Parameters
    ----------
    model : ResponseModel
        With the whole roles alone.
    values : dict of str to ndarray
        ``ship`` and ``serve`` of the relaxation.
    cover : ndarray
        Hours that whole roles cover, by row of ``roles.cover``.
    """
    serve = within_hours(model, values["serve"], covered_tonnes(model, cover))
    ship = np.where(values["ship"] < LEAST_SHIPMENT, 0.0, values["ship"])
    return {"ship": ship, "serve": serve, "cover": cover}


def _limits(model: ResponseModel, capacity: Floats) -> Floats:
    """Return the tonnes that each zone can hand out, shape (zones, periods), inf where nothing limits them."""
    index = model.handout_data["HANDOUTS"]
    limits = np.full((len(model.case.coding.zones), model.case.periods), np.inf)
    zone, period = (index.get_level_values(level).to_numpy(dtype=int) for level in (0, 1))
    limits[zone, period] = capacity
    return limits


def _zones_above(model: ResponseModel, place: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of position in `place` and zone that contains it."""
    coding = model.case.coding
    rows = pd.DataFrame({"position": np.arange(len(place)), "zone": coding.place_zone[place]})
    pairs = rows.merge(coding.ancestry, on="zone")
    return pairs["position"].to_numpy(), pairs["above"].to_numpy()
