r"""Whose each number of the coordination LP is: right-hand sides, bounds and constants by party.

With roles fixed (`coordination.settlement.held`) the joint model is a linear program

.. math:: \min c\,x + k \quad \text{subject to} \quad A x \;\{\le, =, \ge\}\; b, \qquad 0 \le x \le u

in which every number of b, u and k comes from something that somebody owns: a stock, a need, vehicles, hours, storage,
a task. A party's part of b is what the row holds of its own; a coalition's program has the parts of its members in
place of the whole (`coordination.settlement.production`). Roles are constants: what a fixed column takes of a row is
taken from who owns the row; committed hours hand out for who owns the task.

=============  ==========================================  ========================================
row, bound     what it is                                  whose
=============  ==========================================  ========================================
inventory      stock and arrivals                          owners
service        need, initial backlog carried in            who speaks for the need
(waiting)      most that can wait by age                   who speaks for the need
shortfalls     need over the horizon                       who speaks for the need
stores         storage                                     the place's owner
fleets         vehicle hours                               the fleet's party
roads          capacity                                    the road's owner, else `policy.rights`
coverage       hours of a task                             the task's party
only_doers     most hours of a doer                        the doer
hours          hours of a party                            the party
handout        committed hours of supply tasks             the task's party
(constants)    levels, backups and kinds missing           the task's party
(constants)    pay, effort, benefit of committed hours     the doer
=============  ==========================================  ========================================
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy.sparse as sp

from coordination.errors import UsageError
from coordination.instance.whose import Whose
from coordination.planning.coding import encode
from coordination.planning.waiting import deprivation_curve, segment_curves
from coordination.settlement.rights import road_shares

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.columns import Columns
    from coordination.planning.model import ResponseModel
    from coordination.plans import Plan
    from coordination.settlement.held import Held

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

OWNED = frozenset(
    {"inventory", "service", "ages", "stores", "fleets", "roads", "shortfalls", "coverage", "only_doers", "hours",
     "handout"}
)  # fmt: skip
"""Rows of the coordination LP whose right-hand sides have owners."""
LEFT_OUT = frozenset({"least_share", "only_worked", "enough_before"})
"""Rows that hold because the hours they ask for are committed."""
FREE = frozenset({"ship", "level", "serve", "backlog", "waiting", "excess", "worst", "cover", "gap"})
"""Variables that remain with the roles fixed."""
WITHOUT = ("deprivation", "lapsed", "worst_off")
"""Terms for what people go without."""
MISSING = frozenset({"backups_missing", "kind_missing"})
"""Variables that follow from the roles."""


@dataclass(frozen=True)
class Production:
    """The coordination LP with roles fixed: rows and columns that remain, and the parties' parts.

    Attributes
    ----------
    form : MatrixForm
        The joint model's matrix.
    rows, columns : ndarray of int
        Those of it that remain.
    cash, without : ndarray
        Money per unit of each column that is paid (transport and pay), and that is for what people go without.
    rhs, upper : csr_array, shape (rows or columns, parties + 1)
        Parts of right-hand sides and of upper bounds; the last column is nobody's.
    constant, constant_cash, constant_without : ndarray, shape (parties,)
        Parts of what costs in any case, of that what is paid, and of that what people went without before.
    unlimited : ndarray of bool
        Columns without an upper bound.
    lane_fleet : ndarray of int
        Fleet of each lane.
    """

    form: MatrixForm
    rows: Ints
    columns: Ints
    cash: Floats
    without: Floats
    rhs: sp.csr_array[Any]
    upper: sp.csr_array[Any]
    constant: Floats
    constant_cash: Floats
    constant_without: Floats
    unlimited: NDArray[np.bool_]
    lane_fleet: Ints

    @cached_property
    def matrix(self) -> sp.csc_array[Any]:
        """Coefficients of the rows and columns that remain."""
        return sp.csc_array(self.form.matrix.tocsr()[self.rows][:, self.columns])

    @cached_property
    def costs(self) -> Floats:
        """Money per unit of each column."""
        return self.form.c[self.columns]

    @cached_property
    def at_least(self) -> NDArray[np.bool_]:
        """Rows with a lower bound."""
        return np.isfinite(self.form.row_lower[self.rows])

    @cached_property
    def at_most(self) -> NDArray[np.bool_]:
        """Rows with an upper bound."""
        return np.isfinite(self.form.row_upper[self.rows])

    @cached_property
    def shared(self) -> bool:
        """Whether any limit is nobody's."""
        return bool(self.rhs[:, [-1]].nnz)


