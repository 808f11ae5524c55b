"""Give merged batches their expiry periods back: what expires first is used first.

Batches were merged because the model cannot tell them apart, so any share-out of a merged flow over its expiry
periods keeps every rule and every figure. The one chosen is what a storekeeper does: first expired, first out, at
every place in every period, people before shipments, shipments in the order of their lanes.
"""

from __future__ import annotations

from collections import defaultdict
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from coordination.planning.batches import NEVER
from coordination.planning.flows import DUST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from coordination.planning.case import Case
    from coordination.planning.flows import Flows

Pool = dict[int, float]


def split(case: Case, flows: Flows) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Return shipments by expiry period, and inventory.

    Returns
    -------
    ships : DataFrame
        As ``flows.ships`` with ``label``, the row of ``case.batches.labels``.
    level : ndarray, shape (places, labels, periods)
        Units at each period's end, what expires in the period still included.
    """
    labels = case.batches.labels
    several = labels.groupby("batch").filter(lambda same: len(same) > 1)["batch"].unique()
    single = labels[~labels["batch"].isin(several)]
    label_of = pd.Series(single.index.to_numpy(), single["batch"].to_numpy())
    plain = flows.ships[~flows.ships["batch"].isin(several)]
    parts = [plain.assign(label=label_of.reindex(plain["batch"]).to_numpy())]
    eaten = [_eaten_whole(flows, several, label_of)]
    for batch in several:
        sent, used = _split_batch(case, flows, int(batch))
        parts.append(sent)
        eaten.append(used)
    ships = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    ships["label"] = ships["label"].astype(np.int64)
    return ships, _levels(case, ships, pd.concat(eaten, ignore_index=True))


def _eaten_whole(flows: Flows, several: NDArray[np.int64], label_of: pd.Series[int]) -> pd.DataFrame:
    serve = flows.serve[~flows.serve["batch"].isin(several)]
    return pd.DataFrame(
        {
            "place": serve["place"],
            "label": label_of.reindex(serve["batch"]).to_numpy(),
            "period": serve["period"],
            "quantity": serve["quantity"],
        }
    )


def _split_batch(case: Case, flows: Flows, batch: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Share out one merged batch, period by period; returns shipments and what was served, by label."""
    ships = flows.ships[flows.ships["batch"] == batch].sort_values(["period", "lane"])
    serve = flows.serve[flows.serve["batch"] == batch]
    kept = case.kept[case.kept["commodity"] == case.batches.commodity[batch]]
    factor = {(t, n): f for n, t, f in zip(kept["place"], kept["period"], kept["factor"], strict=True) if t > 0}
    new = _label_supply(case, batch)
    pools: dict[int, Pool] = defaultdict(lambda: defaultdict(float))
    arrivals: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    sent: list[tuple[int, int, float]] = []
    used: list[tuple[int, int, int, float]] = []
    for t in range(case.periods):
        for (when, place), share in factor.items():
            if when == t:
                pools[place] = {label: share * quantity for label, quantity in pools[place].items()}
        for place, label, quantity in new.get(t, []):
            pools[place][label] = pools[place].get(label, 0.0) + quantity
        leaving = cast("dict[int, pd.DataFrame]", dict(iter(ships[ships["period"] == t].groupby("origin"))))
        served = serve[serve["period"] == t].groupby("place")["quantity"].sum()
        eaten = cast("dict[int, float]", served.to_dict())
        for place in _in_order(leaving, set(eaten) | {n for when, n in arrivals if when == t}, t):
            pool = pools[place]
            for label, quantity in arrivals.pop((t, place), []):
                pool[label] = pool.get(label, 0.0) + quantity
            used += [(place, label, t, part) for label, part in _draw(pool, eaten.get(place, 0.0))]
            moves: Iterable[Any] = leaving[place].itertuples() if place in leaving else ()
            for row in moves:
                for label, part in _draw(pool, row.quantity, DUST):
                    sent.append((row.Index, label, part))
                    arrivals[row.arrive, row.destination].append((label, part))
    rows, names, quantities = zip(*sent, strict=True) if sent else ((), (), ())
    split_ships = ships.loc[list(rows)].assign(label=list(names), quantity=list(quantities))
    return split_ships, pd.DataFrame(used, columns=["place", "label", "period", "quantity"])


