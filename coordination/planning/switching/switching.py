"""Choosing the modes of zones, and the plan with the modes as chosen."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.errors import InstanceError, Problem
from coordination.planning.answer import trivial_bound, values_of
from coordination.planning.case import Case
from coordination.planning.model import ResponseModel
from coordination.planning.roles import decided_apart
from coordination.planning.routes import add_all_routes, first_columns
from coordination.planning.session import Session
from coordination.planning.switching.calming import calmed, course_of
from coordination.planning.switching.data import Switching
from coordination.planning.switching.lacking import refuse_beside_modes, refuse_large
from coordination.planning.switching.telling import told_switches, untold
from coordination.status import Status
from coordination.world.choosing import Choosing

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.instance import Instance
    from coordination.planning.clock import Clock
    from coordination.planning.options import PlanOptions
    from coordination.plans import Plan

    Ints = NDArray[np.int64]

PART = 0.5
"""Share of the requested gap, and of the time, for choosing the modes; the rest is for the plan with them."""
NO_TIME = "No modes were chosen in time: zones stay in the cheapest ones that pins and least stays allow."


@dataclass(frozen=True)
class Switched:
    """The modes of an instance, and how good they are.

    Attributes
    ----------
    instance : Instance
        The instance with a pin on every mode.
    bound : float or None
        No plan costs less, whatever the modes; None where all are pinned: then that of the plan.
    notes : list of str
        Honest remarks.
    switches : list of dict
        Each switch, and what one period earlier or later would cost.
    """

    instance: Instance
    bound: float | None
    notes: list[str]
    switches: list[dict[str, Any]] = field(default_factory=list)

    def of_given(self, plan: Plan, gap: float, given: Instance) -> Plan:
        """Return the plan with the modes as chosen as one of the instance as given, with its bound.

        Parameters
        ----------
        gap : float
            The requested one.
        given : Instance
            The instance as given.
        """
        objective, proven = plan.objective, None
        bound = plan.bound if self.bound is None else self.bound
        if objective is None or bound is None or not math.isfinite(bound):
            bound = None
        else:
            bound = min(bound, objective)
            proven = max(0.0, objective - bound) / max(1e-10, abs(objective))
        status, within = plan.status, proven is not None and proven <= max(gap, 1e-9)
        if status in (Status.OPTIMAL, Status.FEASIBLE):
            status = Status.OPTIMAL if within else Status.FEASIBLE
        return dataclasses.replace(
            plan, instance=given, sha256=given.sha256, bound=bound, gap=proven, status=status,
            options={**plan.options, "gap": gap}, notes=[*self.notes, *plan.notes],
            switching={"switches": self.switches} if plan.feasible else None,
        )  # fmt: skip


def switch(
    instance: Instance,
    options: PlanOptions,
    clock: Clock,
    on_progress: Callable[[Any], None] | None,
    most: tuple[int, int],
) -> Switched:
    """Choose the mode of every zone that chooses, in one program with supply, responsibility and facilities.

    Parameters
    ----------
    instance : Instance
        With ``policy.mode`` optimise; pins on roles already carried into orders.
    most : (int, int)
        Shipments, and coverage columns, up to which a program is solved whole.

    Raises
    ------
    UsageError
        The case is too large, or asks for rules that are not kept beside modes yet.
    InstanceError
        Pins on modes cannot hold with what was before the horizon and the least stays.
    """
    refuse_beside_modes(instance)
    choosing = Choosing(instance)
    _refuse_pins(choosing)
    if choosing.known:
        return Switched(instance, None, [], untold(choosing, choosing.pinned))
    with clock.stage("build"):
        case = _undecided(instance)
        model = ResponseModel.of(case).tight()
        switching = Switching(model, choosing)
        columns = first_columns(case)
        complete = add_all_routes(case, columns)
        shipments, cover = int(columns.allowed.sum()), len(model.roles.cover)
        if not complete or shipments > most[0] or cover > most[1]:
            refuse_large(instance, shipments, most[0], cover, most[1])
        columns.active = columns.allowed.copy()
        session = Session(model, columns, complete, options, clock, on_progress)
    form = decided_apart(session, _compiled(session, switching))
    solution = session.solve(form, "modes", gap=PART * options.gap, seconds=clock.within(PART))
    bound = trivial_bound(model)
    bound = bound if solution is None else max(bound, solution.bound)
    if solution is None or solution.x is None:
        schedule = _cheapest(choosing)
        return Switched(choosing.chosen(schedule), bound, [NO_TIME], untold(choosing, schedule))
    schedule = calmed(switching, _read(form, solution.x, switching), form, solution.x)
    told = told_switches(session, switching, form, solution.x, schedule)
    return Switched(choosing.chosen(schedule), bound, [], told)


def _undecided(instance: Instance) -> Case:
    from coordination.network import Network
    from coordination.world.undecided import UndecidedWorld

    return Case(instance, UndecidedWorld(instance), Network.of(instance))


def _compiled(session: Session, switching: Switching) -> MatrixForm:
    from coordination_models.response import switching_model

    from coordination.compilation import compile_model, declared

    with session.clock.stage("compile"):
        given = session.model.data(session.columns)
        return compile_model(declared(switching_model), given | switching.data(given))


def _read(form: MatrixForm, x: NDArray[np.float64], switching: Switching) -> Ints:
    """Return the mode of each chooser in each period, shape (choosers, periods)."""
    shape = switching.choosing.cost.shape
    values = values_of(form, x, ["in_mode"])["in_mode"].reshape(shape)
    return np.asarray(values.argmax(axis=1), dtype=np.int64)


def _cheapest(choosing: Choosing) -> Ints:
    courses = [course_of(choosing, zone).cheapest() for zone in range(len(choosing.names))]
    return np.stack([course for course in courses if course is not None])


def _refuse_pins(choosing: Choosing) -> None:
    """Refuse pins on modes that no schedule keeps."""
    problems = []
    for zone, name in enumerate(choosing.names.tolist()):
        if course_of(choosing, zone).cheapest() is None:
            found = f"pins on the modes of zone {name}"
            expected = "modes that least stays (mode_rules.min_periods) and what was before (held) allow"
            problems.append(Problem("pins", None, "value", found, expected, "Remove some of them."))
    if problems:
        raise InstanceError(problems)
