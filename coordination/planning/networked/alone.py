"""The plan in which nothing is pooled: every coalition plans what `Instance.restrict` leaves it, roles too.

It is the point of disagreement: what everybody has without the others. Of roads with a capacity and no owner each
coalition with fleets has an equal part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance.whose import Whose
from coordination.planning.answer import trivial_bound
from coordination.planning.assignment import Assignment
from coordination.planning.case import Case
from coordination.planning.choices import chosen
from coordination.planning.coding import encode
from coordination.planning.conversions import Conversions
from coordination.planning.decision import Decided, written
from coordination.planning.flows import play_forward
from coordination.planning.idle import Idle
from coordination.planning.networked.coalitions import coalitions_of
from coordination.planning.networked.posting import CoalitionCase, common_batches
from coordination.planning.roles_told import TABLES, Told, told_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.answer import Answer
    from coordination.planning.model import ResponseModel
    from coordination.planning.networked.coalitions import Coalitions
    from coordination.planning.session import Session
    from coordination.plans import Plan

    Floats = NDArray[np.float64]

NOTES = (
    "Nothing is pooled: every coalition plans by itself; nothing proves how much less all together would pay.",
    "Prices and reasons are missing: coalitions decided, not the model that they are read from.",
)
SHIPMENT = ["lane", "batch", "period"]
SERVICE = ["place", "batch", "group", "period"]


def plan_alone(begun: Session, answered: Callable[[Case], Answer]) -> Plan:
    """Return the plan in which every coalition is by itself.

    Parameters
    ----------
    begun : Session
        The run of planning, of everybody: for names.
    answered : callable
        How to plan a case.
    """
    whole, clock = begun.model, begun.clock
    instance = whole.case.instance
    names = coalitions_of(instance, instance.policy.coalitions)
    owners, joined = Whose(instance).tasks.astype(str), Joined(whole)
    idle = Idle(instance, begun.options) if begun.plain else None
    resting = [idle is not None and idle.is_idle(parties) for _, parties in names]
    with clock.stage("build"):
        cases = iter(_cases(instance, [one for one, rests in zip(names, resting, strict=True) if not rests]))
    for (_, parties), rests in zip(names, resting, strict=True):
        if idle is not None and rests:
            joined.add_roles(idle.roles(parties, answered), np.isin(owners, parties))
            continue
        answer = answered(next(cases))
        if answer.program is not None:
            answer.program.close()
        joined.add(answer, np.isin(owners, parties))
    with clock.stage("decide"):
        decided = joined.decided()
    sizes = {"coalitions": len(names), "way": "alone"}
    return written(
        decided, begun.options, clock, trivial_bound(whole), [*NOTES], sizes, {}, None, None, chosen(begun.solved)
    )


def _cases(instance: Instance, names: Coalitions) -> list[CoalitionCase]:
    alone = [instance.restrict(*parties) for _, parties in names]
    driving = sum(len(one.fleets) > 0 for one in alone)
    cases = [Case.of(with_part_of_roads(one, driving)) for one in alone]
    if not cases:
        return []
    batches = common_batches(cases)
    return [CoalitionCase(case.instance, case.world, case.network, common=batches) for case in cases]


def with_part_of_roads(instance: Instance, parts: int) -> Instance:
    """Return the instance with an equal part of the capacity of roads without an owner."""
    roads = instance.given("roads").copy()
    nobodys = roads["owner"].isna() & roads["capacity_tonnes"].notna()
    if parts < 2 or not nobodys.any():
        return instance
    roads.loc[nobodys, "capacity_tonnes"] /= parts
    return instance.replace(roads=roads)


def _nothing(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({name: np.zeros(0, dtype=np.int64) for name in columns}).assign(quantity=np.zeros(0))


class Joined:
    """What coalitions decided, by the names of everybody."""

    def __init__(self, whole: ResponseModel) -> None:
        self.whole, self.case = whole, whole.case
        self.lanes = [self.case.lanes]
        self.detours: dict[int, NDArray[np.int64]] = {}
        self.ships, self.serve = ([_nothing(columns)] for columns in (SHIPMENT, SERVICE))
        self.values = {name: np.zeros(len(getattr(whole.roles, table))) for table, name in TABLES}

    def add(self, answer: Answer, own: NDArray[np.bool_]) -> None:
        """Take up what a coalition decided.

        Parameters
        ----------
        own : ndarray of bool
            Which tasks of everybody are its own.
        """
        case, other, count = self.case, answer.model.case, sum(len(lanes) for lanes in self.lanes)
        columns, coding = answer.columns, other.coding
        fleets = encode(case.coding.fleets, coding.fleets.tolist())
        self.lanes.append(columns.lanes.assign(fleet=fleets[columns.lanes["fleet"]])[case.lanes.columns])
        self.detours |= {count + lane: arcs for lane, arcs in columns.routes.items()}
        self.ships.append(answer.ships.assign(lane=answer.ships["lane"] + count, quantity=answer.values["ship"]))
        served = (
            answer.model.frame.service[SERVICE]
            .assign(quantity=answer.values["serve"])
            .astype(dict.fromkeys(SERVICE, int))
        )
        groups = encode(case.coding.groups, coding.groups.tolist())
        self.serve.append(served.assign(group=groups[served["group"].to_numpy()] if len(served) else served["group"]))
        self.add_roles(told_of(answer), own)

    def add_roles(self, told: Told, own: NDArray[np.bool_]) -> None:
        """Take up roles and hours in own tasks."""
        coding = self.case.coding
        for table, name in TABLES:
            rows, known = told[name], getattr(self.whole.roles, table)
            task, party = encode(coding.tasks, rows["task"].tolist()), encode(coding.parties, rows["party"].tolist())
            rows = rows.assign(task=task, party=party)[own[task]]
            keys = [key for key in rows.columns if key != "value"]
            at = pd.MultiIndex.from_frame(known[keys].astype(np.int64)).get_indexer(
                pd.MultiIndex.from_frame(rows[keys].astype(np.int64))
            )
            there = at >= 0
            self.values[name][at[there]] = rows["value"].to_numpy(dtype=float)[there]

    def decided(self) -> Decided:
        """Return what all of it comes to."""
        serve = pd.concat(self.serve, ignore_index=True).groupby(SERVICE, as_index=False)[["quantity"]].sum()
        lanes = pd.concat(self.lanes, ignore_index=True)
        flows = play_forward(self.case, lanes, pd.concat(self.ships, ignore_index=True), serve)
        assignment = Assignment.from_values(self.whole.roles, self.values)
        return Decided(self.case, lanes, self.detours, flows, assignment, Conversions.going_on(self.case))
