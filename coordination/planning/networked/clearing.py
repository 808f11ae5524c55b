"""The core's clearing: shares of offers so that what is shared balances, at least cost; its prices, its bound."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from coordination.errors import SolverError
from coordination.planning.networked.coalition import LARGEST_COST
from coordination.planning.supply_data import Frame, relation, series
from coordination.solver import LinearProgram, SolverOptions
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.networked.coalition import Coalition, Offers
    from coordination.planning.networked.posting import CoalitionCase, Posting

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Clearing:
    """The core's program.

    Parameters
    ----------
    core : CoalitionCase
        The core's own case: the city that everybody knows.
    posting : Posting
        What all know.
    coalitions : sequence of Coalition
        Those who trade: of them what shared rows are called, what they bring in, and storage and roads of their own.
    storage, roads : ndarray
        Tonnes that places store, shape (places, periods), and directions of roads take, shape (arcs, periods), as their
        owners say.
    need : ndarray, shape (places, commodities)
        Need over groups and periods.
    """

    def __init__(
        self, core: CoalitionCase, posting: Posting, coalitions: Sequence[Coalition], storage: Floats, roads: Floats,
        need: Floats,
    ) -> None:  # fmt: skip
        self.coalitions = coalitions
        self._rows_of(coalitions)
        self.form = self._compiled(core, posting, storage, roads, need)
        self.first = {name: labels.slice.start for name, labels in self.form.constraints.items()}
        self.row = [np.array([self._row(key) for key in one.keys], dtype=np.int64) for one in coalitions]
        self.parts_before = np.concatenate([[0], np.cumsum([one.program.parts for one in coalitions])]).astype(np.int64)
        largest = max(
            [float(np.abs(one.program.cost).max(initial=1.0)) for one in coalitions]
            + [float(np.abs(self.form.c).max(initial=0.0))]
        )
        self.scale = 2.0 ** -max(0.0, np.ceil(np.log2(max(largest, 1.0) / LARGEST_COST)))
        self.program = LinearProgram(
            dataclasses.replace(self.form, c=self.form.c * self.scale), SolverOptions(threads=1)
        )
        self.taken: list[tuple[int, sp.csr_array[Any]]] = []
        self._where: list[tuple[int, slice]] = []

    def _rows_of(self, coalitions: Sequence[Coalition]) -> None:
        """Give numbers to what is shared."""
        keys = [key for one in coalitions for key in one.keys]
        self.limits = list(dict.fromkeys(key for key in keys if key[0] in ("tolled", "shared_out")))
        self.helps = list(dict.fromkeys(key for key in keys if key[0] == "helped"))
        self.needy = list(dict.fromkeys(key for key in keys if key[0] == "counted"))
        self.number = {key: n for found in (self.limits, self.helps, self.needy) for n, key in enumerate(found)}

    def _appears(self, family: tuple[str, ...], size: int) -> Floats:
        """Return what coalitions bring into rows of a family of numbered ones."""
        total = np.zeros(size)
        for one in self.coalitions:
            for key, value in zip(one.keys, one.program.appears, strict=True):
                if key[0] in family:
                    total[self.number[key]] += value
        return total

    def _compiled(
        self, core: CoalitionCase, posting: Posting, storage: Floats, roads: Floats, need: Floats
    ) -> MatrixForm:
        from coordination_models.response import clearing_model

        from coordination.compilation import compile_model, declared

        frame = Frame(core)
        ground = frame.data()
        row = frame.holding
        supply = np.zeros(len(frame.holdings))
        for one in self.coalitions:
            for key, value in zip(one.keys, one.program.appears, strict=True):
                if key[0] == "pooled" and value:
                    supply[row[key[1:]]] += value
        left = self._appears(("shared_out",), len(self.limits))
        for n, key in enumerate(self.limits):
            left[n] += roads[key[1], key[2]] if key[0] == "tolled" else 0.0
        needs = np.array([need[key[1], key[2]] for key in self.needy])
        place, period = np.nonzero(np.isfinite(storage))
        stores = pd.DataFrame({"place": place, "period": period, "storage": storage[place, period]})
        empty = {f"c{n}": np.zeros(0, dtype=np.int64) for n in range(5)}
        several = pd.DataFrame(empty)
        data = {
            "OFFERS": pd.RangeIndex(0), "PARTS": pd.RangeIndex(sum(one.program.parts for one in self.coalitions)),
            "OFFERS_OF": relation(several, ["c0"], ["c1"]),
            "HOLDINGS": frame.holdings, "HELD_OVER": ground["HELD_OVER"], "kept": ground["kept"],
            "GOODS_OFFERED": pd.MultiIndex.from_frame(several[["c0", "c1", "c2", "c3"]]),
            "GOODS_OFFERS": relation(several.assign(c5=0, c6=0), ["c0", "c1", "c2"], ["c3", "c4", "c5", "c6"]),
            "LIMITS": pd.RangeIndex(len(self.limits)), "LIMIT_OFFERED": pd.MultiIndex.from_frame(several[["c0", "c1"]]),
            "LIMIT_OFFERS": relation(several, ["c0"], ["c1", "c2"]),
            "HELPS": pd.RangeIndex(len(self.helps)), "HELP_OFFERED": pd.MultiIndex.from_frame(several[["c0", "c1"]]),
            "HELP_OFFERS": relation(several, ["c0"], ["c1", "c2"]),
            "COUNTED": pd.RangeIndex(len(self.needy)), "REACH_OFFERED": pd.MultiIndex.from_frame(several[["c0", "c1"]]),
            "REACH_OFFERS": relation(several, ["c0"], ["c1", "c2"]),
            "BATCHES": ground["BATCHES"], "tonnes": ground["tonnes"],
            "offer_cost": pd.Series(dtype=float), "supply": pd.Series(supply, frame.holdings),
            "goods_offered": _no_values(4), "limit_offered": _no_values(2), "help_offered": _no_values(2),
            "reach_offered": _no_values(2),
            "limit_left": pd.Series(left), "help_left": pd.Series(self._appears(("helped",), len(self.helps))),
            "counted_total": pd.Series(needs), "worst_off_cost": core.instance.policy.worst_off,
            "STORES": pd.MultiIndex.from_frame(stores[["place", "period"]]), "STORED": ground["STORED"],
            "storage": series(stores, ["place", "period"], "storage"),
            "overflow_cost": core.instance.policy.overflow_cost,
        }  # fmt: skip
        return self._bounded(compile_model(declared(clearing_model), data), frame, posting)

    def _bounded(self, form: MatrixForm, frame: Frame, posting: Posting) -> MatrixForm:
        """Return the program with bounds that no plan reaches: prices then always prove something."""
        ub = form.ub.copy()
        holdings = frame.holdings
        if "level" in form.variables:
            ub[form.variables["level"].slice] = posting.most[holdings.get_level_values(1).to_numpy(int)]
        if "excess" in form.variables:
            ub[form.variables["excess"].slice] = float((posting.most * frame.case.batch_tonnes).sum())
        if "worst" in form.variables:
            ub[form.variables["worst"].slice] = 1.0
        return dataclasses.replace(form, ub=ub)

    def _row(self, key: tuple[Any, ...]) -> int:
        """Return the row of the program that a coalition's shared row is."""
        if key[0] == "pooled":
            labels = self.form.constraints["pool"]
            if not hasattr(self, "_holding"):
                self._holding = {tuple(map(int, index)): n for n, index in enumerate(labels.index)}
            return int(labels.slice.start) + self._holding[tuple(map(int, key[1:]))]
        name = {"tolled": "limit", "shared_out": "limit", "helped": "help", "counted": "shortfall"}[key[0]]
        return int(self.first[name]) + self.number[key]

    def add(self, number: int, offers: Offers) -> None:
        """Take up offers of a coalition."""
        count = len(offers.part)
        if not count:
            return
        entries = offers.takes.tocoo()
        rows = np.concatenate(
            [self.row[number][entries.col], self.first["decided"] + self.parts_before[number] + offers.part]
        )
        columns = np.concatenate([entries.row, np.arange(count)])
        values = np.concatenate([entries.data, np.ones(count)])
        matrix = sp.csc_array(sp.coo_array((values, (rows, columns)), shape=(self.form.rows, count)))
        at = self.program.add_columns(offers.cost * self.scale, np.zeros(count), np.full(count, np.inf), matrix)
        self.taken.append((number, offers.x))
        self._where.append((number, at))

    def clear(self) -> tuple[float, Floats, Floats]:
        """Return the least cost of what was offered, minus the duals of all rows (prices), and the shares."""
        solution = self.program.solve(stage="clearing")
        if solution.status is not Status.OPTIMAL or solution.x is None or solution.row_dual is None:
            raise SolverError(f"networked: clearing ended {solution.status}")
        x = solution.x
        value = float(self.program.form.c @ x) / self.scale
        return value, -solution.row_dual / self.scale, x

    def signed(self, prices: Floats) -> Floats:
        """Return prices within the signs of their rows."""
        form, prices = self.form, prices.copy()
        at_most = np.isfinite(form.row_upper) & ~np.isfinite(form.row_lower)
        at_least = np.isfinite(form.row_lower) & ~np.isfinite(form.row_upper)
        prices[at_most] = np.maximum(prices[at_most], 0.0)
        prices[at_least] = np.minimum(prices[at_least], 0.0)
        return prices

    def of(self, number: int, prices: Floats) -> Floats:
        """Return the prices of what a coalition deals with."""
        return prices[self.row[number]]

    def standing(self, number: int, prices: Floats) -> Floats:
        """Return what each part of a coalition stands at: cost and payments of what is taken of it."""
        start = self.first["decided"] + self.parts_before[number]
        return -prices[start : start + self.coalitions[number].program.parts]

    def core_bound(self, prices: Floats) -> float:
        """Return what the pool itself costs at least at prices, what limits are worth taken off; money.

        Coalitions' values hold what they bring in already: only what nobody of them brings counts here.
        """
        form = self.form
        shared = np.ones(form.rows, dtype=bool)
        shared[form.constraints["decided"].slice] = False
        y = np.where(shared, prices, 0.0)
        reduced = form.c + form.matrix.T @ y
        own = float(np.minimum(reduced, 0.0) @ np.where(reduced < 0.0, form.ub, 0.0))
        rhs = np.where(np.isfinite(form.row_upper), form.row_upper, form.row_lower)
        brought = np.zeros(form.rows)
        for rows, one in zip(self.row, self.coalitions, strict=True):
            np.add.at(brought, rows, one.program.appears)
        return own - float(y @ np.where(shared, rhs - brought, 0.0))

    def done(self, x: Floats) -> list[Floats]:
        """Return what each coalition does, its own columns, from the shares."""
        result = [np.zeros(len(one.program.own)) for one in self.coalitions]
        for (number, offered), (_, at) in zip(self.taken, self._where, strict=True):
            result[number] += offered.T @ x[at]
        return result

    def close(self) -> None:
        """Let the solver go."""
        self.program.close()


def _no_values(levels: int) -> pd.Series[float]:
    empty = pd.MultiIndex.from_arrays([np.zeros(0, dtype=np.int64)] * levels)
    return pd.Series(np.zeros(0), empty)