class _Parts:
    """Entries of a matrix by row and party, gathered."""

    def __init__(self, size: int, parties: int) -> None:
        self.size, self.parties = size, parties
        self._row: list[Ints] = []
        self._party: list[Ints] = []
        self._value: list[Floats] = []

    def add(self, row: Any, party: Any, value: Any) -> None:
        """Add parts; those of party −1 are nobody's, rows of −1 are none."""
        row, party, value = np.broadcast_arrays(row, party, np.asarray(value, dtype=float))
        there = (row >= 0) & (value != 0.0)
        self._row.append(np.asarray(row[there], dtype=np.int64))
        self._party.append(np.where(party[there] < 0, self.parties, party[there]).astype(np.int64))
        self._value.append(value[there])

    def matrix(self) -> sp.csr_array[Any]:
        """Return them as a matrix with a last column for nobody."""
        entries = np.concatenate(self._value), (np.concatenate(self._row), np.concatenate(self._party))
        return sp.csr_array(sp.coo_array(entries, shape=(self.size, self.parties + 1)))


def production_of(model: ResponseModel, columns: Columns, held: Held, plan: Plan) -> Production:
    """Return the coordination LP of a plan's roles, with the parts of each party.

    Parameters
    ----------
    model : ResponseModel
        The joint model.
    columns : Columns
        The shipments that are in it.
    held : Held
        Roles of the plan.
    plan : Plan
        For rights by use.

    Raises
    ------
    UsageError
        The model holds a rule of which nothing says whose it is.
    """
    return _Owner(model, columns, held, plan).production()


