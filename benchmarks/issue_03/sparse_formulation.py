"""The same model over explicit sets of entries, as real networks need it: every sum goes over an indexed set."""

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from benchmarks.issue_03.network import GOODS, TIMES, Network


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
