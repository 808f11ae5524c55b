"""Programs to measure on: our own formulations for made-up cities, of every kind and of growing size."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coordination.compilation import MatrixForm
    from coordination.planning.columns import Columns

CITIES = (5, 20, 60, 160)
"""Communities of the cities: up to some 150,000 columns."""

SCENARIOS = (4, 12, 24)
"""Scenarios of the smallest city, for programs of two stages."""

NEAREST = 3
"""Lanes of a destination and batch: a model of a city after lanes were priced in holds about as many."""

SPREAD = (0.7, 1.3)
"""Needs of a scenario, relative to the city's."""

SEED = 3


def programs() -> Iterator[MatrixForm]:
    """Yield programs, small ones first: supply alone, the whole relaxed, supply in several scenarios."""
    smallest = None
    for communities in CITIES:
        supply, joint = _of_city(communities)
        smallest = smallest or supply
        yield supply
        yield joint
    assert smallest is not None
    for scenarios in SCENARIOS:
        yield _two_stages(smallest, scenarios)


def _of_city(communities: int) -> tuple[MatrixForm, MatrixForm]:
    """Return supply with all hours of hand-out given, and the relaxation of the joint model."""
    from coordination.generation import generate
    from coordination.planning.case import Case
    from coordination.planning.gathering import most_tonnes
    from coordination.planning.model import ResponseModel
    from coordination.planning.routes import first_columns

    model = ResponseModel.of(Case.of(generate(communities=communities, seed=SEED)))
    columns = first_columns(model.case)
    keep_nearest(columns, NEAREST)
    joint = model.tight(merged=True).compile(columns)
    relaxed = dataclasses.replace(joint, integrality=np.zeros_like(joint.integrality))
    return model.compile_supply(columns, most_tonnes(model)), relaxed


def keep_nearest(columns: Columns, count: int) -> None:
    """Put the shipments of the nearest lanes of each destination and batch into the model.

    Parameters
    ----------
    columns : Columns
        Of a case; changed in place.
    count : int
        How many lanes.
    """
    some = np.asarray(columns.allowed.any(axis=2))
    order = columns.lanes["hours"].to_numpy().argsort(kind="stable")
    for batch in range(some.shape[1]):
        able = columns.lanes.iloc[order[some[order, batch]]]
        lanes = able.groupby(["state", "destination"]).head(count).index.to_numpy()
        columns.active[lanes, batch] = columns.allowed[lanes, batch]


def _two_stages(form: MatrixForm, scenarios: int) -> MatrixForm:
    """Return the extensive form: what leaves in the first period is decided before needs are known."""
    ship = form.variables["ship"]
    leaves = ship.slice.start + np.flatnonzero(ship.index.get_level_values(2).to_numpy(dtype=int) == 0)
    now, later = leaves, np.setdiff1d(np.arange(form.columns), leaves)
    matrix = form.matrix
    blocks = sp.block_diag([matrix[:, later]] * scenarios, format="csc")
    whole = sp.hstack([sp.vstack([matrix[:, now]] * scenarios), blocks], format="csc")
    whole.sort_indices()
    scale = np.random.default_rng(SEED).uniform(*SPREAD, scenarios)

    def of_columns(array: np.ndarray, weight: float = 1.0) -> np.ndarray:
        return np.concatenate([array[now], *[array[later] * weight] * scenarios])

    ub = np.concatenate([form.ub[now], *[_needed(form, form.ub, "waiting", factor)[later] for factor in scale]])
    bounds = [
        np.concatenate([_needed(form, bound, "service", factor) for factor in scale])
        for bound in (form.row_lower, form.row_upper)
    ]
    return dataclasses.replace(
        form,
        start=whole.indptr.astype(np.int32),
        index=whole.indices.astype(np.int32),
        value=whole.data,
        c=of_columns(form.c, 1.0 / scenarios),
        lb=of_columns(form.lb),
        ub=ub,
        row_lower=bounds[0],
        row_upper=bounds[1],
        integrality=np.zeros(whole.shape[1], dtype=np.uint8),
        variables={},
        constraints={},
        terms={},
    )


def _needed(form: MatrixForm, bounds: np.ndarray, name: str, factor: float) -> np.ndarray:
    """Return bounds with those that are needs times a factor."""
    changed = bounds.copy()
    changed[(form.variables if name in form.variables else form.constraints)[name].slice] *= factor
    return changed
