"""Whether the rules on roles can be kept at all: some roles that keep them, whatever they cost.

Without mandates, conflicts and roles held since before the horizon there always are: the core is accountable, nobody
else acts. With them, only the tasks that they speak of count, and the tasks that these wait for: the core can answer
for every other.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.answer import values_of
from coordination.planning.case import Case
from coordination.planning.continuity import acting_rows
from coordination.planning.dependencies import waits
from coordination.planning.responsibility_data import Roles
from coordination.solver import SolverOptions, solve
from coordination.status import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.instance import Instance

    Floats = NDArray[np.float64]

PAIR = ["task", "party"]
SECONDS = 60.0
"""Most time for one look; what is not found out in it counts as kept."""
LOOKED_FOR = ("accountable", "doer", "backup", "consulted", "cover", "worked", "acting")


@dataclass(frozen=True)
class Holding:
    """Roles that keep all rules, by ids.

    Attributes
    ----------
    pairs : dict of str to MultiIndex
        Task and party of each of accountable, doer, backup, consulted.
    cover : Series, index (task, party, period), hours
        Hours covered.
    worked : MultiIndex
        Task and period in which tasks that wait may be worked.
    acting : MultiIndex
        Task, party and period in which it is a doer, where doers come and go.
    """

    pairs: dict[str, pd.MultiIndex]
    cover: pd.Series[float]
    worked: pd.MultiIndex
    acting: pd.MultiIndex

    def values(self, roles: Roles) -> dict[str, Floats]:
        """Return the roles in the order of the index sets of a case; the core answers for tasks not spoken of."""
        tables = {"accountable": roles.accountable, "doer": roles.doers, "backup": roles.backups}
        tables["consulted"] = roles.consulted
        found = {name: np.asarray(_named(roles, table).isin(self.pairs[name])) for name, table in tables.items()}
        answered = roles.accountable.assign(held=found["accountable"]).groupby("task")["held"].transform("any")
        found["accountable"] |= ~answered.to_numpy(dtype=bool) & roles.accountable["core"].to_numpy(dtype=bool)
        values: dict[str, Floats] = {name: np.asarray(held, dtype=np.float64) for name, held in found.items()}
        key = _with_period(roles, roles.cover[[*PAIR, "period"]])
        values["cover"] = np.asarray(self.cover.reindex(key, fill_value=0.0), dtype=np.float64)
        values["acting"] = np.asarray(key[acting_rows(roles)].isin(self.acting), dtype=np.float64)
        values["worked"] = np.asarray(_waiting(roles).isin(self.worked), dtype=np.float64)
        return values


def bound_by_rules(instance: Instance) -> bool:
    """Return whether there are rules on roles that perhaps nobody can keep."""
    under_way = instance.held["table"] == "tasks"
    return not (instance.mandates.empty and instance.conflicts.empty) or bool(under_way.any())


def concerned(instance: Instance) -> Instance:
    """Return the instance with nothing but who may do what: the tasks that rules speak of, parties, skills."""
    mandates, conflicts, depends, tasks = instance.mandates, instance.conflicts, instance.depends, instance.tasks
    named = {*mandates["task"].dropna(), *conflicts["task"], *conflicts["other"]}
    named |= set(tasks.loc[tasks["domain"].isin(mandates["domain"].dropna()), "task"])
    held = instance.held.loc[instance.held["table"] == "tasks", "id"].str.split(";").str[0]
    named |= set(held[held.isin(tasks["task"])])
    return with_tasks(_without_goods(instance), with_awaited(depends, named))


def with_awaited(depends: pd.DataFrame, tasks: set[str]) -> set[str]:
    """Return tasks and all that they wait for."""
    while True:
        more = tasks | set(depends.loc[depends["task"].isin(tasks), "on"])
        if more == tasks:
            return tasks
        tasks = more


def with_tasks(instance: Instance, tasks: set[str]) -> Instance:
    """Return the instance with some tasks alone, and what is said of them."""
    depends, conflicts, mandates = instance.depends, instance.conflicts, instance.mandates
    return changed(
        instance,
        tasks=instance.tasks[instance.tasks["task"].isin(tasks)],
        depends=depends[depends["task"].isin(tasks) & depends["on"].isin(tasks)],
        conflicts=conflicts[conflicts["task"].isin(tasks) & conflicts["other"].isin(tasks)],
        mandates=mandates[mandates["task"].isin(tasks) | mandates["task"].isna()],
        efforts=instance.efforts[instance.efforts["task"].isin(tasks)],
    )


def changed(instance: Instance, **tables: pd.DataFrame) -> Instance:
    """Return the instance with other tables, as they are: they were checked, and rules only fall away."""
    from coordination.instance.instance import Frames

    frames = {name: table.reset_index(drop=True) for name, table in tables.items()}
    return dataclasses.replace(instance, tables=Frames({**instance.tables, **frames}))


def _without_goods(instance: Instance) -> Instance:
    """Return the instance without what roles do not depend on, so that looking at it is quick."""
    emptied = ("roads", "stocks", "arrivals", "backlogs", "fleets", "facilities", "interests", "observations")
    return changed(
        instance,
        **{name: instance.tables[name].iloc[:0] for name in emptied},
        needs=instance.needs[instance.needs["party"].notna()],
    )


def keep(instance: Instance) -> Holding | None:
    """Return roles that keep all rules, None where none can; where the time is over, none are known and all is well.

    Parameters
    ----------
    instance : Instance
        As `concerned` gives it, perhaps with fewer rules.
    """
    roles = roles_of(instance)
    if not _possible(roles):
        return None
    form = _form(roles)
    if not form.columns:
        return _holding(roles, {name: np.zeros(0) for name in LOOKED_FOR})
    solution = solve(form, options=SolverOptions(gap=0.0, time_limit=SECONDS, threads=1), stage="rules on roles")
    if solution.status is Status.INFEASIBLE:
        return None
    x = np.zeros(form.columns) if solution.x is None else solution.x
    return _holding(roles, values_of(form, x, LOOKED_FOR))


def roles_of(instance: Instance) -> Roles:
    """Return who may hold which role in an instance."""
    from coordination.network import Network
    from coordination.world import World

    return Roles(Case(instance, World.of(instance), Network.of(instance)))


def _possible(roles: Roles) -> bool:
    """Return whether each task has somebody to answer for it, and each order somebody to keep it."""
    if not roles.tasks["task"].isin(roles.accountable["task"]).all():
        return False
    told = roles.mandates.spelled("informed", "must")
    told = told[roles.mandates.permits("informed", told)]
    holders = {"responsible": roles.doers, "backup": roles.backups, "consulted": roles.consulted}
    for role, pairs in holders.items():
        kept = roles.mandates.spelled(role, "must").merge(pairs[PAIR], on=PAIR)
        if not _all_in(roles.mandates.ordered(role), kept[roles.mandates.permits(role, kept)]):
            return False
    return _all_in(roles.mandates.ordered("informed"), told)


def _all_in(orders: pd.DataFrame, kept: pd.DataFrame) -> bool:
    key = ["order", "task"]
    return bool(pd.MultiIndex.from_frame(orders[key]).isin(pd.MultiIndex.from_frame(kept[key])).all())


def _form(roles: Roles) -> MatrixForm:
    """Return the model of roles without anything to hand out, at no cost."""
    from coordination_models.response import responsibility_model

    from coordination.compilation import compile_model, declared

    none = pd.MultiIndex.from_arrays([np.zeros(0, dtype=int), np.zeros(0, dtype=int)])
    nothing = pd.Series(np.zeros(0), none)
    handing = pd.DataFrame({name: np.zeros(0, dtype=int) for name in ("i0", "i1", "m0", "m1", "m2")})
    held = {"HANDOUTS": none, "HANDING_OUT": handing, "handout_rate": 0.0}
    held |= {"held_tonnes": nothing, "held_price": nothing}
    form = compile_model(declared(responsibility_model), roles.data() | held)
    return dataclasses.replace(form, c=np.zeros_like(form.c))


def _holding(roles: Roles, values: dict[str, Floats]) -> Holding:
    tables = {"accountable": roles.accountable, "doer": roles.doers, "backup": roles.backups}
    tables["consulted"] = roles.consulted
    pairs = {name: _named(roles, table)[values[name] > 0.5] for name, table in tables.items()}
    key = _with_period(roles, roles.cover[[*PAIR, "period"]])
    acting = key[acting_rows(roles)][values["acting"] > 0.5]
    return Holding(pairs, pd.Series(values["cover"], key), _waiting(roles)[values["worked"] > 0.5], acting)


def _waiting(roles: Roles) -> pd.MultiIndex:
    rows = waits(roles)
    ids = roles.case.coding.tasks.to_numpy(dtype=object)[rows["task"].to_numpy(dtype=int)]
    return pd.MultiIndex.from_arrays([ids, rows["period"]])


def _named(roles: Roles, table: pd.DataFrame) -> pd.MultiIndex:
    coding = roles.case.coding
    return pd.MultiIndex.from_arrays(
        [
            coding.tasks.to_numpy(dtype=object)[table["task"].to_numpy(dtype=int)],
            coding.parties.to_numpy(dtype=object)[table["party"].to_numpy(dtype=int)],
        ]
    )


def _with_period(roles: Roles, rows: pd.DataFrame) -> pd.MultiIndex:
    named = _named(roles, rows)
    return pd.MultiIndex.from_arrays([named.get_level_values(0), named.get_level_values(1), rows["period"]])
