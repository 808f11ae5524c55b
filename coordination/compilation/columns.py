"""Columns of the variables: where they stand, their bounds and which must be whole numbers."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import numpy.typing as npt

from coordination.compilation.entries import param_values
from coordination.compilation.environment import Environment
from coordination.compilation.errors import CompilationError, NotTemplatizableError
from coordination.compilation.evaluation import Evaluator
from coordination.compilation.formulation import Formulation
from coordination.compilation.matrix import Labels
from coordination.compilation.templates import rule_template

FloatArray = npt.NDArray[np.float64]

_logger = logging.getLogger(__name__)


class Columns:
    """All columns of a formulation.

    Attributes
    ----------
    labels : dict
        `Labels` of each variable component by name.
    lower, upper : numpy.ndarray
        (columns,) bounds.
    integrality : numpy.ndarray
        (columns,) uint8.
    offsets : dict
        First column of each variable component, by ``id``.
    """

    def __init__(self, formulation: Formulation) -> None:
        self.labels: dict[str, Labels] = {}
        self.offsets: dict[int, int] = {}
        self.count = 0
        for variable in formulation.variables:
            domain = formulation.domain_of(variable)
            self.labels[variable.name] = Labels(variable.name, slice(self.count, self.count + domain.size), domain)
            self.offsets[id(variable)] = self.count
            self.count += domain.size
        self.lower = np.zeros(self.count)  # memory that is never written to is none: zero is what most are
        self.upper = np.empty(self.count)
        self.integrality = np.zeros(self.count, dtype=np.uint8)

    def read_bounds(self, formulation: Formulation, evaluator: Evaluator) -> None:
        """Fill in bounds and integrality from domains and bounds of the components.

        Raises
        ------
        CompilationError
            If a domain is no interval of numbers or a bound is not a number.
        """
        for variable in formulation.variables:
            columns = self.labels[variable.name].slice
            if columns.stop == columns.start:
                continue
            try:
                self._read(variable, columns, formulation, evaluator)
            except NotTemplatizableError as reason:
                _logger.info("variable %s: bounds index by index through Pyomo (%s)", variable.name, reason)
                self._read_twin(formulation.twin.component(variable.name), columns)
            if np.isnan(self.lower[columns].min()) or np.isnan(self.upper[columns].max()):
                raise CompilationError(f"variable {variable.name} has a bound that is not a number")
        self._fix(formulation)

    def _fix(self, formulation: Formulation) -> None:
        """Put the values of fixed variables in the place of both bounds."""
        for name, given in formulation.fixed.items():
            labels = self.labels.get(name)
            if labels is None:
                raise CompilationError(f"values are given for {name}, which is no variable of the model")
            values = param_values(name, labels.domain, None, given, formulation.codes)
            at = np.flatnonzero(~np.isnan(values)) + labels.slice.start
            self.lower[at] = self.upper[at] = values[~np.isnan(values)]

    def _read(self, variable: Any, columns: slice, formulation: Formulation, evaluator: Evaluator) -> None:
        if not variable._rule_domain.constant():
            raise NotTemplatizableError("the domain differs by index")
        low, high, whole = _interval(variable._rule_domain(variable.parent_block(), None, variable), variable.name)
        lower, upper = None, None
        rule = variable._rule_bounds
        if rule is not None and rule.constant() and not callable(getattr(rule._initializer, "_fcn", None)):
            lower, upper = rule(variable.parent_block(), None)
        elif rule is not None:
            template = rule_template(variable, rule)
            domain = formulation.domain_of(variable)
            environment = Environment.of_domain(domain, template.symbols)
            evaluator.subject = f"the bounds of {variable.name}", domain
            lower, upper = (
                None if bound is None else evaluator.constant(environment, bound) for bound in template.expression
            )
        lowest = low if lower is None else np.maximum(low, lower)
        if np.any(lowest):
            self.lower[columns] = lowest
        self.upper[columns] = high if upper is None else np.minimum(high, upper)
        self.integrality[columns] = whole

    def _read_twin(self, variable: Any, columns: slice) -> None:
        column = columns.start
        for index in variable.index_set() if variable.is_indexed() else (None,):
            data = variable[index]
            _, _, whole = _interval(data.domain, variable.name)
            self.lower[column] = -np.inf if data.lb is None else data.lb
            self.upper[column] = np.inf if data.ub is None else data.ub
            self.integrality[column] = whole
            column += 1


def _interval(domain: Any, name: str) -> tuple[float, float, bool]:
    try:
        low, high, step = domain.get_interval()
    except (AttributeError, TypeError, ValueError):
        step = None
    if step not in (0, 1):
        raise CompilationError(f"variable {name}: the domain {domain} is neither an interval of reals nor of integers")
    return -np.inf if low is None else low, np.inf if high is None else high, step == 1
