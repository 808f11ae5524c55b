"""The model in Pyomo, over products of sets as textbooks write it, and its tables with ids of text."""

from typing import Any

import pandas as pd
import pyomo.environ as pyo

from benchmarks.issue_03.network import TIMES, Network


def flow_model() -> pyo.AbstractModel:
    """Return multi-commodity flow over periods with stocks, needs left unmet, and roads shared by all goods."""
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

    def moved(m: Any, n: Any, k: Any, t: Any) -> Any:
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


def flow_data(network: Network) -> dict[str, Any]:
    """Return its tables."""
    nodes, arcs, goods = map(pd.Index, network.names())
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
