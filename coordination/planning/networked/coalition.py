"""One coalition's own program, from its restricted instance, what all know and the roles agreed; nothing else.

Built from `coordination_models.response.coalition_model`. At posted prices it says what it would do: an offer for each
part of what it has. Parts are what its own rules tie together: a fleet in a period, a need over time, the hours of
parties that share a limit, an hour of a task. For a fleet it also offers the next best loads.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from coordination.errors import SolverError
from coordination.planning.responsibility_data import Roles, handout_data
from coordination.planning.routes import add_all_routes, first_columns
from coordination.planning.supply_data import Frame, relation, series, shipment_data
from coordination.solver import LinearProgram, SolverOptions
from coordination.status import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.columns import Columns
    from coordination.planning.networked.agreed import Agreed
    from coordination.planning.networked.posting import CoalitionCase

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SHARED = ("pooled", "tolled", "shared_out", "helped", "counted")
"""Rows that say what is taken of what is shared."""
TAKEN = ("takes", "road_use", "handed", "helps", "reached")
"""Variables that stand for it, in the same order."""
LARGEST_COST = 1024.0
"""Costs are scaled, by a power of two, to at most this: a solver's tolerances are absolute."""
LOADS = 48
"""Loads that a fleet offers for a period beside its best."""
TOLERANCE = 1e-7
"""Share of its standing by which an offer is better, to be one."""


@dataclass(frozen=True)
class Offers:
    """What a coalition offers.

    Attributes
    ----------
    part : ndarray of int
        Part of each offer.
    cost : ndarray
        Own cost, money.
    takes : csr_array, shape (offers, shared rows)
        What it takes of what is shared.
    x : csr_array, shape (offers, columns)
        What it would do; kept by the coalition.
    """

    part: Ints
    cost: Floats
    takes: sp.csr_array[Any]
    x: sp.csr_array[Any]


@dataclass(frozen=True)
class Reply:
    """A coalition's answer to prices.

    Attributes
    ----------
    value : float
        Least own cost and payments, money.
    offers : Offers
        What is better than what stands.
    x : ndarray
        The best answer whole.
    basis : tuple or None
        Where the next answer starts from.
    """

    value: float
    offers: Offers
    x: Floats
    basis: Any


@dataclass(frozen=True)
class Program:
    """What a coalition answers prices by; all that an executor has to be sent.

    Attributes
    ----------
    name : str
        The coalition's name.
    form : MatrixForm
        The whole program, prices 0, without labels.
    own, taken : ndarray of int
        Columns that are its own decisions, and those that say what is taken of each shared row.
    part : ndarray of int, shape (own columns,)
        Part of each.
    cost : ndarray, shape (own columns,)
        Own cost, money per unit.
    shared : csr_array, shape (shared rows, own columns)
        What each column takes of what is shared.
    appears : ndarray, shape (shared rows,)
        What it brings into it.
    fleet_row : csr_array, shape (fleets and periods, own columns)
        Hours that shipments take.
    fleet_hours : ndarray, shape (fleets and periods,)
        Hours that there are.
    """

    name: str
    form: MatrixForm
    own: Ints
    taken: Ints
    part: Ints
    cost: Floats
    shared: sp.csr_array[Any]
    appears: Floats
    fleet_row: sp.csr_array[Any]
    fleet_hours: Floats

    @property
    def parts(self) -> int:
        """Number of parts."""
        return int(self.part.max(initial=-1)) + 1

    def by_part(self, x: Floats) -> sp.csr_array[Any]:
        """Return one row a part, with the part's values."""
        there = np.flatnonzero(x)
        entries = (x[there], (self.part[there], there))
        return sp.csr_array(sp.coo_array(entries, shape=(self.parts, len(x))))

    def offers(self, part: Ints, x: sp.csr_array[Any]) -> Offers:
        """Return offers from what would be done."""
        return Offers(part, np.asarray(x @ self.cost), sp.csr_array(x @ self.shared.T), x)

    def reduced(self, prices: Floats) -> Floats:
        """Return cost and payments of each own column, money per unit."""
        return np.asarray(self.cost + self.shared.T @ prices, dtype=np.float64)


