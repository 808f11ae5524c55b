"""Small programs written out as arrays."""

import numpy as np
import scipy.sparse as sp

from coordination.compilation import MatrixForm

INF = np.inf


def program(matrix, costs, row_lower, row_upper, lower=None, upper=None, *, integer=None, maximize=False, offset=0.0):
    """Return a form without labels; columns are non-negative unless said otherwise."""
    matrix = sp.csc_array(np.asarray(matrix, dtype=float))
    columns = len(costs)

    def full(values, default):
        return np.full(columns, default) if values is None else np.asarray(values, dtype=float)

    return MatrixForm(
        start=matrix.indptr.astype(np.int32),
        index=matrix.indices.astype(np.int32),
        value=matrix.data,
        c=np.asarray(costs, dtype=float),
        lb=full(lower, 0.0),
        ub=full(upper, INF),
        row_lower=np.asarray(row_lower, dtype=float),
        row_upper=np.asarray(row_upper, dtype=float),
        integrality=np.zeros(columns, np.uint8) if integer is None else np.asarray(integer, np.uint8),
        offset=offset,
        maximize=maximize,
        variables={},
        constraints={},
        terms={},
    )


def transport(sources=20, sinks=60, seed=0):
    """Return a random transport program with scarce supply and priced shortage: ships, then what each sink lacks."""
    rng = np.random.default_rng(seed)
    ship = sources * sinks
    supply = sp.hstack([sp.kron(sp.eye_array(sources), np.ones((1, sinks))), sp.csc_array((sources, sinks))])
    need = sp.hstack([sp.kron(np.ones((1, sources)), sp.eye_array(sinks)), sp.eye_array(sinks)])
    matrix = sp.csc_array(sp.vstack([supply, need]))
    demand = rng.uniform(1.0, 5.0, sinks)
    return program(
        matrix.toarray(),
        np.concatenate([rng.uniform(1.0, 10.0, ship), rng.uniform(50.0, 90.0, sinks)]),
        np.concatenate([np.full(sources, -INF), demand]),
        np.concatenate([np.full(sources, 0.9 * demand.sum() / sources), np.full(sinks, INF)]),
    )


def knapsacks(items=400, limits=60, seed=1):
    """Return a multi-dimensional knapsack, quick to satisfy and slow to prove."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 60, (limits, items))
    values = -rng.integers(1, 60, items)
    capacity = weights.sum(axis=1) // 2
    return program(weights, values, np.full(limits, -INF), capacity, upper=np.ones(items), integer=np.ones(items))
