r"""What if, on a large case: the roles of some tasks chosen again, everything else held as planned.

A large case takes minutes to plan, so its questions are put to a small program around what is asked about: whole roles
of some tasks, all else as it stands. Held are what is handed out in every zone and period, at least; what all other
tasks take of everybody's hours and of the span of control; their roles. So a cost that is told is what the change costs
if only these tasks may answer to it. It is proven for this program; with all free to change it could only be less.

.. math:: \min \{ c_I x_I : A_I x_I \le b - A_J \bar{x}_J, \; \rho \sum_{i \in I} h_i \ge \bar{u} - \rho \sum_{i \in J}
          \bar{h}_i \}

I are the tasks around, J the others, u the tonnes served. Where a change leaves fewer hours than these tonnes take, as
few tonnes as can be go short first, and they are told beside the money.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.explanation.changes import changed
from coordination.instance.tables import TABLES
from coordination.objectives import Objective
from coordination.objectives.limits import at_most, minimising
from coordination.planning.case import Case
from coordination.planning.model import ResponseModel
from coordination.planning.pins import with_pins
from coordination.solver import SolverOptions, solve
from coordination.status import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.explanation.changes import Change
    from coordination.explanation.loads import Loads
    from coordination.instance import Instance
    from coordination.planning.responsibility_data import Roles
    from coordination.solver import Solution

    Floats = NDArray[np.float64]

MOST_TASKS = 12
"""Tasks whose roles are chosen again where that is enough: with thirty, proving a question took three seconds."""
MOST_OWN = 150
"""Tasks that may have to be chosen again together."""
KEPT = (
    "zones", "places", "parties", "skills", "commodities", "deprivation", "needs", "tasks", "efforts", "interests",
    "mandates", "conflicts", "depends", "held", "observations", "indicators", "scenarios", "effects",
)  # fmt: skip
"""Tables that roles depend on."""
SHORT = 1e-6
"""Tonnes below which nothing goes short."""


@dataclass(frozen=True)
class Again:
    """Roles chosen again.

    Attributes
    ----------
    cost, bound : float or None
        Responsibility of the tasks around; None where there was no time, or rules forbid it (`status`).
    short : float
        Tonnes that are not handed out any more.
    status : Status
        How it ended.
    """

    cost: float | None
    bound: float | None
    short: float
    status: Status


@dataclass(frozen=True)
class Nearby:
    """Tasks of a plan whose roles are chosen again, and what all others take.

    Attributes
    ----------
    loads : Loads
        Roles and hours of the plan.
    tasks : frozenset of str
        The tasks around.
    """

    loads: Loads
    tasks: frozenset[str]

    @classmethod
    def around(cls, loads: Loads, own: set[str], parties: set[str]) -> Nearby:
        """Return tasks with others around them.

        Parameters
        ----------
        loads : Loads
            Of the plan.
        own : set of str
            Tasks that must be among them.
        parties : set of str
            Parties that matter: tasks in which these act come first, then those of the same zones, then those that
            these could do.
        """
        held, tasks, pairs = loads.plan.responsibilities, loads.plan.instance.tasks, loads.pairs
        acting = held[held["role"].isin(["responsible", "backup"]) & held["party"].isin(parties)]["task"]
        zones = set(tasks.loc[tasks["task"].isin(own), "zone"])
        able = pairs.loc[pairs["party_id"].isin(parties), "task_id"]
        near = [*dict.fromkeys([*acting, *tasks.loc[tasks["zone"].isin(zones), "task"], *able])]
        room = max(0, MOST_TASKS - len(own))
        return cls(loads, frozenset({*own, *[task for task in near if task not in own][:room]}))

    def again(self, change: Change, options: SolverOptions) -> Again:
        """Return what the roles of the tasks around cost after a change.

        Parameters
        ----------
        change : Change
            What is changed.
        options : SolverOptions
            Gap and time.

        Raises
        ------
        InstanceError
            The instance's own rules do not allow the change.
        """
        model = ResponseModel.of(Case.of(changed(self._part, change)))
        tonnes = self._tonnes(model)
        form = self._within(model, model.tight().compile_held(tonnes, np.zeros(len(tonnes))))
        solution = solve(_all_handed_out(form), options=options, stage="around")
        if solution.x is None and solution.status is Status.INFEASIBLE and "held_short" in form.variables:
            return self._with_less(form, options)
        return _found(solution, 0.0)

    def _with_less(self, form: MatrixForm, options: SolverOptions) -> Again:
        """Return roles at least cost among those that leave the fewest tonnes."""
        c = np.zeros(form.columns)
        c[form.variables["held_short"].slice] = 1.0
        short = Objective("tonnes short", c)
        least = solve(minimising(form, short), options=options, stage="around")
        if least.x is None:
            return _found(least, 0.0)
        tonnes = short.value(least.x)
        held = at_most(form, short, tonnes + SHORT * max(1.0, tonnes))
        return _found(solve(held, options=options, stage="around"), tonnes)

    @property
    def _instance(self) -> Instance:
        return self.loads.plan.instance

    @cached_property
    def _part(self) -> Instance:
        """The instance with the tasks around and what roles depend on: who, where, with what hours, under which rules.

        Places and zones are all there, so that their codes stay.
        """
        whole = with_pins(self._instance)
        near = {name: whole.given(name) for name in KEPT}
        for name, column in (("tasks", "task"), ("efforts", "task"), ("depends", "on"), ("conflicts", "other")):
            near[name] = near[name][near[name][column].isin(self.tasks)]
        for name in ("depends", "conflicts"):
            near[name] = near[name][near[name]["task"].isin(self.tasks)]
        near["mandates"] = near["mandates"][near["mandates"]["task"].isin(self.tasks) | near["mandates"]["task"].isna()]
        near["needs"] = near["needs"][near["needs"]["party"].notna()]
        near["effects"] = near["effects"][near["effects"]["table"] == "skills"]
        of_task = (near["held"]["table"] == "tasks") & near["held"]["id"].str.split(";").str[0].isin(self.tasks)
        near["held"] = near["held"][of_task | (near["held"]["table"] == "zones")]
        rest = {name: whole.given(name).iloc[:0] for name in TABLES if name not in near}
        return whole.replace(**{name: table.reset_index(drop=True) for name, table in (near | rest).items()})

    @cached_property
    def _near(self) -> NDArray[np.bool_]:
        """Whether a task of the instance is around, shape (tasks,)."""
        return np.asarray(self._instance.tasks["task"].isin(self.tasks), dtype=np.bool_)

    @cached_property
    def _taken(self) -> pd.Series[float]:
        """Hours that other tasks take, by party, skill (blank: over all), everyday, period."""
        work, roles = self.loads.work, self.loads.roles
        rows = roles.limits_of(work[~self._near[work["task"].to_numpy(dtype=np.int64)]])
        keys = _limit_keys(roles, self._instance).iloc[rows["limit"].to_numpy(dtype=np.int64)].reset_index(drop=True)
        keys = keys.assign(period=rows["period"].to_numpy(dtype=np.int64), taken=rows["taken"].to_numpy(dtype=float))
        return keys.groupby(["party", "skill", "everyday", "period"])["taken"].sum()

    def _within(self, model: ResponseModel, form: MatrixForm) -> MatrixForm:
        """Return the program within what other tasks leave of hours and of the span of control."""
        upper = form.row_upper.copy()
        if "hours" in form.constraints:
            limit, period = (form.constraints["hours"].index.get_level_values(n).to_numpy(dtype=int) for n in (0, 1))
            keys = _limit_keys(model.roles, model.case.instance).iloc[limit].reset_index(drop=True)
            index = pd.MultiIndex.from_frame(keys.assign(period=period))
            left = upper[form.constraints["hours"].slice] - self._taken.reindex(index, fill_value=0.0).to_numpy()
            upper[form.constraints["hours"].slice] = np.maximum(left, 0.0)
        if "spans" in form.constraints:
            held = self.loads.plan.responsibilities
            answered = held[(held["role"] == "accountable") & ~held["task"].isin(self.tasks)].groupby("party").size()
            party = model.case.coding.parties[form.constraints["spans"].index.to_numpy(dtype=int)]
            left = upper[form.constraints["spans"].slice] - answered.reindex(party, fill_value=0).to_numpy()
            upper[form.constraints["spans"].slice] = np.maximum(left, 0.0)
        return dataclasses.replace(form, row_upper=upper)

    def _tonnes(self, model: ResponseModel) -> Floats:
        """Return the tonnes that the tasks around hand out at least, by row of ``HANDOUTS``."""
        index, coding, instance = model.handout_data["HANDOUTS"], self.loads.roles.case.coding, self._instance
        service = self.loads.plan.service
        weight = instance.commodities.set_index("commodity")["kg"] / 1000.0
        rows = pd.DataFrame(
            {
                "zone": coding.place_zone[coding.places.get_indexer(pd.Index(service["place"]))],
                "period": service["period"].to_numpy(dtype=int),
                "tonnes": service["served"].to_numpy() * service["commodity"].map(weight).to_numpy(dtype=float),
            }
        )
        within = rows.merge(coding.ancestry, on="zone").groupby(["above", "period"])["tonnes"].sum()
        work, rate = self.loads.work, instance.policy.handout_tonnes_per_hour
        others = work[(work["domain"] == "supply") & ~self._near[work["task"].to_numpy(dtype=np.int64)]]
        covered = others.groupby(["zone", "period"])["covered"].sum()
        served, by_others = (np.asarray(table.reindex(index).fillna(0.0), dtype=float) for table in (within, covered))
        # Arithmetic: what is served may be more than what was covered by as much as verification allows.
        left = served - rate * by_others - SHORT * np.maximum(served, 1e-3)
        return np.asarray(np.maximum(left, 0.0), dtype=np.float64)


def _limit_keys(roles: Roles, instance: Instance) -> pd.DataFrame:
    """Return what each limit on hours is of, by ids: ``party``, ``skill`` (blank: over all), ``everyday``."""
    limits, skills = roles.limits, instance.skills["skill"].to_numpy(dtype=object)
    row = limits["skill_row"].to_numpy(dtype=np.int64)
    names = np.where(row >= 0, np.append(skills, "")[row], "")
    parties = roles.case.coding.parties.to_numpy(dtype=object)[limits["party"].to_numpy(dtype=np.int64)]
    return pd.DataFrame({"party": parties, "skill": names, "everyday": limits["normal"].to_numpy(dtype=bool)})


def _all_handed_out(form: MatrixForm) -> MatrixForm:
    ub = form.ub.copy()
    if "held_short" in form.variables:
        ub[form.variables["held_short"].slice] = 0.0
    return dataclasses.replace(form, ub=ub)


def _found(solution: Solution, short: float) -> Again:
    if solution.x is None or solution.objective is None:
        return Again(None, None, 0.0, solution.status)
    return Again(float(solution.objective), float(solution.bound), short, solution.status)
