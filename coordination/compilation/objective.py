"""The objective, kept apart by the named expressions that it is the sum of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.core.expr.numeric_expr as numeric
from pyomo.core.base.expression import ScalarExpression
from pyomo.core.expr.numvalue import native_numeric_types
from pyomo.core.expr.template_expr import GetItemExpression, TemplateSumExpression

from coordination.compilation.environment import Environment
from coordination.compilation.evaluation import Evaluator
from coordination.compilation.hollow import HollowExpression
from coordination.compilation.linear import Linear
from coordination.compilation.matrix import ObjectiveTerm
from coordination.compilation.templates import rule_template


def objective_terms(objective: Any, evaluator: Evaluator) -> dict[str, ObjectiveTerm]:
    """Return the linear function of each named term, and of the unnamed rest under "".

    Raises
    ------
    NotTemplatizableError
        If the rule needs Pyomo's own way.
    """
    environment = Environment(1)
    parts: dict[str, list[Linear]] = {}
    for summand, sign in _summands(rule_template(objective, objective._rule).expression, 1.0):
        parts.setdefault(_name(summand), []).append(evaluator.linear(environment, summand).times(sign))
    return {name: _term(linears) for name, linears in parts.items()}


def _summands(expression: Any, sign: float) -> list[tuple[Any, float]]:
    if isinstance(expression, numeric.SumExpression):
        return [found for argument in expression.args for found in _summands(argument, sign)]
    if isinstance(expression, numeric.NegationExpression):
        return _summands(expression.arg(0), -sign)
    return [(expression, sign)]


def _name(expression: Any) -> str:
    """Return the name of the one named expression that a summand is a multiple of, else ""."""
    named = expression.arg(0) if isinstance(expression, GetItemExpression) else expression
    if isinstance(named, (ScalarExpression, HollowExpression)):
        return str(named.name)
    if isinstance(expression, TemplateSumExpression):
        return _name(expression.template_args()[0])
    if isinstance(expression, (numeric.ProductExpression, numeric.DivisionExpression)):
        variable = [
            argument
            for argument in expression.args
            if argument.__class__ not in native_numeric_types and argument.is_potentially_variable()
        ]
        return _name(variable[0]) if len(variable) == 1 else ""
    if isinstance(expression, numeric.NegationExpression):
        return _name(expression.arg(0))
    return ""


def _term(linears: list[Linear]) -> ObjectiveTerm:
    terms = [term for linear in linears for term in linear.terms]
    columns = [term.columns.astype(np.int32, copy=False) for term in terms]
    coefficients = [np.broadcast_to(term.coefficients, term.columns.shape) for term in terms]
    constant = float(sum(np.sum(linear.constant) for linear in linears))
    if len(terms) == 1:
        return ObjectiveTerm(columns[0], coefficients[0], constant)
    empty = np.zeros(0)
    return ObjectiveTerm(
        np.concatenate([empty.astype(np.int32), *columns]), np.concatenate([empty, *coefficients]), constant
    )