@dataclass(frozen=True)
class Coalition:
    """One coalition: its program, and what it keeps to itself.

    Attributes
    ----------
    program : Program
        What it answers prices by.
    form : MatrixForm
        The same as compiled, with labels.
    keys : list of tuple
        What each shared row is: its constraint and index.
    standstill : ndarray, shape (own columns,)
        Nothing sent, nobody served, the least shares worked.
    case : CoalitionCase
        Its restricted instance, with what all know.
    columns : Columns
        Its lanes and shipments.
    service : DataFrame
        Whom it may serve.
    """

    program: Program
    form: MatrixForm
    keys: list[tuple[Any, ...]]
    standstill: Floats
    case: CoalitionCase
    columns: Columns
    service: pd.DataFrame

    @property
    def name(self) -> str:
        """Its name."""
        return self.program.name

    def still(self) -> Offers:
        """Return the offers to do nothing."""
        program = self.program
        return program.offers(np.arange(program.parts), program.by_part(self.standstill))


def reply(coalition: Program, prices: Floats, standing: Floats, basis: Any) -> Reply:
    """Return what a coalition answers to prices of what is shared (money per unit), and to what its parts stand at."""
    form = coalition.form
    costs = form.c.copy()
    costs[coalition.taken] = prices
    scale = 2.0 ** -max(0.0, np.ceil(np.log2(max(float(np.abs(costs).max(initial=0.0)), 1.0) / LARGEST_COST)))
    with LinearProgram(dataclasses.replace(form, c=costs * scale, offset=0.0), SolverOptions(threads=1)) as program:
        if basis is not None:
            program.start_from(basis)
        solution = program.solve(stage=coalition.name)
        if solution.status is not Status.OPTIMAL or solution.x is None:
            raise SolverError(f"networked: the program of {coalition.name} ended {solution.status}")
        held = program.basis
    x = np.clip(solution.x[coalition.own], form.lb[coalition.own], form.ub[coalition.own])
    reduced = coalition.reduced(prices)
    worth = np.bincount(coalition.part, reduced * x, coalition.parts)
    better = np.flatnonzero(worth < standing - TOLERANCE * np.maximum(1.0, np.abs(standing)))
    best = sp.csr_array(coalition.by_part(x)[better])
    parts, loads = _loads(coalition, reduced, standing)
    rows = sp.csr_array(sp.vstack([best, loads], format="csr"))
    offers = coalition.offers(np.concatenate([better, parts]), rows)
    return Reply(float(worth.sum() - prices @ coalition.appears), offers, x, held)


def _loads(coalition: Program, reduced: Floats, standing: Floats) -> tuple[Ints, sp.csr_array[Any]]:
    """Return the best loads of each fleet in each period, each with all its hours: one lane, one batch."""
    rows = coalition.fleet_row.tocoo()
    full = coalition.fleet_hours[rows.row] / rows.data
    gain = reduced[rows.col] * full
    part = coalition.part[rows.col]
    good = np.flatnonzero(gain < standing[part] - TOLERANCE * np.maximum(1.0, np.abs(standing[part])))
    table = pd.DataFrame({"at": good, "part": part[good], "gain": gain[good]}).sort_values("gain", kind="stable")
    at = table.groupby("part").head(LOADS)["at"].to_numpy(dtype=int)
    entries = (full[at], (np.arange(len(at)), rows.col[at]))
    return part[at], sp.csr_array(sp.coo_array(entries, shape=(len(at), len(coalition.own))))


