"""From a Pyomo formulation and its data to the arrays of one matrix."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.relational_expr import (
    EqualityExpression,
    InequalityExpression,
    RangedExpression,
    tuple_to_relational_expr,
)

from coordination.compilation.assembly import Rows
from coordination.compilation.columns import Columns
from coordination.compilation.environment import Environment
from coordination.compilation.errors import CompilationError, NotTemplatizableError
from coordination.compilation.evaluation import Evaluator
from coordination.compilation.fallback import ordinary_rows, ordinary_terms
from coordination.compilation.formulation import Formulation
from coordination.compilation.linear import Linear, Numbers
from coordination.compilation.matrix import Labels, MatrixForm, ObjectiveTerm
from coordination.compilation.objective import objective_terms
from coordination.compilation.positions import row_of, run
from coordination.compilation.tables import shown
from coordination.compilation.templates import rule_template

_logger = logging.getLogger(__name__)


def compile_model(model: Any, data: Mapping[str, Any], *, fixed: Mapping[str, Any] | None = None) -> MatrixForm:
    """Return the matrix of a formulation: each rule called once, evaluated for all its indices with numpy.

    Parameters
    ----------
    model : pyomo.environ.AbstractModel
        The formulation; it is not changed.
    data : Mapping
        Data by component name, nested by block name (see the package's docstring).
    fixed : Mapping, optional
        Values of variables by qualified name, for all or some of their entries: a Series, dict or number as for a
        Param. Such a column stays, with its value as both bounds.

    Returns
    -------
    MatrixForm
        Columns and rows in the order of declaration and, within a component, of its index set.

    Raises
    ------
    CompilationError
        If the data does not fit the model, a rule refers to an entry that does not exist, or is not linear.
    """
    formulation = Formulation(model, data, fixed)
    columns = Columns(formulation)
    evaluator = Evaluator(formulation, columns.offsets)
    rows, labels = Rows(), {}
    with np.errstate(all="ignore"):  # what is no number is looked for, and named, afterwards
        columns.read_bounds(formulation, evaluator)
        for constraint in formulation.constraints:
            found = _add_constraint(constraint, formulation, evaluator, columns, rows)
            if found is not None:
                labels[constraint.name] = found
        maximize, terms = _objective(formulation, evaluator, columns)
    return _form(columns, rows, labels, maximize, terms)


def _add_constraint(
    constraint: Any, formulation: Formulation, evaluator: Evaluator, columns: Columns, rows: Rows
) -> Labels | None:
    domain = formulation.domain_of(constraint)
    if not domain.size or constraint._rule is None:
        return None
    evaluator.subject = constraint.name, domain
    try:
        template = rule_template(constraint, constraint._rule)
        if template.expression is pyo.Constraint.Skip:
            return None
        environment = Environment.of_domain(domain, template.symbols)
        body, lower, upper = _row(evaluator, environment, template.expression)
    except NotTemplatizableError as reason:
        _logger.info("constraint %s: built index by index through Pyomo (%s)", constraint.name, reason)
        ordinary = ordinary_rows(constraint.name, formulation, columns.labels)
        at = rows.add(len(ordinary.positions), ordinary.body, ordinary.lower, ordinary.upper)
        return Labels(constraint.name, at, domain, ordinary.positions)
    _check_numbers(constraint.name, domain, body, lower, upper)
    return Labels(constraint.name, rows.add(domain.size, body, lower, upper), domain)


def _row(evaluator: Evaluator, environment: Environment, expression: Any) -> tuple[Linear, Numbers, Numbers]:
    """Return terms and bounds of rows, oriented as Pyomo does: variables stay on their side of the relation."""
    if isinstance(expression, tuple):
        expression = tuple_to_relational_expr(expression)
    if isinstance(expression, RangedExpression):
        low, body, high = expression.args
        linear = evaluator.linear(environment, body)
        lower = evaluator.constant(environment, low) - linear.constant
        return linear, lower, evaluator.constant(environment, high) - linear.constant
    if not isinstance(expression, (EqualityExpression, InequalityExpression)):
        raise NotTemplatizableError(f"the rule returns {expression!r}, which is no relation")
    left, right = (evaluator.linear(environment, side) for side in expression.args)
    if right.terms and not left.terms:
        bound = left.constant - right.constant
        return right, bound, bound if isinstance(expression, EqualityExpression) else np.inf
    body = left if not right.terms else left.plus(right.times(-1.0))
    bound = right.constant - left.constant
    return body, bound if isinstance(expression, EqualityExpression) else -np.inf, bound


def _check_numbers(name: str, domain: Any, body: Linear, lower: Numbers, upper: Numbers) -> None:
    """Refuse coefficients that are no finite numbers and bounds that are not numbers."""
    for term in body.terms:
        if not np.all(np.isfinite(term.coefficients)):
            entry = int(np.argmin(np.isfinite(np.broadcast_to(term.coefficients, term.columns.shape))))
            row = entry if term.rows is None else row_of(term.rows, entry)
            raise CompilationError(f"{name}[{shown(domain.entry(row))}] has a coefficient that is no finite number")
    for bound in (lower, upper):
        if np.any(np.isnan(bound)):
            row = int(np.argmax(np.isnan(np.atleast_1d(bound))))
            raise CompilationError(f"{name}[{shown(domain.entry(row))}] has a right-hand side that is not a number")


def _objective(
    formulation: Formulation, evaluator: Evaluator, columns: Columns
) -> tuple[bool, dict[str, ObjectiveTerm]]:
    if not formulation.objectives:
        return False, {}
    if len(formulation.objectives) > 1:
        names = ", ".join(objective.name for objective in formulation.objectives)
        raise CompilationError(f"one active objective is expected, found {names}")
    objective = formulation.objectives[0]
    if objective.is_indexed():
        raise CompilationError(f"objective {objective.name} is indexed: a single one is expected")
    evaluator.subject = objective.name, formulation.domain_of(objective)
    sense = objective._init_sense(objective.parent_block(), None)
    try:
        terms = objective_terms(objective, evaluator)
    except NotTemplatizableError as reason:
        _logger.info("objective %s: built through Pyomo (%s)", objective.name, reason)
        terms = {"": ordinary_terms(objective.name, formulation, columns.labels)}
    return sense == pyo.maximize, terms


def _form(
    columns: Columns, rows: Rows, labels: dict[str, Labels], maximize: bool, terms: dict[str, ObjectiveTerm]
) -> MatrixForm:
    matrix = rows.matrix(columns.count)
    lower, upper = rows.bounds()
    cost = np.zeros(columns.count)
    for term in terms.values():
        if len(term.columns):
            at = run(term.columns)
            if isinstance(at, slice):
                cost[at] += term.coefficients
                continue
            first = int(at.min())
            summed = np.bincount(at - first, weights=term.coefficients)
            cost[first : first + len(summed)] += summed
    if not np.all(np.isfinite(cost)):
        raise CompilationError("the objective has a coefficient that is no finite number")
    return MatrixForm(
        start=matrix.indptr.astype(np.int32, copy=False),
        index=matrix.indices.astype(np.int32, copy=False),
        value=matrix.data,
        c=cost,
        lb=columns.lower,
        ub=columns.upper,
        row_lower=lower,
        row_upper=upper,
        integrality=columns.integrality,
        offset=float(sum(term.constant for term in terms.values())),
        maximize=maximize,
        variables=columns.labels,
        constraints=labels,
        terms=terms,
    )
