r"""Which places are taken together in a coarser case: those of one area with alike needs, hand-out and distance.

A case with the needs of many places gathered at one of them, the head, is small, and close to the full one where the
places of a head are alike in what matters:

* how much of what could be handed out they need, and when: the tonnes needed in each period over those that can be
  handed out. Places of one profile are served alike, so gathering them loses nothing; gathering a place that is short
  of hands with one that is not would let the one use the other's hands.
* how far they are: fleet hours per tonne from the nearest store. Where fleets are short, the near are served first.

So the places of an area are parted by Ward's method (Ward, J. (1963), Hierarchical grouping to optimize an objective
function, J. American Statistical Association 58) on these figures.

A lane to a head costs what its places need on average, weighted by tonnes, so that what is sent to it can be shared
out among them with the hours that it was sent with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage

from coordination.aggregation import gathered_tables
from coordination.instance.tables import LEVELS
from coordination.planning.coding import Coding

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.case import Case
    from coordination.planning.model import ResponseModel

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

AREA_LEVEL = "district"
"""Zones within which places are gathered."""
DISTANCE = 3.0
"""Weight of the distance, relative to its mean, against the tonnes needed over those that can be handed out."""


@dataclass(frozen=True)
class Units:
    """What is gathered: zones below the area's level in which people hand out, and places that no such zone limits.

    Attributes
    ----------
    zone : ndarray of int, shape (places,)
        The zone that limits a place's hand-out, its own where none does.
    unit : ndarray of int, shape (places,)
        Number of the place's unit.
    movable : ndarray of bool, shape (units,)
        Whether its needs can be gathered elsewhere.
    """

    zone: Codes
    unit: Codes
    movable: NDArray[np.bool_]

    @classmethod
    def of(cls, model: ResponseModel) -> Units:
        """Return the units of a case.

        A place stands for itself where fleets load or goods appear, more than need matters there then; where several
        zones limit it; and where it shares hands with such a place.
        """
        case = model.case
        zone, limited = case.coding.place_zone, np.zeros(len(case.coding.zones), dtype=bool)
        limited[model.handout_data["HANDOUTS"].get_level_values(0).to_numpy(dtype=int)] = True
        limited &= model.roles.zone_level < LEVELS.index(AREA_LEVEL)
        above = case.coding.ancestry
        above = above[limited[above["above"].to_numpy()]]
        times = np.bincount(above["zone"].to_numpy(), minlength=len(limited))
        top = np.arange(len(limited))
        top[above["zone"].to_numpy()] = above["above"].to_numpy()
        of_place = top[zone]
        apart = np.where(limited[of_place], of_place, len(limited) + np.arange(len(zone)))
        unit = np.unique(apart, return_inverse=True)[1].reshape(-1)
        stays = case.reach.origin | (times[zone] > 1)
        stays[case.supply["place"].unique()] = True
        needy = case.need_total.any(axis=1)
        staying = np.bincount(unit[needy & stays], minlength=int(unit.max(initial=-1)) + 1) > 0
        return cls(of_place, unit, ~staying)


def heads(model: ResponseModel, area: Codes, most: int) -> Codes:
    """Return the place at which each place's needs are gathered, shape (places,); itself where nothing is needed.

    Parameters
    ----------
    area : ndarray of int, shape (places,)
        Areas of whole streets: needs are gathered within each.
    most : int
        Heads in one area, besides places that stand for themselves.
    """
    units, need = Units.of(model), model.case.need_total @ model.case.tonnes
    plain = np.flatnonzero((need > 0) & units.movable[units.unit])
    figures, head = _figures(model, units), np.arange(len(need))
    for number in np.unique(area[plain]):
        places = plain[area[plain] == number]
        members, of_member = np.unique(units.unit[places], return_inverse=True)
        group = _groups(figures[members], most)[of_member.reshape(-1)]
        for one in np.unique(group):
            alike = places[group == one]
            head[alike] = alike[np.argmax(need[alike])]
    return head


def area_of_places(instance: Instance) -> Codes:
    """Return the zone of `AREA_LEVEL` that each place lies in, −1 where there is none."""
    coding, level = Coding(instance), instance.zones["level"]
    ancestry = coding.ancestry
    above = ancestry[(level == AREA_LEVEL).to_numpy()[ancestry["above"].to_numpy()]]
    area = pd.Series(above["above"].to_numpy(), above["zone"].to_numpy()).reindex(coding.place_zone).fillna(-1)
    return area.to_numpy(dtype=np.int64)


def _groups(figures: Floats, most: int) -> Codes:
    if len(figures) <= most:
        return np.arange(len(figures))
    if most == 1:
        return np.zeros(len(figures), dtype=np.int64)
    return np.asarray(fcluster(linkage(figures, "ward"), most, "maxclust"), dtype=np.int64)


def _figures(model: ResponseModel, units: Units) -> Floats:
    """Return what makes units alike, shape (units, periods + 1)."""
    case, waiting, count = model.case, model.case.waiting, len(units.movable)
    tonnes, place = np.zeros((count, case.periods)), waiting.keys["place"].to_numpy()
    weight = case.tonnes[waiting.keys["commodity"].to_numpy()]
    np.add.at(tonnes, units.unit[place], waiting.due * weight[:, None])
    index, limits = model.handout_data["HANDOUTS"], np.zeros((len(case.coding.zones), case.periods))
    limits[tuple(index.get_level_values(level).to_numpy(dtype=int) for level in (0, 1))] = most_tonnes(model)
    limit = np.zeros_like(tonnes)
    limit[units.unit] = limits[units.zone]
    profile = np.divide(tonnes, limit, out=np.zeros_like(tonnes), where=limit > 0)
    nearest = np.full(len(units.unit), np.inf)
    np.minimum.at(nearest, case.lanes["destination"].to_numpy(), case.lanes["hours"].to_numpy())
    known = np.isfinite(nearest)
    mean = float(nearest[known].mean()) if known.any() else 1.0
    total = np.bincount(units.unit, np.where(known, nearest, mean), count)
    distance = total / np.bincount(units.unit, minlength=count) / max(mean, 1e-12)
    return np.column_stack([profile, DISTANCE * distance])


def most_tonnes(model: ResponseModel) -> Floats:
    """Return the tonnes that all hours of the supply tasks could hand out, by row of ``HANDOUTS``."""
    index, cover = model.handout_data["HANDOUTS"], model.handout_data["HANDING_OUT"]
    covered = cover.drop_duplicates(["i0", "i1", "m0"])
    row = index.get_indexer(pd.MultiIndex.from_frame(covered[["i0", "i1"]]))
    hours = np.bincount(row, model.roles.tasks["hours"].to_numpy()[covered["m0"]], len(index)).astype(float)
    return hours * model.case.instance.policy.handout_tonnes_per_hour


def gathered_instance(instance: Instance, head: Codes) -> Instance:
    """Return the instance with needs and backlogs moved to the heads; heads of several places store without a limit.

    Facilities stay in everyday use in it, and nobody needs what people go to them for.
    """
    goods = instance.commodities.loc[~instance.commodities["service"].to_numpy(dtype=bool), "commodity"]
    tables = gathered_tables(instance, head)
    for name in ("needs", "backlogs"):
        tables[name] = tables[name][tables[name]["commodity"].isin(goods)]
    return _without_facilities(instance).replace(**tables)


def _without_facilities(instance: Instance) -> Instance:
    """Return the instance in which nothing can be converted."""
    if instance.facilities.empty:
        return instance
    held = instance.given("held")
    held = held[held["table"] != "facilities"] if len(held) else held
    return instance.replace(facilities=[], modules=[], service_floors=[], held=held)


def mean_lanes(full: Case, small: Case, head: Codes) -> pd.DataFrame:
    """Return the lanes of a gathered case with the mean hours and money of its places' lanes, weighted by tonnes."""
    tour, figures = ["state", "fleet", "origin", "destination"], ["hours", "cost"]
    lanes = full.lanes
    weight = (full.need_total @ full.tonnes)[lanes["destination"].to_numpy()]
    rows = lanes[tour].assign(destination=head[lanes["destination"].to_numpy()], weight=weight)
    rows[figures] = lanes[figures].mul(weight, axis=0)
    total = rows[weight > 0].groupby(tour)[["weight", *figures]].sum()
    mean = total[figures].div(total["weight"], axis=0).reindex(pd.MultiIndex.from_frame(small.lanes[tour]))
    own = small.lanes[figures].set_axis(mean.index)
    return small.lanes.assign(**mean.fillna(own).reset_index(drop=True))


