"""First prices from the city's own hierarchy: districts, then streets, then communities.

Pricing lanes needs prices, and good first ones are worth most of the time it takes. The needs of all places of a zone
above the communities are gathered at one of them, the one with most people or need; roads, depots, fleets and stocks
stay as they are, hand-out hours are gathered with the needs. The small LP of this case says what goods are worth in
each area, batch by batch and period by period. Its prices choose the lanes that the next finer case starts from, down
to the communities. They decide nothing else: every lane is priced again with the full model's own duals.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.case import Case
from coordination.planning.coding import Coding
from coordination.planning.columns import best_shipments, reduced_costs_of
from coordination.planning.linear import PricedProgram
from coordination.planning.model import ResponseModel
from coordination.planning.routes import first_columns
from coordination.planning.worths import LaneCosts, Prices, cheapest_goods

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.columns import Columns
    from coordination.planning.linear import LinearAnswer
    from coordination.planning.session import Session

    Floats = NDArray[np.float64]

LOG = logging.getLogger(__name__)
LEVELS = ("district", "street")
"""Zone levels at which needs are gathered, from above."""
ROUNDS = 8
"""Most rounds of pricing of a gathered case."""
TARGET = 1e-3
"""Relative gap within which a gathered case is solved."""
BEST = 2
"""Lanes per destination, batch and period of arrival that the prices choose."""
USED = 0.1
"""Units from which on a shipment counts as made."""
TOUR = ["state", "fleet", "origin"]
COARSER = 0.7
"""A level counts if it leaves at most this share of the needy places of the next finer one."""


@dataclass(frozen=True)
class Gathered:
    """What a coarser case says: its prices by place of the full case.

    Attributes
    ----------
    prices : Prices
        Of fleet hours and roads (places, arcs and fleets are those of the full case).
    cheapest : ndarray, shape (places, batches, periods)
        What goods cost there.
    representative : ndarray of int, shape (places,)
        Where the needs of each place are gathered.
    used : DataFrame
        ``state``, ``fleet``, ``origin``, ``destination``, ``batch`` of lanes that carry anything.
    ships : DataFrame
        ``lane``, ``batch``, ``period``, ``quantity``: what it sends, on the lanes of the full case.
    """

    prices: Prices
    cheapest: NDArray[np.float64]
    representative: NDArray[np.int64]
    used: pd.DataFrame
    ships: pd.DataFrame


def start_from_above(session: Session) -> Gathered | None:
    """Put the lanes into the model that the prices of gathered cases choose; return what the finest of them says."""
    instance, found = session.model.case.instance, None
    needy = _need(instance) > 0
    levels: list[tuple[str, NDArray[np.int64]]] = []
    for level in reversed(LEVELS):
        representative = representatives(instance, level)
        heads = len(np.unique(representative[needy]))
        if heads <= COARSER * (len(np.unique(levels[0][1][needy])) if levels else needy.sum()):
            levels.insert(0, (level, representative))
    for level, representative in levels:
        answer = _solve(session, level, representative, found)
        found = answer or found
    if found is not None:
        with session.clock.stage("price"):
            choose(session.model, session.columns, found)
        LOG.info("%d of %d shipments to start from", session.columns.active.sum(), session.columns.allowed.sum())
    return found


def _need(instance: Instance) -> Floats:
    """Return what each place needs, all units together: only whether anything, and ties, hang on it."""
    need = instance.needs.groupby("place")["quantity"].sum().reindex(instance.places["place"]).fillna(0.0)
    return need.to_numpy(dtype=np.float64)


def representatives(instance: Instance, level: str) -> NDArray[np.int64]:
    """Return the place at which each place's needs are gathered, itself where it lies in no zone of the level."""
    places, zones, coding = instance.places, instance.zones, Coding(instance)
    ancestry = coding.ancestry
    above = ancestry[(zones["level"] == level).to_numpy()[ancestry["above"].to_numpy()]]
    area = pd.Series(above["above"].to_numpy(), above["zone"].to_numpy()).reindex(coding.place_zone).fillna(-1)
    size = places["population"].to_numpy(dtype=float)
    frame = pd.DataFrame({"area": area.to_numpy(), "size": size, "need": _need(instance), "row": places.index})
    some = (frame["need"] > 0) & (frame["area"] >= 0)
    heads = frame[some].sort_values(["size", "need"], ascending=False, kind="stable").groupby("area")["row"].first()
    return np.where(some, heads.reindex(frame["area"]).to_numpy(), frame["row"]).astype(np.int64)


