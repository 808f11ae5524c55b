"""How long a multi-commodity flow model takes from tables in memory to HiGHS ready to run, by way of building it.

Run ``python benchmarks/compilation.py`` (under a minute); ``--columns 20000,200000,1000000`` for other sizes,
``--repeat N`` for the medians of more runs, ``--ways raw,ours`` to leave the slow ones out. Two models with the same
matrix entries: *dense*, over products of sets as textbooks write them, and *sparse*, over explicit sets of entries as
real networks need them. Imports are not counted; each way hands its matrix to HiGHS.
"""

import argparse
import gc
import statistics
import time
from dataclasses import dataclass

import highspy
import numpy as np
import pandas as pd
import pyomo.environ as pyo
import scipy.sparse as sp
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from coordination.compilation import MatrixForm, compile_model, construct
from coordination.solver import SolverOptions
from coordination.solver.bridge import hand_over, new_highs

GOODS, TIMES = 10, 14


@dataclass
class Network:
    """Arcs between nodes with costs and capacities; goods needed and supplied by period."""

    tail: np.ndarray
    head: np.ndarray
    cost: np.ndarray
    capacity: np.ndarray
    need: np.ndarray
    price: np.ndarray

    @classmethod
    def random(cls, columns: int, seed: int = 0) -> "Network":
        """Return a network whose model has about so many columns."""
        rng = np.random.default_rng(seed)
        nodes = max(4, round(columns / (GOODS * TIMES * 6.3)))
        arcs = round(columns / (GOODS * TIMES)) - 2 * nodes
        return cls(
            tail=rng.integers(0, nodes, arcs),
            head=rng.integers(0, nodes, arcs),
            cost=rng.uniform(1, 9, (arcs, GOODS)),
            capacity=rng.uniform(5, 50, arcs),
            need=rng.normal(0, 3, (nodes, GOODS, TIMES)),
            price=rng.uniform(50, 90, (nodes, GOODS)),
        )

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.need)

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.tail)


def raw(network: Network) -> MatrixForm:
    """Build the arrays by hand: what any other way is measured against."""
    arcs, nodes, goods, times = network.arcs, network.nodes, GOODS, TIMES
    flows, holds = arcs * goods * times, nodes * goods * times
    flow = np.arange(flows, dtype=np.int32).reshape(arcs, goods, times)
    stock = np.arange(flows, flows + holds, dtype=np.int32).reshape(nodes, goods, times)
    unmet = stock + np.int32(holds)
    balance = np.arange(holds, dtype=np.int32).reshape(nodes, goods, times)
    capacity = np.arange(holds, holds + arcs * times, dtype=np.int32).reshape(arcs, times)
    parts = [
        (balance[network.head], flow, 1.0),
        (balance[network.tail], flow, -1.0),
        (balance, stock, -1.0),
        (balance[:, :, 1:], stock[:, :, :-1], 1.0),
        (balance, unmet, 1.0),
        (np.broadcast_to(capacity[:, None, :], flow.shape), flow, 1.0),
    ]
    row = np.concatenate([part[0].ravel() for part in parts])
    column = np.concatenate([part[1].ravel() for part in parts])
    value = np.concatenate([np.full(part[1].size, part[2]) for part in parts])
    rows, columns = holds + arcs * times, flows + 2 * holds
    matrix = sp.csc_array(sp.coo_array((value, (row, column)), shape=(rows, columns)))
    cost = np.concatenate(
        [np.repeat(network.cost.ravel(), times), np.full(holds, 0.1), np.repeat(network.price.ravel(), times)]
    )
    need = network.need.ravel()
    return MatrixForm(
        start=matrix.indptr.astype(np.int32),
        index=matrix.indices.astype(np.int32),
        value=matrix.data,
        c=cost,
        lb=np.zeros(columns),
        ub=np.full(columns, np.inf),
        row_lower=np.concatenate([need, np.full(arcs * times, -np.inf)]),
        row_upper=np.concatenate([need, np.repeat(network.capacity, times)]),
        integrality=np.zeros(columns, dtype=np.uint8),
        offset=0.0,
        maximize=False,
        variables={},
        constraints={},
        terms={},
    )