def gathered_handout(model: ResponseModel, full: ResponseModel, head: Codes) -> dict[str, Any]:
    """Return the data of hand-out where needs are gathered: who hands out in a unit does so at its head's.

    A unit that also stands for a place whose hand-out nothing limits has no limit.

    Parameters
    ----------
    model, full : ResponseModel
        Of the gathered case and of the full one.
    """
    data, zone = model.handout_data, Units.of(full).zone
    needy = full.case.need_total.any(axis=1)
    pairs = pd.DataFrame({"zone": zone[needy], "head": zone[head[needy]]}).drop_duplicates()
    pairs = pairs[pairs["zone"] != pairs["head"]]
    limits: pd.MultiIndex = data["HANDOUTS"]
    limited = set(limits.get_level_values(0))
    loose = pairs.loc[~pairs["zone"].isin(limited), "head"]
    more = data["HANDING_OUT"].merge(pairs, left_on="i0", right_on="zone")
    more = more.assign(i0=more["head"])[data["HANDING_OUT"].columns]
    parts = {"HANDED_OUT": data["HANDED_OUT"], "HANDING_OUT": pd.concat([data["HANDING_OUT"], more])}
    parts = {name: part[~part["i0"].isin(loose)] for name, part in parts.items()}
    index = limits[~limits.get_level_values(0).isin(loose)]
    rows = pd.MultiIndex.from_frame(parts["HANDING_OUT"][["i0", "i1"]])
    parts["HANDING_OUT"] = parts["HANDING_OUT"][rows.isin(index)]
    return data | {name: part.reset_index(drop=True) for name, part in parts.items()} | {"HANDOUTS": index}