def gathered(instance: Instance, representative: NDArray[np.int64]) -> Instance:
    """Return the instance with needs and backlogs moved to the representatives; other tables as they were."""
    places = instance.places
    ids = pd.Index(places["place"])

    def moved(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
        to = places["place"].to_numpy()[representative[ids.get_indexer(table["place"])]]
        return table.assign(place=to).groupby(keys, as_index=False)[["quantity"]].sum()

    return instance.replace(
        needs=moved(instance.needs, ["place", "commodity", "period", "group"]),
        backlogs=moved(instance.backlogs, ["place", "commodity", "group", "age"]),
    )


def _solve(session: Session, level: str, representative: NDArray[np.int64], above: Gathered | None) -> Gathered | None:
    """Solve one gathered case; None when there was no time for it."""
    from coordination.planning.session import Session

    with session.clock.stage("build"):
        instance = gathered(session.model.case.instance, representative)
        model = ResponseModel.of(Case.of(instance)).tight(merged=True)
        model.__dict__["handout_data"] = gathered_handout(model, representative)
        small = first_columns(model.case)
    if above is None:
        small.active = small.allowed & ~between_stores(small)
    else:
        choose(model, small, above)
    inner = Session(model, small, True, session.options, session.clock, session.on_progress, [], session.solved)
    capacity = most_tonnes(model)
    program = PricedProgram(inner, lambda: model.compile_supply(small, capacity), basis=False)
    try:
        answer = program.optimum(f"needs by {level}", TARGET, most=ROUNDS)
    finally:
        program.close()
    if answer is None:
        return None
    cheapest = cheapest_goods(LaneCosts(model, small), answer.prices)
    ships = answer.ships.assign(quantity=answer.values["ship"])
    # A place whose needs were gathered elsewhere has goods at what they cost there.
    cheapest = np.where(model.frame.holding >= 0, cheapest, cheapest[representative])
    return Gathered(answer.prices, cheapest, representative, _used(small, answer), ships)


def _used(columns: Columns, answer: LinearAnswer) -> pd.DataFrame:
    """Return the lanes and batches that carry anything, by what names them in any case of the same fleets."""
    used = answer.ships[answer.values["ship"] > USED].drop_duplicates(["lane", "batch"])
    used = used[used["lane"] < len(columns.case.lanes)]
    named = columns.lanes.iloc[used["lane"]][[*TOUR, "destination"]]
    return named.assign(batch=used["batch"].to_numpy()).drop_duplicates()


def gathered_handout(model: ResponseModel, representative: NDArray[np.int64]) -> dict[str, Any]:
    """Return the data of hand-out where needs are gathered: who hands out in a zone does so at its representative.

    A representative that also stands for a place whose zone does not limit hand-out has no limit.
    """
    data, zone = model.handout_data, model.case.coding.place_zone
    pairs = pd.DataFrame({"zone": zone, "head": zone[representative]}).drop_duplicates()
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


def between_stores(columns: Columns) -> NDArray[np.bool_]:
    """Return the shipments to a place from which fleets load and where nobody needs the batch, as ``allowed``."""
    reach, destination = columns.case.reach, columns.lanes["destination"].to_numpy()
    needy = np.asarray(reach.usable.any(axis=2), dtype=np.bool_)[destination]
    idle: NDArray[np.bool_] = reach.origin[destination][:, None] & ~needy
    return idle[:, :, None]


def most_tonnes(model: ResponseModel) -> Floats:
    """Return the tonnes that all hours of the supply tasks could hand out, by row of ``HANDOUTS``."""
    index, cover = model.handout_data["HANDOUTS"], model.handout_data["HANDING_OUT"]
    covered = cover.drop_duplicates(["i0", "i1", "m0"])
    row = index.get_indexer(pd.MultiIndex.from_frame(covered[["i0", "i1"]]))
    hours = np.bincount(row, model.roles.tasks["hours"].to_numpy()[covered["m0"]], len(index)).astype(float)
    return hours * model.case.instance.policy.handout_tonnes_per_hour


def choose(model: ResponseModel, columns: Columns, above: Gathered) -> None:
    """Activate shipments that the coarser case speaks for.

    The `BEST` of each destination, batch and period of arrival at its prices, and what it ships, in all periods, to
    every place whose needs were gathered there.
    """
    lanes = LaneCosts(model, columns)
    worth = np.where(np.isfinite(above.cheapest), above.cheapest, 0.0)
    cost = reduced_costs_of(columns.case, columns.lanes, worth, worth, lanes.per_tonne(above.prices))
    columns.active[best_shipments(columns, cost, columns.allowed & ~between_stores(columns), BEST)] = True
    heads = columns.lanes[TOUR].assign(
        destination=above.representative[columns.lanes["destination"].to_numpy()], lane=columns.lanes.index
    )
    both = heads.merge(above.used, on=[*TOUR, "destination"])
    columns.active[both["lane"], both["batch"]] |= columns.allowed[both["lane"], both["batch"]]