class _Owner:
    """Finds owners, component by component."""

    def __init__(self, model: ResponseModel, columns: Columns, held: Held, plan: Plan) -> None:
        self.model, self.held, self.plan = model, held, plan
        self.form = form = model.compile(columns)
        self.lane_fleet = columns.lanes["fleet"].to_numpy(dtype=np.int64)
        self.case, self.roles = model.case, model.roles
        self.whose = Whose(self.case.instance)
        self.count = len(self.case.coding.parties)
        self.matrix = form.matrix.tocsr()
        self.fixed, self.value = self._fixed()
        self.rhs, self.upper = _Parts(form.rows, self.count), _Parts(form.columns, self.count)
        self.constant, self.cash, self.without = (np.zeros(self.count) for _ in range(3))

    def production(self) -> Production:
        rows, columns = self._kept_rows(), np.flatnonzero(~self.fixed)
        self._supply()
        self._tasks()
        self._constants()
        return Production(
            self.form, rows, columns, self._of_terms("transport", "work")[columns], self._of_terms(*WITHOUT)[columns],
            self.rhs.matrix()[rows], self.upper.matrix()[columns],
            self.constant, self.cash, self.without, self._unlimited()[columns], self.lane_fleet,
        )  # fmt: skip

    def _of_terms(self, *names: str) -> Floats:
        """Return money per unit of each column in some terms."""
        money = np.zeros(self.form.columns)
        for name in names:
            term = self.form.terms[name]
            np.add.at(money, term.columns, term.coefficients)
        return money

    def _party(self, owners: Any) -> Ints:
        return encode(self.case.coding.parties, pd.Series(owners, dtype=object).astype(str))

    @cached_property
    def _task_party(self) -> Ints:
        return self._party(self.whose.tasks)

    def _fixed(self) -> tuple[NDArray[np.bool_], Floats]:
        """Return which columns the roles fix, and at what; hours committed are no columns of their own."""
        form, held, roles = self.form, self.held, self.roles
        whole = form.integrality.astype(bool)
        unknown = {name for name, labels in form.variables.items() if not whole[labels.slice].all()} - FREE - MISSING
        _refuse(unknown, "variable")
        fixed, value = whole.copy(), np.zeros(form.columns)
        for name, values in held.values().items():
            if name in form.variables:
                value[form.variables[name].slice] = values
        taking = pd.concat([roles.doers[held.doer > 0], roles.backups[held.backup > 0]])
        kind = roles.parties["kind"].to_numpy(dtype=object)[taking["party"].to_numpy(dtype=int)]
        if "backups_missing" in form.variables:
            labels = form.variables["backups_missing"]
            there = roles.backups[held.backup > 0].groupby("task").size().reindex(labels.index, fill_value=0)
            wanted = roles.tasks["backups"].to_numpy(dtype=float)[np.asarray(labels.index, dtype=int)]
            fixed[labels.slice], value[labels.slice] = True, np.maximum(0.0, wanted - there.to_numpy())
        if "kind_missing" in form.variables:
            labels = form.variables["kind_missing"]
            names = sorted(set(roles.kinds["kind"]))
            present = set(zip(taking["task"].tolist(), kind.tolist(), strict=True))
            missing = [(task, names[code]) not in present for task, code in labels.index]
            fixed[labels.slice], value[labels.slice] = True, np.array(missing, dtype=float)
        return fixed, value

    def _kept_rows(self) -> Ints:
        """Return the rows in which anything remains to be decided."""
        free = np.asarray((abs(self.matrix) @ (~self.fixed).astype(float)) > 0.0)
        kept = np.zeros(self.form.rows, dtype=bool)
        unknown = set()
        for name, labels in self.form.constraints.items():
            if name in OWNED:
                kept[labels.slice] = free[labels.slice]
            elif name not in LEFT_OUT and free[labels.slice].any():
                unknown.add(name)
        _refuse(unknown, "rule")
        return np.flatnonzero(kept)

    def _rows(self, name: str) -> tuple[Ints, pd.Index]:
        """Return the rows of a constraint, and their index."""
        if name not in self.form.constraints:
            return np.zeros(0, dtype=np.int64), pd.Index([])
        labels = self.form.constraints[name]
        return np.arange(labels.slice.start, labels.slice.stop), labels.index

    def _at(self, name: str, keys: list[Any], rows: bool = True) -> Ints:
        """Return the row (or column) of each key of a component, −1 where there is none."""
        found = self.form.constraints if rows else self.form.variables
        if name not in found:
            return np.full(len(keys[0]), -1, dtype=np.int64)
        labels = found[name]
        at = labels.index.get_indexer(pd.MultiIndex.from_arrays(keys))
        return np.where(at >= 0, at + labels.slice.start, -1)

    def _supply(self) -> None:
        self._goods()
        self._needs()
        rows, index = self._rows("stores")
        if len(rows):
            place, period = (index.get_level_values(level).to_numpy(dtype=int) for level in (0, 1))
            self.rhs.add(rows, self._party(self.whose.places)[place], self.case.world.storage[place, period])
        rows, index = self._rows("fleets")
        if len(rows):
            fleet, period = (index.get_level_values(level).to_numpy(dtype=int) for level in (0, 1))
            self.rhs.add(
                rows, self._party(self.case.instance.fleets["party"])[fleet], self.case.fleet_hours[fleet, period]
            )
        rows, index = self._rows("roads")
        if len(rows):
            arc, period = (index.get_level_values(level).to_numpy(dtype=int) for level in (0, 1))
            shares = road_shares(self.case, self.whose, self.plan, arc, period)
            at = shares["row"].to_numpy(dtype=int)
            capacity = self.case.road_capacity[arc, period][at]
            self.rhs.add(rows[at], shares["party"].to_numpy(dtype=int), shares["share"].to_numpy() * capacity)

    def _goods(self) -> None:
        """Add stock and arrivals: rows of inventory say inflow less outflow == minus what appears."""
        case = self.case
        frames = [case.world.stocks.assign(period=0, stock=True), case.world.arrivals.assign(stock=False)]
        lots = pd.concat(frames, ignore_index=True)
        lots = lots[(lots["quantity"] > 0) & (lots["expires"] >= lots["period"])].reset_index(drop=True)
        coded = case.lots.assign(batch=case.lot_batches, party=self._party(lots["owner"]))
        hit = case.kept[case.kept["period"] == 0]
        factor = coded.merge(hit, on=["place", "commodity"], how="left")["factor"].fillna(1.0).to_numpy()
        quantity = np.where(coded["stock"], coded["quantity"] * factor, coded["quantity"])
        at = self._at("inventory", [coded[name] for name in ("place", "batch", "period")])
        self.rhs.add(at, coded["party"].to_numpy(), -quantity)

    def _needs(self) -> None:
        """Add needs and initial backlogs to service, ages and shortfalls."""
        case, waiting = self.case, self.case.waiting
        needs, backlogs = case.world.needs, case.instance.backlogs
        known = pd.MultiIndex.from_frame(waiting.keys[["place", "commodity", "group"]])

        def coded(frame: pd.DataFrame) -> Ints:
            codes = [case.coding.places, case.coding.commodities, case.coding.groups]
            keys = [encode(ids, frame[name]) for ids, name in zip(codes, ("place", "commodity", "group"), strict=True)]
            return np.asarray(known.get_indexer(pd.MultiIndex.from_arrays(keys)), dtype=np.int64)

        row, party = coded(needs), self._party(self.whose.needs)
        period, quantity = needs["period"].to_numpy(dtype=int), needs["quantity"].to_numpy(dtype=float)
        start, speaker = coded(backlogs), self._party(self.whose.backlogs)
        before, age = backlogs["quantity"].to_numpy(dtype=float), backlogs["age"].to_numpy(dtype=int)
        keys = {name: waiting.keys[name].to_numpy(dtype=int) for name in ("place", "commodity", "group")}

        def key(rows: Ints) -> list[Ints]:
            return [keys[name][rows] for name in ("place", "commodity", "group")]

        carried = waiting.carry_over
        self.rhs.add(self._at("service", [*key(row), period]), party, quantity)
        self.rhs.add(self._at("service", [*key(start), np.zeros_like(age)]), speaker, carried[start] * before)
        for rows, who, amount in ((row, party, quantity), (start, speaker, before)):
            self.rhs.add(self._at("shortfalls", key(rows)[:2]), who, amount)
        ages = case.periods + int(age.max(initial=0)) + 1
        curves = [deprivation_curve(case.instance, name, ages) for name in case.coding.commodities]
        segment, _ = segment_curves(np.array(curves).reshape(-1, ages + 1))
        of = keys["commodity"]
        for t in range(case.periods):
            since = t - period + 1
            now = since >= 1
            part = segment[of[row[now]], since[now]]
            when = np.full(len(part), t)
            at = self._at("waiting", [*key(row[now]), when, part], rows=False)
            self.upper.add(at, party[now], carried[row[now]] ** (since[now] - 1) * quantity[now])
            part = segment[of[start], np.minimum(t + age + 1, ages)]
            at = self._at("waiting", [*key(start), np.full(len(part), t), part], rows=False)
            self.upper.add(at, speaker, carried[start] ** (t + 1) * before)
        lost = ((1.0 - carried) * waiting.cost_lapsed * waiting.weight)[start] * before
        np.add.at(self.constant, speaker, lost)
        np.add.at(self.without, speaker, lost)

    def _tasks(self) -> None:
        """Add hours of tasks and of parties, less what roles take of them."""
        roles, held = self.roles, self.held
        taken = np.asarray(self.matrix @ np.where(self.fixed, self.value, 0.0)).ravel()
        committed = np.zeros(self.form.columns)
        if "cover" in self.form.variables:
            committed[self.form.variables["cover"].slice] = held.committed
        shifted = np.asarray(self.matrix @ committed).ravel()
        rows, index = self._rows("coverage")
        if len(rows):
            task = index.get_level_values(0).to_numpy(dtype=int)
            self.rhs.add(rows, self._task_party[task], self.form.row_upper[rows] - taken[rows] - shifted[rows])
        rows, index = self._rows("only_doers")
        if len(rows):
            left = np.where(held.frozen, 0.0, -taken[rows] - shifted[rows])
            self.rhs.add(rows, index.get_level_values(1).to_numpy(dtype=int), np.maximum(left, 0.0))
        rows, index = self._rows("hours")
        if len(rows):
            party = roles.limits["party"].to_numpy(dtype=int)[index.get_level_values(0).to_numpy(dtype=int)]
            left = self.form.row_upper[rows] - taken[rows] - shifted[rows]
            self.rhs.add(rows, party, np.maximum(left, 0.0))
        rows, _ = self._rows("handout")
        if len(rows) and "cover" in self.form.variables:
            columns = self.form.variables["cover"].slice
            part = sp.coo_array(self.matrix[rows][:, np.arange(columns.start, columns.stop)])
            task = roles.cover["task"].to_numpy(dtype=int)[part.coords[1]]
            amount = -part.data * held.committed[part.coords[1]]
            self.rhs.add(rows[part.coords[0]], self._task_party[task], amount)

    def _constants(self) -> None:
        """Add what roles and committed hours cost in any case."""
        form, roles, held = self.form, self.roles, self.held
        owners = {
            "accountable": self._task_party[roles.accountable["task"].to_numpy(dtype=int)],
            "doer": roles.doers["party"].to_numpy(dtype=int),
            "backup": roles.backups["party"].to_numpy(dtype=int),
        }
        for name in MISSING & set(form.variables):
            owners[name] = self._task_party[form.variables[name].index.get_level_values(0).to_numpy(dtype=int)]
        for name, owner in owners.items():
            if name in form.variables:
                part = form.variables[name].slice
                np.add.at(self.constant, owner, form.c[part] * self.value[part])
        pay, effort = roles.cover["pay"].to_numpy(dtype=float), roles.doers["effort"].to_numpy(dtype=float)
        if "cover" in form.variables:
            cost = form.c[form.variables["cover"].slice] * held.committed
            np.add.at(self.constant, roles.cover["party"].to_numpy(dtype=int), cost)
            np.add.at(self.cash, roles.cover["party"].to_numpy(dtype=int), pay * held.committed)
        np.add.at(self.cash, roles.doers["party"].to_numpy(dtype=int), effort * held.doer)

    def _unlimited(self) -> NDArray[np.bool_]:
        unlimited: NDArray[np.bool_] = ~np.isfinite(self.form.ub)
        return unlimited


def _refuse(names: set[str], noun: str) -> None:
    if names:
        raise UsageError(
            f"settle: the plan's model has the {noun} {', '.join(sorted(names))}; whose that is, nothing says yet."
        )
