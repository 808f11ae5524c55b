r"""Adapt: what an event has taught, written into the next instance.

================  =====================================================================================================
what              how
================  =====================================================================================================
needs             of each place p and commodity c: believed · exp(m), from y = ln(needed over believed, all periods).
                  Of the commodity m_c = ȳ_c · τ²/(τ² + (σ_p² + v)/n), τ = 0.2; of the place m = m_c + (y − m_c) ·
                  σ_p²/(σ_p² + v). v is how far days scatter, σ_p² how far places differ beyond that: both from the data
                  (empirical Bayes), so that what was right already stays
reliability       of each party (κ·r + Σ s)/(κ + n), κ = 10: r what was believed, s the share of its promised hours that
                  it gave in each of the n periods in which it had promised some
probabilities     of scenarios (ν·p + 1 of the one that struck)/(ν + 1), ν = 10 events: the mean of a Dirichlet
floors            of what went missing: what lay in the city and the most that waited at once, at a price of the
                  scenario's probability · what a unit costs that is missing for a period (only where there is
                  something to prepare with)
roles             one backup more for each task of which doers gave less than nine tenths of what they promised and are
                  now believed to be less reliable by 0.05, where somebody else with a say there could stand by
================  =====================================================================================================

Weak: where ``policy.reliability`` is expected and hands to give out are what binds, knowing reliabilities better may
make people worse off (the bar ``learning`` shows it as a figure). A plan then sends no more than the hours expected can
hand out; who believes in all the hours sends more, and on days on which more show up than on average no hands stand
idle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.instance.areas import Areas
from coordination.instance.findings import first_period_cost
from coordination.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.simulation import Step

    Floats = NDArray[np.float64]

PRIOR_SPREAD = 0.2
SURE_OF_PARTIES = 10.0
SURE_OF_SCENARIOS = 10.0
LARGEST = 5.0
"""Needs change by no more than this factor at once."""
GAVE = 0.9
LESS_SURE = 0.05
PREPARED_WITH = ("options", "purchases", "moves", "standby")
COLUMNS = ["what", "id", "before", "after", "seen"]
SAME = 1e-9


@dataclass(frozen=True)
class Learned:
    """What an event has taught.

    Attributes
    ----------
    instance : Instance
        The next instance.
    table : DataFrame
        ``what`` (needs, reliability, probability, floor, backups), ``id``, ``before``, ``after``, ``seen`` (periods or
        events that it rests on).
    """

    instance: Instance
    table: pd.DataFrame


def adapt(instance: Instance, steps: Sequence[Step], scenario: str | None) -> Learned:
    """Return what is believed after an event.

    Parameters
    ----------
    instance : Instance
        What was believed before it, with all that can be prepared.
    steps : sequence of Step
        The event as it was played.
    scenario : str or None
        The scenario that struck.

    Returns
    -------
    Learned
        The next instance, and what changed in it.
    """
    record = pd.concat([step.record.assign(period=step.record["period"] + step.start) for step in steps])
    needs, rows = _needs(instance.under(scenario), _needed(steps))
    parties, found = _parties(instance, record)
    rows += found
    scenarios, found = _scenarios(instance, scenario)
    rows += found
    tasks, found = _tasks(instance, parties, record)
    rows += found
    tables = {"needs": needs, "parties": parties, "scenarios": scenarios, "tasks": tasks}
    if scenario is not None and any(len(instance.tables[name]) for name in PREPARED_WITH):
        sure = float(scenarios.set_index("scenario")["probability"][scenario])
        tables["floors"], found = _floors(instance, steps, sure)
        rows += found
    return Learned(instance.replace(**tables), pd.DataFrame(rows, columns=COLUMNS))


def _needed(steps: Sequence[Step]) -> pd.DataFrame:
    """Return what was needed: ``place``, ``commodity``, ``period``, ``quantity``."""
    parts = []
    for step in steps:
        needs = World.of(step.done.instance).needs
        needs = needs[needs["period"] < step.periods]
        parts.append(needs.assign(period=needs["period"] + step.start))
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return rows.groupby(["place", "commodity", "period"], as_index=False)[["quantity"]].sum()


def _needs(believed: Instance, needed: pd.DataFrame) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    given = believed.given("needs")
    keys = ["place", "commodity"]
    was = World.of(believed).needs.groupby([*keys, "period"])["quantity"].sum()
    was = was[was > 0]
    real = needed.set_index([*keys, "period"])["quantity"].reindex(was.index)
    cells = pd.DataFrame({"was": was, "real": real}).dropna()
    if cells.empty:
        return given, []
    sums = cells.groupby(level=keys).sum()
    sums = sums[sums["real"] > 0]
    sums["y"] = np.log(sums["real"] / sums["was"])
    ratio = (cells["real"] / cells["was"]).rename("ratio").reset_index()
    ratio = ratio.merge(sums["y"].reset_index(), on=keys)
    ratio["off"] = ratio["ratio"] / np.exp(ratio["y"]) - 1.0
    sums["periods"] = ratio.groupby(keys).size()
    scatter = ratio.groupby("commodity")["off"].apply(lambda off: float((off**2).sum()))
    free = ratio.groupby("commodity").size() - sums.groupby(level="commodity").size()
    daily = (scatter / free.clip(lower=1)).to_dict()
    factors = dict[tuple[str, str], float]()
    for commodity, rows in sums.groupby(level="commodity"):
        found = _shrunk(rows["y"].to_numpy(), daily[commodity] / rows["periods"].to_numpy(dtype=float))
        factors |= dict(zip(rows.index.tolist(), np.exp(found).clip(1 / LARGEST, LARGEST).tolist(), strict=True))
    pairs = list(zip(given["place"], given["commodity"], strict=True))
    factor = np.array([factors.get(pair, 1.0) for pair in pairs])
    changed = given.assign(quantity=given["quantity"].to_numpy(dtype=float) * factor)
    told = [
        {"what": "needs", "id": f"{place};{commodity}", "before": float(sums["was"][place, commodity]),
         "after": float(sums["was"][place, commodity]) * value, "seen": int(sums["periods"][place, commodity])}
        for (place, commodity), value in factors.items()
    ]  # fmt: skip
    return changed, told


def _shrunk(y: Floats, v: Floats) -> Floats:
    """Return what is believed of places, from what was seen there and its variance."""
    differ = max(0.0, float(np.var(y, ddof=1) - v.mean())) if len(y) > 1 else 0.0
    spread = PRIOR_SPREAD**2
    common = float(y.mean()) * spread / (spread + (differ + float(v.mean())) / len(y))
    own = np.divide(differ, differ + v, out=np.zeros_like(v), where=differ + v > 0)
    return common + (y - common) * own


def _parties(instance: Instance, record: pd.DataFrame) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    parties = instance.given("parties")
    seen = record[record["promised"] > 0].groupby(["party", "period"])[["promised", "given"]].sum()
    share = (seen["given"] / seen["promised"]).clip(0.0, 1.0).groupby(level="party").agg(["sum", "size"])
    share = share.reindex(parties["party"]).fillna(0.0)
    before = parties["reliability"].to_numpy(dtype=float)
    count = share["size"].to_numpy(dtype=float)
    after = (SURE_OF_PARTIES * before + share["sum"].to_numpy(dtype=float)) / (SURE_OF_PARTIES + count)
    told = [
        {"what": "reliability", "id": party, "before": was, "after": now, "seen": int(n)}
        for party, was, now, n in zip(parties["party"].tolist(), before.tolist(), after.tolist(), count, strict=True)
        if n > 0
    ]
    return parties.assign(reliability=after), told


def _scenarios(instance: Instance, struck: str | None) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    scenarios = instance.given("scenarios")
    before = scenarios["probability"].to_numpy(dtype=float)
    happened = (scenarios["scenario"] == struck).to_numpy(dtype=float)
    after = (SURE_OF_SCENARIOS * before + happened) / (SURE_OF_SCENARIOS + 1.0)
    told = [
        {"what": "probability", "id": name, "before": was, "after": now, "seen": 1}
        for name, was, now in zip(scenarios["scenario"].tolist(), before.tolist(), after.tolist(), strict=True)
    ]
    return scenarios.assign(probability=after), told


def _floors(instance: Instance, steps: Sequence[Step], sure: float) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    service = [(step.start, step.done.service) for step in steps]
    backlog = pd.concat([rows.assign(period=rows["period"] + start) for start, rows in service])
    most = backlog.groupby(["commodity", "period"])["backlog"].sum().groupby(level="commodity").max()
    lay = instance.stocks.groupby("commodity")["quantity"].sum()
    zone = instance.parties.loc[instance.parties["kind"] == "core", "zone"].iloc[0]
    cost, floors = first_period_cost(instance.tables), instance.given("floors")
    rows, told = list[dict[str, Any]](), list[dict[str, Any]]()
    for commodity, missing in zip(most.index.astype(str).tolist(), most.tolist(), strict=True):
        if missing <= SAME:
            continue
        wanted = float(lay.get(commodity, 0.0)) + float(missing)
        mine = ((floors["commodity"] == commodity) & (floors["zone"] == zone) & floors["price"].notna()).to_numpy()
        before = float(floors.loc[mine, "quantity"].max()) if mine.any() else 0.0
        floors = floors[~mine]
        row = {"commodity": commodity, "quantity": max(wanted, before), "zone": zone}
        rows.append(row | {"price": sure * float(cost[commodity])})
        told.append({"what": "floor", "id": commodity, "before": before, "after": max(wanted, before), "seen": 1})
    more = pd.DataFrame(rows, columns=floors.columns)
    return pd.concat([part for part in (floors, more) if len(part)] or [floors], ignore_index=True), told


def _tasks(
    instance: Instance, parties: pd.DataFrame, record: pd.DataFrame
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    tasks = instance.given("tasks")
    doing = record[record["role"] == "responsible"]
    gave = doing.groupby("task")[["promised", "given"]].sum()
    short = set(gave.index[gave["given"] < GAVE * gave["promised"]])
    less = instance.parties["reliability"].to_numpy(dtype=float) - parties["reliability"].to_numpy(dtype=float)
    doubtful = set(parties["party"][less >= LESS_SURE])
    short &= set(doing.loc[doing["party"].isin(doubtful), "task"])
    before = tasks["backups"].to_numpy(dtype=np.int64)
    others = _able(instance, tasks) - tasks["doers"].to_numpy(dtype=np.int64)
    more = tasks["task"].isin(short).to_numpy() & (before < others)
    told = [
        {"what": "backups", "id": task, "before": float(was), "after": float(was + 1), "seen": 1}
        for task, was in zip(tasks["task"][more].tolist(), before[more].tolist(), strict=True)
    ]
    return tasks.assign(backups=before + more), told


def _able(instance: Instance, tasks: pd.DataFrame) -> NDArray[np.int64]:
    """Return how many parties have the skill, and a jurisdiction that contains or lies within the zone of each task."""
    zones = instance.zones
    areas = Areas(dict(zip(zones["zone"], zones["parent"].astype(object), strict=True)))
    where = instance.parties.set_index("party")["zone"]
    skilled = instance.skills[["skill", "party"]].assign(jurisdiction=instance.skills["party"].map(where))
    pairs = tasks[["skill", "zone"]].reset_index(names="row").merge(skilled, on="skill")
    mine, its = pairs["jurisdiction"].to_numpy(object), pairs["zone"].to_numpy(object)
    near = areas.contains(mine, its) | areas.contains(its, mine)
    return np.bincount(pairs["row"][near], minlength=len(tasks))