def _label_supply(case: Case, batch: int) -> dict[int, list[tuple[int, int, float]]]:
    """Return what appears of a merged batch: by period a list of (place, label, units)."""
    lots = supply_by_label(case)
    lots = lots[case.batches.labels["batch"].to_numpy()[lots["label"]] == batch]
    supply: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for place, label, period, quantity in lots[["place", "label", "period", "quantity"]].itertuples(index=False):
        supply[int(period)].append((int(place), int(label), float(quantity)))
    return supply


def supply_by_label(case: Case) -> pd.DataFrame:
    """Return stock and arrivals by expiry after hazards of period 0: ``place``, ``label``, ``period``, ``quantity``."""
    labels = case.batches.labels.assign(label=np.arange(len(case.batches.labels)))
    lots = case.lots.merge(labels, on=["commodity", "expires"], how="left")
    hit = case.kept[case.kept["period"] == 0].rename(columns={"factor": "left"})
    left = lots.merge(hit[["place", "commodity", "left"]], on=["place", "commodity"], how="left")["left"].fillna(1.0)
    lots["quantity"] *= np.where(lots["stock"], left.to_numpy(), 1.0)
    return lots.groupby(["place", "label", "period"], as_index=False)[["quantity"]].sum()


def _in_order(leaving: Mapping[int, pd.DataFrame], others: set[int], t: int) -> Iterator[int]:
    """Yield the places with anything to do, each after those that send to it within the period."""
    order: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(others, ()))
    for place, rows in leaving.items():
        order.add(place)
        for destination in rows.loc[rows["arrive"] == t, "destination"]:
            order.add(int(destination), place)
    yield from order.static_order()


def _draw(pool: Pool, amount: float, least: float = 0.0) -> list[tuple[int, float]]:
    """Take `amount` from a pool, lowest label (earliest expiry) first; rounding is left to the last label.

    Parts below `least` are not worth a label of their own: the next label gives them, or the last one that gave.
    """
    parts: list[tuple[int, float]] = []
    for label in sorted(pool):
        if amount <= 0:
            break
        part = min(pool[label], amount)
        if part > 0 and (part >= least or not (parts or pool[label] < amount)):
            parts.append((label, part))
            pool[label] -= part
            amount -= part
    if amount > 0 and parts:
        parts[-1] = (parts[-1][0], parts[-1][1] + amount)
    return parts


def _levels(case: Case, ships: pd.DataFrame, eaten: pd.DataFrame) -> NDArray[np.float64]:
    """Return the level of every place, label and period by adding up what came and went."""
    labels = case.batches.labels
    shape = (len(case.coding.places), len(labels), case.periods)
    change = np.zeros(shape)
    lots = supply_by_label(case)
    np.add.at(change, (lots["place"], lots["label"], lots["period"]), lots["quantity"])
    landed = ships[ships["arrive"] < case.periods]
    np.add.at(change, (landed["destination"], landed["label"], landed["arrive"]), landed["quantity"])
    np.subtract.at(change, (ships["origin"], ships["label"], ships["period"]), ships["quantity"])
    used = eaten.astype({"place": np.int64, "label": np.int64, "period": np.int64})
    np.subtract.at(change, (used["place"], used["label"], used["period"]), used["quantity"])
    factor = np.ones(shape)
    later = case.kept[case.kept["period"] > 0]
    for label, commodity in enumerate(labels["commodity"]):
        hit = later[later["commodity"] == commodity]
        factor[hit["place"], label, hit["period"]] = hit["factor"]
    level, before = np.zeros(shape), np.zeros(shape[:2])
    last = np.minimum(labels["expires"].to_numpy(), NEVER)
    for t in range(case.periods):
        now = factor[:, :, t] * before + change[:, :, t]
        level[:, :, t] = np.where(now > 1e-9, now, 0.0)
        before = np.where(last[None, :] > t, level[:, :, t], 0.0)
    return level
