"""Stochastic fixed-charge network design, files of the ``netdes`` layout, as two-stage programs.

The first stage opens arcs (0 or 1) at a fixed cost; in each scenario flows along open arcs, within their capacity, meet
every node's balance (what leaves less what comes in) at a cost per unit.
"""

from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from coordination.twostage import Scenario, TwoStageProgram, stage

ROWS_PER_SCENARIO = 4
"""A line between scenarios, then costs, capacities and balances."""


def read_netdes(path: Path) -> TwoStageProgram:
    """Read one file.

    Parameters
    ----------
    path : Path
        Text header, a line ``+``, then sizes, adjacency, fixed costs, probabilities, scenarios.

    Raises
    ------
    ValueError
        If parts are missing.
    """
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines[lines.index("+") + 1 :] if line]
    nodes, arcs = int(lines[0]), np.argwhere(_matrix(lines[3]) > 0)
    fixed, count = _matrix(lines[4])[tuple(arcs.T)], int(lines[5])
    probabilities = _numbers(lines[6])
    parts = lines[7:]
    if len(probabilities) != count or len(parts) < ROWS_PER_SCENARIO * count:
        raise ValueError(f"{path.name}: found {len(parts)} lines for {count} scenarios")
    scenarios = tuple(
        _scenario(number, probabilities[number], parts[4 * number + 1 : 4 * number + 4], arcs, nodes)
        for number in range(count)
    )
    first = stage(np.zeros((0, len(arcs))), fixed, row_lower=0, row_upper=0, ub=1, integer=True)
    return TwoStageProgram(first, scenarios, tuple(f"{i}-{j}" for i, j in arcs.tolist()))


def _scenario(number: int, probability: float, lines: list[str], arcs: NDArray, nodes: int) -> Scenario:
    cost, capacity = (_matrix(line)[tuple(arcs.T)] for line in lines[:2])
    balance, count = _numbers(lines[2]), len(arcs)
    every, one = np.arange(count), np.ones(count)
    leaves = sp.csc_array((one, (arcs[:, 0], every)), shape=(nodes, count))
    enters = sp.csc_array((one, (arcs[:, 1], every)), shape=(nodes, count))
    form = stage(
        sp.vstack([leaves - enters, sp.eye_array(count)]),
        cost,
        row_lower=np.concatenate([balance, np.full(count, -np.inf)]),
        row_upper=np.concatenate([balance, np.zeros(count)]),
    )
    technology = sp.csc_array(sp.vstack([sp.csc_array((nodes, count)), -sp.diags_array(capacity)]))
    return Scenario(f"S{number + 1}", float(probability), technology, form)


def _matrix(line: str) -> NDArray[np.float64]:
    return np.array([_numbers(row) for row in line.split(";")])


def _numbers(line: str) -> NDArray[np.float64]:
    return np.array([float(word) for word in line.split(",")])
