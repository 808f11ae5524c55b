"""The market of an instance: coalitions built from what each may see, and the core's clearing of what they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.instance.whose import Whose
from coordination.planning.assignment import Assignment
from coordination.planning.held import without_roles_under_way
from coordination.planning.networked.agreed import agreed_roles
from coordination.planning.networked.clearing import Clearing
from coordination.planning.networked.coalition import build
from coordination.planning.networked.messages import Messages
from coordination.planning.networked.posting import coalition_cases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from coordination.planning.model import ResponseModel
    from coordination.planning.networked.coalition import Coalition
    from coordination.planning.networked.coalitions import Coalitions

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Market:
    """Coalitions and the core.

    Attributes
    ----------
    coalitions : list of Coalition
        Their programs.
    clearing : Clearing
        The core's.
    constant : float
        What roles and what lapses at the start cost in any case, money.
    complete : bool
        Whether every route that could matter is in a program.
    messages : Messages
        What was said so far.
    """

    coalitions: list[Coalition]
    clearing: Clearing
    constant: float
    complete: bool
    messages: Messages


def open_market(model: ResponseModel, values: Mapping[str, Floats], names: Coalitions) -> Market:
    """Return the market of an instance whose roles are agreed.

    Parameters
    ----------
    model, values : ResponseModel, mapping of str to ndarray
        Of everybody, for the roles alone: who may hold which, who does.
    names : list of (str, tuple of str)
        Coalitions and their parties.
    """
    # Roles under way are agreed like all others: coalitions hear of them, and need not find them in their own tables.
    instance, messages = without_roles_under_way(model.case.instance), Messages()
    whose = Whose(instance)
    member = {party: n for n, (_, parties) in enumerate(names) for party in parties}
    owner = dict(zip(instance.tasks["task"].astype(str), map(str, whose.tasks), strict=True))
    agreed = agreed_roles(model.roles, values, member, owner)
    cases, posting = coalition_cases(instance, names, messages)
    coalitions, complete = [], True
    for (name, parties), case in zip(names, cases, strict=True):
        own = [task for task, party in owner.items() if party in parties]
        told = agreed.of(parties, own)
        messages.say(
            0, name, "told roles", tuple(told.work.columns), len(told.work) + len(told.standby) + len(told.own)
        )
        one, whole = build(name, case, told, posting.most)
        coalitions.append(one)
        complete &= whole
    core = cases[member[whose.core]]
    need = np.sum([case.need_total for case in cases], axis=0)
    # What places store and roads take, owners say; of roads without an owner everybody knows it.
    storage = np.where(
        np.isfinite(core.world.storage), np.sum([_finite(case.world.storage) for case in cases], axis=0), np.inf
    )
    free = np.array([name is None for name in whose.roads], dtype=bool)[core.network.directions.road]
    owned = np.sum([_finite(case.road_capacity) for case in cases], axis=0)
    roads = np.where(free[:, None] | ~np.isfinite(core.road_capacity), core.road_capacity, owned)
    clearing = Clearing(core, posting, coalitions, storage, roads, need)
    constant = sum(one.form.offset for one in coalitions) + roles_cost(model, values)
    return Market(coalitions, clearing, constant, complete, messages)


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, 0.0)


def roles_cost(model: ResponseModel, values: Mapping[str, Floats]) -> float:
    """Return what the roles cost whatever hours are worked: levels, backups and kinds missing, efforts."""
    idle = {**values, "cover": np.zeros(len(model.roles.cover))}
    terms = Assignment.from_values(model.roles, idle).terms()
    return sum(value for name, value in terms.items() if name not in ("gap_hours", "interest"))
