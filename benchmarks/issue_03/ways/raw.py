"""Arrays by hand, nothing checked, no names: what any other way is measured against."""

import highspy
import numpy as np
import scipy.sparse as sp

from benchmarks.issue_03.network import GOODS, TIMES, Network
from benchmarks.issue_03.ways import Ready


def tables(network: Network) -> Network:
    """Return the arrays as they are."""
    return network


def build(network: Network) -> Ready:
    """Return HiGHS with the model."""
    flow, stock, unmet, balance, roads = positions(network)
    rows, columns = roads[-1, -1] + 1, unmet[-1, -1, -1] + 1
    a = matrix(network, flow, stock, unmet, balance, roads)
    need = network.need.ravel()
    cost = [np.repeat(network.cost.ravel(), TIMES), np.full(stock.size, 0.1), np.repeat(network.price.ravel(), TIMES)]
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(
        columns, rows, a.nnz, 1, 1, 0.0,
        np.concatenate(cost), np.zeros(columns), np.full(columns, np.inf),
        np.concatenate([need, np.full(roads.size, -np.inf)]),
        np.concatenate([need, np.repeat(network.capacity, TIMES)]),
        a.indptr, a.indices, a.data, np.zeros(columns, dtype=np.uint8),
    )  # fmt: skip

    def back() -> tuple[dict, dict]:
        solution = highs.getSolution()
        x, y = np.array(solution.col_value, dtype=float), np.array(solution.row_dual, dtype=float)
        return {"flow": x[flow], "stock": x[stock], "unmet": x[unmet]}, {"balance": y[balance], "roads": y[roads]}

    return Ready(highs, back)


def positions(network: Network) -> list[np.ndarray]:
    """Return the columns of flow, stock and unmet, the rows of balance and roads, each in its shape."""
    flows, holds = (network.arcs, GOODS, TIMES), (network.nodes, GOODS, TIMES)
    found = []
    for shapes in ((flows, holds, holds), (holds, (network.arcs, TIMES))):
        first = 0
        for shape in shapes:
            size = int(np.prod(shape))
            found.append(np.arange(first, first + size, dtype=np.int32).reshape(shape))
            first += size
    return found


def matrix(network: Network, flow, stock, unmet, balance, roads) -> sp.csc_array:
    """Return the matrix by columns."""
    parts = [
        (balance[network.head], flow, 1.0),
        (balance[network.tail], flow, -1.0),
        (balance, stock, -1.0),
        (balance[:, :, 1:], stock[:, :, :-1], 1.0),
        (balance, unmet, 1.0),
        (np.broadcast_to(roads[:, None, :], flow.shape), flow, 1.0),
    ]
    row = np.concatenate([part[0].ravel() for part in parts])
    column = np.concatenate([part[1].ravel() for part in parts])
    value = np.concatenate([np.full(part[1].size, part[2]) for part in parts])
    return sp.csc_array(sp.coo_array((value, (row, column)), shape=(roads[-1, -1] + 1, unmet[-1, -1, -1] + 1)))