def build(name: str, case: CoalitionCase, agreed: Agreed, most: Floats) -> tuple[Coalition, bool]:
    """Return a coalition's program, and whether every route that could matter is in it.

    Parameters
    ----------
    case : CoalitionCase
        Its restricted instance, with what all know.
    agreed : Agreed
        What it was told of roles.
    most : ndarray, shape (batches,)
        Units that there are of each batch.
    """
    from coordination_models.response import coalition_model

    from coordination.compilation import compile_model, declared

    frame, roles = Frame(case), Roles(case)
    columns = first_columns(case)
    complete = add_all_routes(case, columns)
    columns.active = columns.allowed.copy()
    data = _supply(case, frame, columns) | _work(case, frame, roles, agreed)
    form = compile_model(declared(coalition_model), data)
    form = _bounded(form, columns, case, most)
    taken = np.zeros(form.columns, dtype=bool)
    for variable in TAKEN:
        if variable in form.variables:
            taken[form.variables[variable].slice] = True
    own = np.flatnonzero(~taken)
    matrix = sp.csr_array(form.matrix.tocsr())
    shared, keys = _shared_rows(form)
    private = np.setdiff1d(np.arange(form.rows), shared)
    part = _components(sp.csr_array(matrix[private][:, own]))
    fleets = form.constraints["fleets"].slice if "fleets" in form.constraints else slice(0, 0)
    bare = dataclasses.replace(form, variables={}, constraints={}, terms={})
    program = Program(
        name, bare, own, np.flatnonzero(taken), part, form.c[own], sp.csr_array(matrix[shared][:, own]),
        form.row_lower[shared], sp.csr_array(matrix[fleets][:, own]), form.row_upper[fleets],
    )  # fmt: skip
    return Coalition(program, form, keys, _standstill(form, agreed)[own], case, columns, frame.service), complete


def _shared_rows(form: MatrixForm) -> tuple[Ints, list[tuple[Any, ...]]]:
    """Return rows and keys of what is shared, in the order of the columns that stand for it."""
    rows, keys = [np.zeros(0, dtype=np.int64)], list[tuple[Any, ...]]()
    order = sorted(
        (form.variables[v].slice.start, c) for c, v in zip(SHARED, TAKEN, strict=True) if c in form.constraints
    )
    for _, name in order:
        labels = form.constraints[name]
        rows.append(np.arange(labels.slice.start, labels.slice.stop))
        keys += [(name, *key) for key in labels.index]
    return np.concatenate(rows), keys


def _components(matrix: sp.csr_array[Any]) -> Ints:
    """Return which columns the rows tie together."""
    from scipy.sparse.csgraph import connected_components

    rows, columns = matrix.shape
    graph = sp.block_array([[None, matrix], [sp.csr_array((columns, rows)), None]], format="csr")
    _, label = connected_components(graph, directed=False)
    return np.asarray(np.unique(label[rows:], return_inverse=True)[1], dtype=np.int64)


def _bounded(form: MatrixForm, columns: Columns, case: CoalitionCase, most: Floats) -> MatrixForm:
    """Return the program in which what takes no fleet hours is bounded by the goods that there are."""
    if "ship" not in form.variables:
        return form
    ships, ub = columns.ships(), form.ub.copy()
    hours = columns.lanes["hours"].to_numpy()[ships["lane"]] * case.batch_tonnes[ships["batch"]]
    at = form.variables["ship"].slice
    ub[at] = np.where(hours > 0.0, ub[at], most[ships["batch"].to_numpy()])
    return dataclasses.replace(form, ub=ub)


def _standstill(form: MatrixForm, agreed: Agreed) -> Floats:
    """Return values of all columns when nothing is sent or served and doers work their least shares."""
    lb, ub = form.lb.copy(), form.ub.copy()
    for name in ("ship", "serve"):
        if name in form.variables:
            ub[form.variables[name].slice] = 0.0
    for name, table, keys in (
        ("cover", agreed.work, ["task", "party", "period"]),
        ("gap", agreed.own, ["task", "period"]),
    ):
        if name not in form.variables:
            continue
        labels = form.variables[name]
        given = pd.Series(table["committed"].to_numpy(dtype=float), pd.MultiIndex.from_frame(table[keys]))
        value = given.reindex(labels.index, fill_value=0.0).to_numpy()
        value = value if name == "cover" else np.maximum(form.ub[labels.slice] - value, 0.0)
        lb[labels.slice] = ub[labels.slice] = value
    still = dataclasses.replace(form, lb=lb, ub=ub)
    with LinearProgram(still, SolverOptions(threads=1)) as program:
        solution = program.solve(stage="standstill")
    if solution.status is not Status.OPTIMAL or solution.x is None:
        raise SolverError(f"networked: nothing done ended {solution.status}")
    return np.clip(solution.x, lb, ub)


