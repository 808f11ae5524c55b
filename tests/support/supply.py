"""The supply half of the independent model: all lanes, all batches, nothing merged or left out."""

from __future__ import annotations

import math
from collections import defaultdict

from tests.support.geography import lanes
from tests.support.milp import Milp
from tests.support.reading import Plain

Batch = tuple[str, float]
"""Commodity and last usable period."""


def add_supply(model: Milp, world: Plain) -> None:
    """Add shipments, inventory, roads, fleets, storage, service, backlog, the worst off."""
    batches = sorted({(commodity, expires) for _, commodity, expires in world.supply})
    balance: defaultdict[tuple[str, Batch, int], list[tuple[int, float]]] = defaultdict(list)
    add_shipments(model, world, batches, balance)
    add_service(model, world, batches, balance)
    add_inventory(model, world, batches, balance)
    add_worst_off(model, world)


def usable(world: Plain, batch: Batch, period: int) -> bool:
    """Whether a batch may leave, arrive or be served in a period."""
    return period <= batch[1] or "expiry" in world.without


def add_shipments(model: Milp, world: Plain, batches: list[Batch], balance: defaultdict) -> None:
    """Add what is sent on every lane; fleet hours and roads are taken when the vehicle leaves its base."""
    payloads = {row["fleet"]: row["payload_tonnes"] for row in world.tables["fleets"]}
    for t in world.horizon:
        hours, loads = defaultdict(list), defaultdict(list)
        capacities = {}
        for number, lane in enumerate(lanes(world, t)):
            for batch in batches:
                arrival = t + lane.lag
                late = arrival >= world.periods
                if not usable(world, batch, arrival) or (late and "sending late" in world.without):
                    continue
                tonnes = world.tonnes(batch[0])
                trips = tonnes / payloads[lane.fleet]
                name = (lane.fleet, lane.origin, lane.destination, number, *batch, t)
                ship = model.column("ship", *name)
                model.price("transport", ship, trips * lane.cost_per_trip)
                hours[lane.fleet].append((ship, trips * lane.hours_per_trip))
                for arc in lane.route:
                    if arc.capacity is not None:
                        loads[arc.road, arc.tail].append((ship, tonnes))
                        capacities[arc.road, arc.tail] = arc.capacity
                balance[lane.origin, batch, t].append((ship, -1.0))
                if not late:
                    balance[lane.destination, batch, arrival].append((ship, 1.0))
        for fleet in world.tables["fleets"]:
            entries = hours[fleet["fleet"]]
            model.row("fleet hours", fleet["fleet"], t, entries=entries, upper=world.fleet_hours(fleet, t))
        for (road, tail), entries in loads.items():
            model.row("road capacity", road, tail, t, entries=entries, upper=capacities[road, tail])


def add_service(model: Milp, world: Plain, batches: list[Batch], balance: defaultdict) -> None:
    """Add what is served, the backlog, its ages with their deprivation, and what lapses."""
    for key, need in world.needs.items():
        place, commodity, group = key
        carry, weight = world.carry_over(commodity), world.weight(group)
        initial = sum(quantity for _, quantity in world.backlogs.get(key, []))
        lapse = weight * (1 - carry) * world.lapse_cost(commodity)
        model.constants["lapsed"] += lapse * initial
        before = None
        for t in world.horizon:
            backlog = model.column("backlog", *key, t)
            entries = [(backlog, 1.0)]
            for batch in batches:
                if batch[0] == commodity and usable(world, batch, t):
                    served = model.column("served", *key, *batch, t)
                    entries.append((served, 1.0))
                    balance[place, batch, t].append((served, -1.0))
            for hall, use in world.open_to(commodity, place, t):
                entries.append((model.column("served", *key, "going", hall, use, t), 1.0))
            known = need[t]
            if before is None:
                known += carry * initial
            else:
                entries.append((before, -carry))
            model.row("backlog", *key, t, entries=entries, lower=known, upper=known)
            if t < world.periods - 1:
                model.price("lapsed", backlog, lapse)
            add_ages(model, world, key, backlog, t)
            before = backlog


def add_ages(model: Milp, world: Plain, key: tuple[str, str, str], backlog: int, t: int) -> None:
    """Cut a backlog by age from the youngest need on; each age costs what one more period without adds."""
    _, commodity, group = key
    carry, need = world.carry_over(commodity), world.needs[key]
    limits: defaultdict[int, float] = defaultdict(float)
    for age in range(1, t + 2):
        limits[age] += carry ** (age - 1) * need[t - age + 1]
    for age, quantity in world.backlogs.get(key, []):
        limits[t + age + 1] += carry ** (t + 1) * quantity
    if "ages" in world.without:
        limits = defaultdict(float, {1: math.inf})
    parts = []
    for age, limit in limits.items():
        part = model.column("age", *key, age, t, upper=limit)
        slope = world.curve(commodity, age) - world.curve(commodity, age - 1)
        model.price("deprivation", part, world.weight(group) * slope)
        parts.append((part, 1.0))
    model.row("cut by age", *key, t, entries=[*parts, (backlog, -1.0)], lower=0.0, upper=0.0)


def add_inventory(model: Milp, world: Plain, batches: list[Batch], balance: defaultdict) -> None:
    """Add the balance of every batch at every place, what expires, and what lies above the storage."""
    for place in world.stores:
        stored = defaultdict(list)
        for batch in batches:
            supply = world.supply.get((place, *batch), [0.0] * world.periods)
            before = None
            for t in world.horizon:
                if not usable(world, batch, t):
                    break
                left = model.column("left", place, *batch, t)
                entries = [*balance[place, batch, t], (left, -1.0)]
                if before is not None:
                    entries.append((before, world.keep(place, batch[0], t)))
                if t >= batch[1] and "expiry" in world.without:
                    entries.append((model.column("thrown away", place, *batch, t), -1.0))
                if "scarcity" in world.without and any(supply[: t + 1]):
                    entries.append((model.column("found", place, *batch, t), 1.0))
                model.row("inventory", place, *batch, t, entries=entries, lower=-supply[t], upper=-supply[t])
                if t < batch[1] or "expiry" in world.without:
                    stored[t].append((left, world.tonnes(batch[0])))
                before = left
        for t in world.horizon:
            if math.isfinite(world.storage(place, t)):
                over = model.column("overflow", place, t)
                model.price("overflow", over, world.policy.overflow_cost)
                entries = [*stored[t], (over, -1.0)]
                model.row("storage", place, t, entries=entries, upper=world.storage(place, t))


def add_worst_off(model: Milp, world: Plain) -> None:
    """Add the largest unserved share over place and commodity with need, backlogs counted in need."""
    worst = model.column("worst off")
    model.price("worst_off", worst, world.policy.worst_off)
    needs: defaultdict[tuple[str, str], float] = defaultdict(float)
    for key, need in world.needs.items():
        needs[key[:2]] += sum(need) + sum(quantity for _, quantity in world.backlogs.get(key, []))
    for pair, need in needs.items():
        if need > 0:
            served = [
                (number, 1.0 / need)
                for number, name in enumerate(model.names)
                if name[0] == "served" and name[1:3] == pair
            ]
            model.row("worst off", *pair, entries=[(worst, 1.0), *served], lower=1.0)
