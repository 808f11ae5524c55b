"""coordination.compilation: rules called once, evaluated with numpy, arrays handed over."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.issue_03.formulation import flow_data, flow_model
from benchmarks.issue_03.network import Network
from benchmarks.issue_03.ways import Ready
from coordination.compilation import compile_model
from coordination.solver import SolverOptions
from coordination.solver.bridge import hand_over, new_highs


def tables(network: Network) -> tuple[Any, Mapping[str, Any]]:
    """Return the formulation and its tables."""
    return flow_model(), flow_data(network)


def build(given: tuple[Any, Mapping[str, Any]]) -> Ready:
    """Return HiGHS with the model; what comes back are Series over the index of each component."""
    form = compile_model(*given)
    highs = new_highs(SolverOptions())
    hand_over(highs, form)
    variables, constraints = form.variables, form.constraints  # their labels; the matrix is HiGHS's from here on

    def back() -> tuple[dict, dict]:
        solution = highs.getSolution()
        x, y = np.array(solution.col_value, dtype=float), np.array(solution.row_dual, dtype=float)
        return (
            {name: labels.series(x) for name, labels in variables.items()},
            {name: labels.series(y) for name, labels in constraints.items()},
        )

    return Ready(highs, back)
