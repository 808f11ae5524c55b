"""linopy as its documentation recommends for large models.

Dense arrays of variables, sums by group instead of incidence, ``Model(sparse=True)`` under the v1 semantics, which
keeps grouped sums and constraints as compressed rows, and the direct interface to HiGHS without names.
"""

from typing import Any

import linopy
import numpy as np
import pandas as pd
import xarray as xr
from linopy.constants import Result, Solution, Status

from benchmarks.issue_03.network import TIMES, Network
from benchmarks.issue_03.ways import Ready


def tables(network: Network) -> dict[str, Any]:
    """Return its tables as labelled arrays, ids of text."""
    nodes, arcs, goods = (
        pd.Index(names, name=name) for names, name in zip(network.names(), ("node", "arc", "good"), strict=True)
    )
    times = pd.RangeIndex(TIMES, name="time")
    return {
        "flows": [arcs, goods, times],
        "holds": [nodes, goods, times],
        "head": pd.Series(nodes[network.head], index=arcs, name="node"),
        "tail": pd.Series(nodes[network.tail], index=arcs, name="node"),
        "cost": xr.DataArray(network.cost, coords=[arcs, goods]),
        "capacity": xr.DataArray(network.capacity, coords=[arcs]),
        "need": xr.DataArray(network.need, coords=[nodes, goods, times]),
        "price": xr.DataArray(network.price, coords=[nodes, goods]),
    }


def build(given: dict[str, Any]) -> Ready:
    """Return HiGHS with the model; what comes back are labelled arrays."""
    model = formulated(given)
    highs = linopy.solvers.Highs.from_model(model, io_api="direct", options={"output_flag": False}).solver_model

    def back() -> tuple[dict, dict]:
        solution = highs.getSolution()
        x, y = np.asarray(solution.col_value, dtype=float), np.asarray(solution.row_dual, dtype=float)
        model.assign_result(Result(Status.from_termination_condition("optimal"), Solution(x, y, 0.0)))
        return (
            {name: variable.solution for name, variable in model.variables.items()},
            {name: constraint.dual for name, constraint in model.constraints.items()},
        )

    return Ready(highs, back)


def formulated(given: dict[str, Any]) -> linopy.Model:
    """Return the model. Nodes that no arc enters, and times before the first, count as nothing."""
    linopy.options["semantics"] = "v1"
    model = linopy.Model(sparse=True)
    nodes = given["holds"][0]
    flow = model.add_variables(lower=0, coords=given["flows"], name="flow")
    stock = model.add_variables(lower=0, coords=given["holds"], name="stock")
    unmet = model.add_variables(lower=0, coords=given["holds"], name="unmet")
    into = flow.groupby(given["head"]).sum().reindex(node=nodes).fillna(0)
    out_of = flow.groupby(given["tail"]).sum().reindex(node=nodes).fillna(0)
    before = (1 * stock).shift(time=1).fillna(0)
    model.add_constraints(into - out_of - stock + before + unmet == given["need"], name="balance")
    model.add_constraints(flow.sum("good") <= given["capacity"], name="roads")
    model.add_objective((flow * given["cost"]).sum() + 0.1 * stock.sum() + (unmet * given["price"]).sum())
    return model
