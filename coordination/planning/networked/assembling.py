"""From what coalitions do to the plan of all: their shipments, service and hours by the names that all know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.assignment import Assignment
from coordination.planning.coding import encode
from coordination.planning.conversions import Conversions
from coordination.planning.decision import Decided
from coordination.planning.flows import play_forward

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from coordination.planning.model import ResponseModel
    from coordination.planning.networked.coalition import Coalition

    Floats = NDArray[np.float64]

SERVICE = ["place", "batch", "group", "period"]


def assemble(
    model: ResponseModel, values: Mapping[str, Floats], coalitions: Sequence[Coalition], done: Sequence[Floats]
) -> Decided:
    """Return what is decided when coalitions do what they said, roles as agreed.

    Parameters
    ----------
    model, values : ResponseModel, mapping of str to ndarray
        Of everybody: for names, and the roles.
    done : sequence of ndarray
        Values of each coalition's own columns.
    """
    case = model.case
    lanes, ships, serve = [case.lanes], [], []
    detours: dict[int, NDArray[np.int64]] = {}
    work = _work_index(model)
    cover = np.zeros(len(work))
    count = len(case.lanes)
    for one, x in zip(coalitions, done, strict=True):
        whole = np.zeros(one.form.columns)
        whole[one.program.own] = x
        columns, coding = one.columns, one.case.coding
        there = columns.lanes.assign(fleet=encode(case.coding.fleets, coding.fleets.tolist())[columns.lanes["fleet"]])
        detours |= {count + lane: arcs for lane, arcs in columns.routes.items()}
        sent = columns.ships()
        ships.append(sent.assign(lane=sent["lane"] + count, quantity=_values(one, whole, "ship", len(sent))))
        lanes.append(there[case.lanes.columns])
        count += len(there)
        served = one.service[SERVICE].assign(quantity=_values(one, whole, "serve", len(one.service)))
        groups = encode(case.coding.groups, coding.groups.tolist())
        serve.append(served.assign(group=groups[served["group"].to_numpy(int)] if len(served) else served["group"]))
        if "cover" in one.form.variables:
            hours = one.form.values("cover", whole)
            cover[work.get_indexer(_known(model, hours.index))] += hours.to_numpy()
    served_all = pd.concat(serve, ignore_index=True).astype(dict.fromkeys(SERVICE, np.int64))
    served_all = served_all.groupby(SERVICE, as_index=False)[["quantity"]].sum()
    every = pd.concat(lanes, ignore_index=True)
    flows = play_forward(case, every, pd.concat(ships, ignore_index=True), served_all)
    assignment = Assignment.from_values(model.roles, {**values, "cover": cover})
    return Decided(case, every, detours, flows, assignment, Conversions.going_on(case))


def _values(one: Coalition, whole: Floats, name: str, size: int) -> Floats:
    return whole[one.form.variables[name].slice] if name in one.form.variables else np.zeros(size)


def _work_index(model: ResponseModel) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(model.roles.cover[["task", "party", "period"]].astype(np.int64))


def _known(model: ResponseModel, index: pd.Index) -> pd.MultiIndex:
    """Return task, party and period in the codes of everybody."""
    coding = model.case.coding
    task, party, period = (index.get_level_values(level).tolist() for level in range(3))
    return pd.MultiIndex.from_arrays(
        [encode(coding.tasks, task), encode(coding.parties, party), np.array(period, dtype=np.int64)]
    )