def _supply(case: CoalitionCase, frame: Frame, columns: Columns) -> dict[str, Any]:
    """Return the data of shipments, mutual aid, needs and fleets."""
    ships = columns.ships()
    data = frame.data() | shipment_data(case, frame, columns.lanes, columns.rolling, ships)
    touched = np.zeros(frame.holding.shape, dtype=bool)
    for name in ("ARRIVING", "LEAVING", "SERVED_FROM"):
        table = data[name]
        touched[table["i0"].to_numpy(int), table["i1"].to_numpy(int), table["i2"].to_numpy(int)] = True
    touched[tuple(data["supply"].index.get_level_values(n).to_numpy(int) for n in range(3))] |= len(data["supply"]) > 0
    touched &= frame.holding >= 0
    holdings = pd.MultiIndex.from_arrays(np.nonzero(touched), names=["place", "batch", "period"])
    rolling = data["ROLLING_ON"]
    used = pd.MultiIndex.from_arrays([rolling["i0"], rolling["i1"]]).unique()
    names = (
        "LANES", "BATCHES", "SHIPMENTS", "tonnes", "lane_cost", "lane_hours", "SERVICE", "SERVED_FROM", "supply",
        "COMMODITIES", "NEEDS", "MEETING", "WAITING_BEFORE", "carry_over", "due", "SEGMENTS", "SEGMENTS_OF",
        "segment_width", "segment_cost", "lapse_cost", "lapsed_at_start", "FLEET_PERIODS", "CARRIED_BY", "fleet_hours",
        "NEEDY", "SERVED_AT", "ROLLING_ON",
    )  # fmt: skip
    kept = {name: data[name] for name in names}
    for name in ("ARRIVING", "LEAVING"):
        kept[name] = _where(data[name], frame.holding >= 0)
    return kept | {"HOLDINGS": holdings, "ROAD_PERIODS": used}


def _where(table: pd.DataFrame, there: NDArray[np.bool_]) -> pd.DataFrame:
    at = there[table["i0"].to_numpy(int), table["i1"].to_numpy(int), table["i2"].to_numpy(int)]
    kept: pd.DataFrame = table[at].reset_index(drop=True)
    return kept