def dense_model() -> pyo.AbstractModel:
    """Return the model over products of sets."""
    m = pyo.AbstractModel()
    m.NODES, m.ARCS, m.GOODS, m.T, m.LATER = pyo.Set(), pyo.Set(), pyo.Set(), pyo.Set(), pyo.Set()
    m.FIRST = pyo.Set()
    m.INTO, m.OUT_OF = pyo.Set(m.NODES, dimen=1), pyo.Set(m.NODES, dimen=1)
    m.cost = pyo.Param(m.ARCS, m.GOODS)
    m.capacity = pyo.Param(m.ARCS)
    m.need = pyo.Param(m.NODES, m.GOODS, m.T)
    m.price = pyo.Param(m.NODES, m.GOODS)
    m.flow = pyo.Var(m.ARCS, m.GOODS, m.T, domain=pyo.NonNegativeReals)
    m.stock = pyo.Var(m.NODES, m.GOODS, m.T, domain=pyo.NonNegativeReals)
    m.unmet = pyo.Var(m.NODES, m.GOODS, m.T, domain=pyo.NonNegativeReals)

    def moved(m, n, k, t):
        flows = sum(m.flow[a, k, t] for a in m.INTO[n]) - sum(m.flow[a, k, t] for a in m.OUT_OF[n])
        return flows - m.stock[n, k, t] + m.unmet[n, k, t]

    m.start = pyo.Constraint(m.NODES, m.GOODS, m.FIRST, rule=lambda m, n, k, t: moved(m, n, k, t) == m.need[n, k, t])
    m.balance = pyo.Constraint(
        m.NODES, m.GOODS, m.LATER, rule=lambda m, n, k, t: moved(m, n, k, t) + m.stock[n, k, t - 1] == m.need[n, k, t]
    )
    m.roads = pyo.Constraint(m.ARCS, m.T, rule=lambda m, a, t: sum(m.flow[a, k, t] for k in m.GOODS) <= m.capacity[a])
    m.transport = pyo.Expression(
        rule=lambda m: sum(m.cost[a, k] * m.flow[a, k, t] for a in m.ARCS for k in m.GOODS for t in m.T)
    )
    m.without = pyo.Expression(
        rule=lambda m: sum(m.price[n, k] * m.unmet[n, k, t] for n in m.NODES for k in m.GOODS for t in m.T)
    )
    m.keeping = pyo.Expression(
        rule=lambda m: 0.1 * sum(m.stock[n, k, t] for n in m.NODES for k in m.GOODS for t in m.T)
    )
    m.objective = pyo.Objective(rule=lambda m: m.transport + m.keeping + m.without)
    return m


def ids(network: Network) -> tuple[pd.Index, pd.Index, pd.Index]:
    """Return names of nodes, arcs and goods."""
    return (
        pd.Index([f"node {i}" for i in range(network.nodes)]),
        pd.Index([f"arc {i}" for i in range(network.arcs)]),
        pd.Index([f"good {i}" for i in range(GOODS)]),
    )


def dense_data(network: Network) -> dict:
    """Return the tables of the model over products."""
    nodes, arcs, goods = ids(network)
    return {
        "NODES": nodes,
        "ARCS": arcs,
        "GOODS": goods,
        "T": pd.RangeIndex(TIMES),
        "LATER": pd.RangeIndex(1, TIMES),
        "FIRST": pd.RangeIndex(1),
        "INTO": pd.DataFrame({"node": nodes[network.head], "arc": arcs}),
        "OUT_OF": pd.DataFrame({"node": nodes[network.tail], "arc": arcs}),
        "cost": network.cost,
        "capacity": network.capacity,
        "need": network.need,
        "price": network.price,
    }


def sparse_model() -> pyo.AbstractModel:
    """Return the model over explicit sets of entries, all joined by indexed sets."""
    m = pyo.AbstractModel()
    m.FLOWS, m.HOLDS, m.CAPACITIES = pyo.Set(dimen=3), pyo.Set(dimen=3), pyo.Set(dimen=2)
    m.INTO, m.OUT_OF, m.BEFORE = (pyo.Set(m.HOLDS, dimen=3) for _ in range(3))
    m.ON = pyo.Set(m.CAPACITIES, dimen=3)
    m.cost = pyo.Param(m.FLOWS)
    m.capacity = pyo.Param(m.CAPACITIES)
    m.need, m.price = pyo.Param(m.HOLDS), pyo.Param(m.HOLDS)
    m.flow = pyo.Var(m.FLOWS, domain=pyo.NonNegativeReals)
    m.stock = pyo.Var(m.HOLDS, domain=pyo.NonNegativeReals)
    m.unmet = pyo.Var(m.HOLDS, domain=pyo.NonNegativeReals)

    @m.Constraint(m.HOLDS)
    def balance(m, n, k, t):
        return (
            sum(m.flow[a, j, s] for a, j, s in m.INTO[n, k, t])
            - sum(m.flow[a, j, s] for a, j, s in m.OUT_OF[n, k, t])
            - m.stock[n, k, t]
            + sum(m.stock[i, j, s] for i, j, s in m.BEFORE[n, k, t])
            + m.unmet[n, k, t]
            == m.need[n, k, t]
        )

    m.roads = pyo.Constraint(
        m.CAPACITIES, rule=lambda m, a, t: sum(m.flow[b, k, s] for b, k, s in m.ON[a, t]) <= m.capacity[a, t]
    )
    m.transport = pyo.Expression(rule=lambda m: sum(m.cost[a, k, t] * m.flow[a, k, t] for a, k, t in m.FLOWS))
    m.without = pyo.Expression(rule=lambda m: sum(m.price[n, k, t] * m.unmet[n, k, t] for n, k, t in m.HOLDS))
    m.keeping = pyo.Expression(rule=lambda m: 0.1 * sum(m.stock[n, k, t] for n, k, t in m.HOLDS))
    m.objective = pyo.Objective(rule=lambda m: m.transport + m.keeping + m.without)
    return m


