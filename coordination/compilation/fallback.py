"""Components whose rules need real indices: built by Pyomo, read through its own linear representation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pyomo.repn.standard_repn import generate_standard_repn

from coordination.compilation.errors import CompilationError
from coordination.compilation.formulation import Formulation
from coordination.compilation.linear import Linear, Term
from coordination.compilation.matrix import Labels, ObjectiveTerm
from coordination.compilation.positions import PositionArray
from coordination.compilation.tables import Domain


@dataclass(frozen=True)
class OrdinaryRows:
    """Rows of one constraint component: the entries of its domain that exist, terms and bounds."""

    positions: PositionArray
    body: Linear
    lower: npt.NDArray[np.float64]
    upper: npt.NDArray[np.float64]


def ordinary_rows(name: str, formulation: Formulation, variables: Mapping[str, Labels]) -> OrdinaryRows:
    """Return the rows of a constraint component that Pyomo constructs index by index.

    Raises
    ------
    CompilationError
        If Pyomo cannot construct it, or it is not linear.
    """
    constraint = _constructed(name, formulation)
    finder = _ColumnFinder(formulation, variables)
    indices, lower, upper = [], [], []
    rows: list[tuple[Any, list[tuple[Any, float]]]] = []
    for row, (index, data) in enumerate(constraint.items()):
        low, body, high = data.to_bounded_expression(evaluate_bounds=True)
        constant, terms = _representation(data.name, body)
        indices.append(index)
        lower.append(-np.inf if low is None else low - constant)
        upper.append(np.inf if high is None else high - constant)
        rows += [(row, terms)]
    body = Linear(0.0, [finder.term(rows)])
    domain = formulation.domain_of(formulation.component(name))
    positions = finder.positions(domain, indices)
    return OrdinaryRows(positions, body, np.array(lower, dtype=np.float64), np.array(upper, dtype=np.float64))


def ordinary_terms(name: str, formulation: Formulation, variables: Mapping[str, Labels]) -> ObjectiveTerm:
    """Return an objective that Pyomo constructs, as one term.

    Raises
    ------
    CompilationError
        If Pyomo cannot construct it, or it is not linear.
    """
    constant, terms = _representation(name, _constructed(name, formulation).expr)
    term = _ColumnFinder(formulation, variables).term([(0, terms)])
    return ObjectiveTerm(term.columns.astype(np.int32), np.asarray(term.coefficients), constant)


def _constructed(name: str, formulation: Formulation) -> Any:
    try:
        return formulation.twin.component(name)
    except CompilationError:
        raise
    except Exception as error:
        raise CompilationError(f"{name} cannot be built: {type(error).__name__}: {error}") from error


def _representation(name: str, expression: Any) -> tuple[float, list[tuple[Any, float]]]:
    representation = generate_standard_repn(expression, compute_values=True, quadratic=False)
    if representation.nonlinear_expr is not None:
        raise CompilationError(f"{name} is not linear: {expression}")
    terms = zip(representation.linear_vars, representation.linear_coefs, strict=True)
    return float(representation.constant), [(variable, float(coefficient)) for variable, coefficient in terms]


class _ColumnFinder:
    """Columns of constructed variables, by component and index."""

    def __init__(self, formulation: Formulation, variables: Mapping[str, Labels]) -> None:
        self._codes = formulation.codes
        self._variables = variables

    def term(self, rows: Iterable[tuple[int, list[tuple[Any, float]]]]) -> Term:
        """Return the entries of rows given as lists of (variable, coefficient)."""
        entries = [(row, variable, value) for row, terms in rows for variable, value in terms]
        columns = np.zeros(len(entries), dtype=np.int64)
        by_component: dict[str, list[int]] = {}
        for at, (_, variable, _) in enumerate(entries):
            by_component.setdefault(variable.parent_component().name, []).append(at)
        for name, places in by_component.items():
            labels = self._variables[name]
            indices = [entries[at][1].index() for at in places]
            columns[places] = labels.slice.start + self.positions(labels.domain, indices)
        values = np.array([value for _, _, value in entries], dtype=np.float64)
        return Term(columns, values, np.array([row for row, _, _ in entries], dtype=np.int64))

    def positions(self, domain: Domain, indices: list[Any]) -> PositionArray:
        """Return the positions of indices (values, tuples, or None for a scalar) in a domain."""
        if not domain.tables:
            return np.zeros(len(indices), dtype=np.int64)
        rows = [index if isinstance(index, tuple) else (index,) for index in indices]
        columns = [
            np.array([self._codes.encode_one(row[i]) for row in rows], dtype=np.int64) for i in range(domain.dimen)
        ]
        return domain.find(columns)
