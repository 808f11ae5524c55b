"""Repairs where the network has too many conditions, or the case is too large, to decide them with supply."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.recovery.data import sequence_data, work_data
from coordination.planning.recovery.reading import read_repairs
from coordination.planning.recovery.worths import Worths
from coordination.planning.supply_data import relation, series
from coordination.solver import SolverOptions, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.instance import Instance
    from coordination.planning.clock import Clock
    from coordination.planning.options import PlanOptions
    from coordination.planning.recovery.crews import Crews
    from coordination.planning.recovery.repairs import Repairs
    from coordination.planning.recovery.worths import Priced

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

LOG = logging.getLogger(__name__)
Index = pd.MultiIndex
TURNS = 5
"""Times that worths are summed about the last schedule."""
GAP = 1e-3
SECONDS = 20.0
"""Most time for one schedule at given worths."""


def restore(
    crews: Crews, priced: Priced, options: PlanOptions, clock: Clock, judge: Callable[[Instance], float | None]
) -> Repairs | None:
    """Return the best of the repairs that are worth most at the prices of the ideal instance; None if not in time.

    Parameters
    ----------
    judge : callable
        Returns what a coarse plan of an instance with its damage as it is costs; None where there was no time.
    """
    found = _found(crews, priced, options, clock)
    if len(found) < 2:
        return found[0] if found else None
    costs = [judge(repairs.repaired() if len(repairs.order) else crews.instance) for repairs in found]
    total = [np.inf if cost is None else cost + repairs.cost for cost, repairs in zip(costs, found, strict=True)]
    LOG.info("repairs: %s", ", ".join(f"{len(r.order)} at {cost:.8g}" for r, cost in zip(found, total, strict=True)))
    return found[int(np.argmin(total))]


def _found(crews: Crews, priced: Priced, options: PlanOptions, clock: Clock) -> list[Repairs]:
    """Return schedules that may be good, those of the least worth lost first."""
    worths = Worths(crews, priced)
    nothing, everything = np.zeros_like(worths.hurt), np.ones_like(worths.hurt)
    with clock.stage("price"):
        worth = (worths.marginal(nothing) + worths.marginal(everything)) / 2.0
    found: list[tuple[float, Repairs]] = []
    seen: set[bytes] = set()
    for turn in range(1, TURNS + 1):
        repairs = _scheduled(crews, worth, options, clock)
        if repairs is None:
            break
        repairs = repairs.at_once()
        whole = whole_by(crews, repairs)
        with clock.stage("price"):
            cost = worths.of_schedule(whole) + repairs.cost
        LOG.info("repairs, turn %d: %d of %d, %.8g", turn, len(repairs.order), len(crews.damage), cost)
        key = whole.tobytes()
        if key in seen or clock.over():
            break
        seen.add(key)
        found.append((cost, repairs))
        with clock.stage("price"):
            worth = worths.marginal(_needed(worths, repairs, whole))
    # Everything as soon as it can be: each thing and period worth more than all pay.
    pay = float((crews.crews["cost"].to_numpy()[:, None] * crews.hours).sum())
    soon = _scheduled(crews, np.where(worths.hurt, 1.0 + pay, 0.0), options, clock)
    if soon is not None and whole_by(crews, soon.at_once()).tobytes() not in seen:
        found.append((np.inf, soon.at_once()))
    return [repairs for _, repairs in sorted(found, key=lambda pair: pair[0])]


def _needed(worths: Worths, repairs: Repairs, whole: Bools) -> Bools:
    """Return the schedule without what is not worth its pay beside the rest, the last first.

    Where several things stand in for each other, none is worth anything beside all of them: about what is left each is.
    """
    pay = repairs.crews.crews["cost"].to_numpy()[repairs.order["crew"]] * repairs.hours.sum(axis=1)
    left, cost = whole.copy(), worths.of_schedule(whole)
    for row in np.argsort(-repairs.finished, kind="stable").tolist():
        without = left.copy()
        without[int(repairs.order["thing"].iloc[row])] = False
        other = worths.of_schedule(without)
        if other - pay[row] < cost:
            left, cost = without, other
    return left


def whole_by(crews: Crews, repairs: Repairs) -> Bools:
    """Return whether each thing is repaired before each period, shape (things, periods)."""
    whole = np.zeros((len(crews.damage), int(crews.instance.periods)), dtype=bool)
    for thing, finished in zip(repairs.order["thing"].tolist(), repairs.finished.tolist(), strict=True):
        whole[thing, finished + 1 :] = True
    return whole


def _scheduled(crews: Crews, worth: Floats, options: PlanOptions, clock: Clock) -> Repairs | None:
    """Return the repairs of the most worth less pay, where worth adds up."""
    if clock.over():
        return None
    with clock.stage("compile"):
        form = schedule_form(crews, worth)
    limits = [limit for limit in (clock.within(0.2), SECONDS) if limit is not None]
    asked = SolverOptions(gap=GAP, time_limit=min(limits), threads=options.threads, seed=options.seed)
    with clock.stage("solve"):
        solution = solve(form, options=asked, stage="repairs at worths")
    return None if solution.x is None else read_repairs(crews, form, solution.x)


def schedule_form(crews: Crews, worth: Floats) -> MatrixForm:
    """Return crews alone as a matrix.

    Parameters
    ----------
    worth : ndarray, shape (things, periods)
        Money for having a thing whole in a period.
    """
    from coordination_models.response import restoration_model

    from coordination.compilation import compile_model

    periods = int(crews.instance.periods)
    finished, data = sequence_data(crews)
    entries = finished[["crew", "thing", "period"]]
    gain = worth[entries["thing"].to_numpy(dtype=int), entries["period"].to_numpy(dtype=int) + 1]
    party = crews.crews["party"].to_numpy(dtype=np.int64)
    table = pd.DataFrame({"party": party, "crew": np.arange(len(party))})
    table = table.merge(pd.DataFrame({"period": np.arange(periods)}), how="cross")
    rows = pd.DataFrame(
        {
            "party": np.repeat(np.arange(len(party)), periods), "period": np.tile(np.arange(periods), len(party)),
            "hours": crews.hours.ravel(),
        }
    )  # fmt: skip
    # Each crew has its own limit, and those of a party share the party's.
    own = table.assign(party=table["crew"])
    shared = pd.concat([own, table.assign(party=len(party) + table["party"])], ignore_index=True)
    over = table[["party", "period"]].drop_duplicates()
    over = over.assign(hours=crews.party_hours[over["party"].to_numpy()])
    over = over[np.isfinite(over["hours"])]
    limits = pd.concat([rows, over.assign(party=over["party"] + len(party))], ignore_index=True)
    key = ["party", "period"]
    shared = shared.merge(limits[key], on=key)
    return compile_model(
        restoration_model(),
        data
        | work_data(crews, finished)
        | {
            "CREWED": Index.from_frame(limits[key]),
            "CREWS_OF": relation(shared, key, ["crew", "period"]),
            "regained": series(entries.assign(gain=gain), ["crew", "thing", "period"], "gain"),
            "crews_available": series(limits, key, "hours"),
        },
    )
