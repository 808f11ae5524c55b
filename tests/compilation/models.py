"""Two models that most tests of compilation build on, and their data."""

import pandas as pd
import pyomo.environ as pyo

LANES = pd.MultiIndex.from_tuples([("A", "x"), ("A", "y"), ("B", "y"), ("C", "x")], names=["hub", "town"])
HUBS = pd.Index(["A", "B", "C"])
TIMES = range(4)


def shipping():
    """Return sets, parameters and variables that most tests build on."""
    m = pyo.AbstractModel()
    m.HUBS = pyo.Set()
    m.LANES = pyo.Set(dimen=2)
    m.T = pyo.RangeSet(0, 3)
    m.FROM = pyo.Set(m.HUBS, dimen=1)
    m.cost = pyo.Param(m.LANES, default=1.5)
    m.stock = pyo.Param(m.HUBS)
    m.ship = pyo.Var(m.LANES, m.T, domain=pyo.NonNegativeReals)
    m.left = pyo.Var(m.HUBS, m.T)
    m.spare = pyo.Var(domain=pyo.NonNegativeReals)
    return m


def shipping_data():
    """Return data for it, some of it in another order than the sets'."""
    return {
        "HUBS": HUBS,
        "LANES": LANES,
        "FROM": LANES.to_frame(index=False),
        "cost": pd.Series([2.0, 3.0], index=LANES[[2, 0]]),
        "stock": pd.Series({"C": 1.0, "A": 8.0, "B": 5.0}),
    }


def holding():
    """Return a model over a sparse set of places, goods and times with the same holding one time before."""
    m = pyo.AbstractModel()
    m.HOLD = pyo.Set(dimen=3)
    m.LATER = pyo.Set(dimen=3)
    m.BEFORE = pyo.Set(m.HOLD, dimen=3)
    m.keep = pyo.Param(m.HOLD, default=1.0)
    m.level = pyo.Var(m.HOLD, domain=pyo.NonNegativeReals)
    return m


def holding_data():
    """Return data for it, with labels of text and numbers mixed and a gap in time."""
    hold = pd.MultiIndex.from_tuples(
        [(p, k, t) for p in ("b", "a") for k in (7, "w") for t in range(5) if (p, t) != ("b", 2)]
    )
    later = [(p, k, t) for p, k, t in hold if (p, k, t - 1) in hold]
    before = pd.DataFrame([(*entry, *entry[:2], entry[2] - 1) for entry in later])
    keep = pd.Series([0.5, 0.25], index=hold[[3, 5]])
    return {"HOLD": hold, "LATER": pd.MultiIndex.from_tuples(later), "BEFORE": before, "keep": keep}