def sparse_data(network: Network) -> dict:
    """Return the tables of the sparse model, its ids as whole numbers as a coded instance has them."""
    arc, good, time_ = (grid.ravel() for grid in np.indices((network.arcs, GOODS, TIMES)))
    node, held, period = (grid.ravel() for grid in np.indices((network.nodes, GOODS, TIMES)))
    later = period > 0
    road, when = (grid.ravel() for grid in np.indices((network.arcs, TIMES)))
    flows = pd.MultiIndex.from_arrays([arc, good, time_])
    holds = pd.MultiIndex.from_arrays([node, held, period])
    capacities = pd.MultiIndex.from_arrays([road, when])

    def frame(*columns):
        return pd.DataFrame(dict(enumerate(columns)))

    return {
        "FLOWS": flows,
        "HOLDS": holds,
        "CAPACITIES": capacities,
        "INTO": frame(network.head[arc], good, time_, arc, good, time_),
        "OUT_OF": frame(network.tail[arc], good, time_, arc, good, time_),
        "BEFORE": frame(node[later], held[later], period[later], node[later], held[later], period[later] - 1),
        "ON": frame(arc, time_, arc, good, time_),
        "cost": pd.Series(np.repeat(network.cost.ravel(), TIMES), index=flows),
        "capacity": pd.Series(np.repeat(network.capacity, TIMES), index=capacities),
        "need": pd.Series(network.need.ravel(), index=holds),
        "price": pd.Series(np.repeat(network.price.ravel(), TIMES), index=holds),
    }


def by_raw(network, model, data):
    """Arrays by hand."""
    hand_over(new_highs(SolverOptions()), raw(network))


def by_ours(network, model, data):
    """Rules called once, evaluated with numpy."""
    hand_over(new_highs(SolverOptions()), compile_model(model, data))


def by_standard_form(network, model, data):
    """Pyomo rules index by index, its standard form, arrays handed over."""
    concrete = construct(model, data)
    form = LinearStandardFormCompiler().write(concrete, mixed_form=True, set_sense=None)
    columns, rows = len(form.columns), len(form.rows)
    kind = np.array([row.bound_type for row in form.rows])
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(
        columns, rows, form.A.nnz, 1, 1, 0.0,
        form.c.toarray()[0],
        np.array([-np.inf if v.lb is None else v.lb for v in form.columns]),
        np.array([np.inf if v.ub is None else v.ub for v in form.columns]),
        np.where(kind <= 0, form.rhs, -np.inf), np.where(kind >= 0, form.rhs, np.inf),
        form.A.indptr.astype(np.int32), form.A.indices.astype(np.int32), form.A.data,
        np.zeros(columns, dtype=np.uint8),
    )  # fmt: skip


def by_appsi(network, model, data):
    """Pyomo rules index by index, its appsi interface to HiGHS."""
    from pyomo.contrib.appsi.solvers import Highs

    solver = Highs()
    solver.config.stream_solver = False
    solver.set_instance(construct(model, data))


WAYS = {"raw": by_raw, "ours": by_ours, "standard": by_standard_form, "appsi": by_appsi}
NAMES = {
    "raw": "raw numpy",
    "ours": "coordination.compilation",
    "standard": "Pyomo + LinearStandardFormCompiler",
    "appsi": "Pyomo appsi_highs",
}
SLOW = {"standard", "appsi"}


def measure(network: Network, kind: str, ways: list[str], repeat: int) -> dict[str, float]:
    """Return the median seconds of each way on one model, runs of the ways interleaved."""
    model, data = (dense_model(), dense_data(network)) if kind == "dense" else (sparse_model(), sparse_data(network))
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(repeat + 1):
        for way in ways:
            if way in SLOW and number != 1:
                continue
            gc.collect()
            began = time.process_time()
            WAYS[way](network, model, data)
            if number or way in SLOW:
                seconds[way].append(time.process_time() - began)
    return {way: statistics.median(values) for way, values in seconds.items()}


def main() -> None:
    """Print a table of CPU seconds by size, model and way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--columns", default="20000,200000")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--ways", default="raw,ours,standard")
    parser.add_argument("--models", default="dense,sparse")
    arguments = parser.parse_args()
    ways = arguments.ways.split(",")
    print(f"{'columns':>9}  {'model':6}  {'way':36}{'CPU s':>8}{'x raw':>8}")
    for columns in map(int, arguments.columns.split(",")):
        network = Network.random(columns)
        for kind in arguments.models.split(","):
            found = measure(network, kind, ways, arguments.repeat)
            for way, seconds in found.items():
                ratio = seconds / found["raw"] if "raw" in found else float("nan")
                print(f"{raw(network).columns:>9,}  {kind:6}  {NAMES[way]:36}{seconds:8.3f}{ratio:8.1f}", flush=True)


if __name__ == "__main__":
    main()