def _work(case: CoalitionCase, frame: Frame, roles: Roles, agreed: Agreed) -> dict[str, Any]:
    """Return the data of agreed work and hand-out."""
    instance, work = case.instance, agreed.work
    skills, parties, tasks = instance.skills, instance.parties, instance.tasks
    skill = pd.MultiIndex.from_frame(skills[["party", "skill"]])
    row = skill.get_indexer(pd.MultiIndex.from_frame(work[["party", "skill"]]))
    gains = (
        instance.interests.set_index(["party", "domain"])["benefit"]
        if len(instance.interests)
        else pd.Series(dtype=float)
    )
    benefit = [float(gains.get(pair, 0.0)) for pair in zip(work["party"], work["domain"], strict=True)]
    hourly = skills["cost_per_hour"].to_numpy(dtype=float)[row] if len(work) else np.zeros(0)
    work = work.assign(pay=work["factor"].to_numpy(float) * hourly - np.array(benefit, dtype=float), skill_row=row)
    contracts = work.drop_duplicates(["task", "party"])
    own_ids = set(agreed.own["task"])
    own = agreed.own.merge(tasks[["task", "hours", "gap_cost"]], on="task")
    mine = own[~own["several"].to_numpy(dtype=bool)]
    entry, pair = ["task", "party", "period"], ["task", "period"]
    inside = work[work["task"].isin(mine["task"])]
    across = work[~work["task"].isin(mine["task"])]
    crossing = pd.concat([own.loc[own["several"].to_numpy(dtype=bool), pair], across[pair]]).drop_duplicates()
    owned = crossing[crossing["task"].isin(own_ids)]
    hand = handout_data(case, roles, frame.service)
    supply = roles.open_periods(roles.tasks[roles.tasks["domain"] == "supply"])
    supply = supply.assign(task=case.coding.tasks.to_numpy(dtype=object)[supply["task"]])
    supply = supply[supply["task"].isin(own_ids)]
    limits = _limits(roles, work, agreed.standby, skill, parties["party"])
    return {
        "WORK": _index(work[entry], 3), "CONTRACTS": _index(contracts[["task", "party"]], 2),
        "WORK_OF": relation(work, ["task", "party"], entry), "OWN_WORK": _index(own[pair], 2),
        "COVERED_BY": relation(inside, pair, entry), "COVERED": _index(mine[pair], 2),
        "HELP": _index(crossing[pair], 2), "OWN_HELP": relation(owned, pair, pair),
        "HELPED_BY": relation(across, pair, entry),
        "HANDOUTS": hand["HANDOUTS"], "HANDED_OUT": hand["HANDED_OUT"],
        "HANDING": relation(supply, ["zone", "period"], pair), "handout_rate": hand["handout_rate"],
        "work_hours": series(own, pair, "hours"), "work_gap_cost": series(own, pair, "gap_cost"),
        "most_work": series(work, entry, "hours"), "work_pay": series(contracts, ["task", "party"], "pay"),
        "work_factor": series(contracts, ["task", "party"], "factor"),
        "least_work": series(contracts, ["task", "party"], "least"), **limits,
    }  # fmt: skip


def _index(frame: pd.DataFrame, _levels: int) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame)


def _limits(
    roles: Roles, work: pd.DataFrame, standby: pd.DataFrame, skill: pd.MultiIndex, parties: pd.Series[str]
) -> dict[str, Any]:
    """Return the limits on hours that work takes from, what backups keep free taken off."""
    available, skills, both = roles.available, len(skill), len(skill) + len(parties)
    party = pd.Index(parties)

    def taken(rows: pd.DataFrame) -> pd.DataFrame:
        by_skill = skill.get_indexer(pd.MultiIndex.from_frame(rows[["party", "skill"]]))
        over_all = skills + party.get_indexer(pd.Index(rows["party"]))
        normal = rows["normal"].to_numpy(dtype=bool)
        parts = [rows.assign(limit=by_skill), rows.assign(limit=over_all), rows.assign(limit=by_skill + both)[normal],
                 rows.assign(limit=over_all + both)[normal]]  # fmt: skip
        return pd.concat(parts, ignore_index=True)

    uses, kept = taken(work), taken(standby)
    used = uses[["limit", "period"]].drop_duplicates().sort_values(["limit", "period"], ignore_index=True)
    left = available[used["limit"].to_numpy(int), used["period"].to_numpy(int)]
    reserved = kept.groupby(["limit", "period"])["reserve"].sum() if len(kept) else pd.Series(dtype=float)
    where = pd.MultiIndex.from_frame(used)
    left = left - (reserved.reindex(where, fill_value=0.0).to_numpy() if len(kept) else 0.0)
    used = used.assign(left=np.maximum(left, 0.0))[np.isfinite(left)]
    uses = uses.merge(used[["limit", "period"]], on=["limit", "period"])
    limit = ["limit", "period"]
    return {
        "WORK_LIMITS": pd.MultiIndex.from_frame(used[limit]),
        "WORK_IN": relation(uses, limit, ["task", "party", "period"]),
        "work_left": series(used, limit, "left"),
    }
