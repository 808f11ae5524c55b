"""The cheapest way, at the LP's prices, on which one more unit could come to a place: where a limit would bite.

Every shipment and every period in store costs its reduced cost more than the worth it gains, never less than
nothing; so the cheapest chain is a shortest path, searched backwards from the place to where goods appear.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from coordination.planning.reasons.market import Market

Node = tuple[int, int]
"""Place and period; the batch does not change along a chain."""


@dataclass(frozen=True)
class Step:
    """One step of a chain, carrying `units` for each unit wanted at its end.

    Attributes
    ----------
    lane : int
        Lane of a shipment; −1 for a period in store.
    place, period : int
        Where and when the goods leave.
    units : float
        Units that leave.
    """

    lane: int
    place: int
    period: int
    units: float


@dataclass(frozen=True)
class Chain:
    """From where goods appear to where they are wanted.

    Attributes
    ----------
    batch : int
        What moves.
    source : (int, int)
        Place and period in which it appears.
    units : float
        Units that must appear there for each unit wanted: more than 1 where hazards take a share.
    steps : list of Step
        In the order of time.
    slack : float
        Money per unit wanted by which this chain costs more than goods are worth at its end.
    """

    batch: int
    source: Node
    units: float
    steps: list[Step]
    slack: float


def cheapest_chain(market: Market, place: int, batch: int, period: int) -> Chain | None:
    """Return the cheapest chain to a place in a period; None where goods can come on none."""
    heap: list[tuple[float, int, Node]] = [(0.0, 0, (place, period))]
    came: dict[Node, tuple[Node, Step] | None] = {(place, period): None}
    units: dict[Node, float] = {(place, period): 1.0}
    cost: dict[Node, float] = {(place, period): 0.0}
    done: set[Node] = set()
    while heap:
        so_far, count, node = heapq.heappop(heap)
        if node in done:
            continue
        done.add(node)
        if market.appears[node[0], batch, node[1]]:
            return _chain(batch, node, units[node], came, so_far)
        for before, more, step in _backwards(market, batch, node, units[node]):
            if before not in done and so_far + more < cost.get(before, np.inf):
                cost[before], came[before], units[before] = so_far + more, (node, step), step.units
                heapq.heappush(heap, (so_far + more, count + 1, before))
    return None


def _chain(batch: int, source: Node, units: float, came: dict[Node, tuple[Node, Step] | None], slack: float) -> Chain:
    steps, at = [], came[source]
    while at is not None:
        node, step = at
        steps.append(step)
        at = came[node]
    return Chain(batch, source, units, steps, slack)


def _backwards(market: Market, batch: int, node: Node, units: float) -> Iterator[tuple[Node, float, Step]]:
    """Yield from where goods can come to a place and period: node, reduced cost, step."""
    place, period = node
    case, goods, holding = market.case, market.goods, market.model.frame.holding
    weight, here = case.batch_tonnes[batch], goods[place, batch, period]
    if period > 0 and holding[place, batch, period - 1] >= 0:
        left = market.kept.get((place, int(case.batches.commodity[batch]), period), 1.0)
        if left > 0:
            stays = weight * market.stores[place, period - 1]
            reduced = (goods[place, batch, period - 1] + stays) / left - here
            yield (place, period - 1), units * max(0.0, reduced), Step(-1, place, period - 1, units / left)
    lanes = market.lanes_into(place)
    depart = period - market.lanes["lag"][lanes]
    lanes, depart = lanes[depart >= 0], depart[depart >= 0]
    able = market.columns.allowed[lanes, batch, depart]
    origin = market.lanes["origin"][lanes]
    able &= holding[origin, batch, depart] >= 0
    lanes, depart, origin = lanes[able], depart[able], origin[able]
    per_tonne = (
        market.lanes["cost"][lanes]
        + market.lanes["hours"][lanes] * market.hours[market.lanes["fleet"][lanes], depart]
        + market.tolls[lanes, depart]
    )
    reduced_costs = np.maximum(goods[origin, batch, depart] + weight * per_tonne - here, 0.0)
    for lane, start, when, reduced in zip(
        lanes.tolist(), origin.tolist(), depart.tolist(), reduced_costs.tolist(), strict=True
    ):
        yield (start, when), units * reduced, Step(lane, start, when, units)
