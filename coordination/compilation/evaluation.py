"""The symbolic expression of a rule, evaluated with numpy for all its indices at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyomo.core.expr.numeric_expr as numeric
from pyomo.core.base.expression import ExpressionData
from pyomo.core.base.param import ParamData, ScalarParam
from pyomo.core.base.var import ScalarVar
from pyomo.core.expr.numvalue import native_numeric_types
from pyomo.core.expr.template_expr import GetItemExpression, IndexTemplate, TemplateSumExpression

from coordination.compilation.codes import IntArray
from coordination.compilation.entries import Members
from coordination.compilation.environment import Environment, Group
from coordination.compilation.errors import CompilationError, NotTemplatizableError
from coordination.compilation.formulation import Formulation
from coordination.compilation.hollow import HollowExpression, HollowParam, HollowVar, MemberSet
from coordination.compilation.linear import Linear, Numbers
from coordination.compilation.positions import (
    Pattern,
    PositionArray,
    Positions,
    as_array,
    counted,
    in_product,
    lowest,
    mapped_through,
    row_of,
    values_at,
)
from coordination.compilation.tables import Domain, Table, shown
from coordination.compilation.templates import Template, rule_template

_UFUNCS: dict[str, Callable[[Any], Any]] = {
    "exp": np.exp, "log": np.log, "log10": np.log10, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh,
    "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh, "ceil": np.ceil, "floor": np.floor,
}  # fmt: skip


class Evaluator:
    """Turns expressions of one formulation into linear functions of its columns.

    Parameters
    ----------
    formulation : Formulation
        The hollow model with its data.
    offsets : dict
        First column of each variable component, by ``id``.
    """

    def __init__(self, formulation: Formulation, offsets: dict[int, int]) -> None:
        self._formulation = formulation
        self._offsets = offsets
        self._maps: dict[tuple[int, tuple[int, ...], int], tuple[PositionArray, bool]] = {}
        self._templates: dict[int, Template] = {}
        self._handlers: dict[type, Handler] = {}
        self.subject: tuple[str, Domain] = ("", Domain(()))

    def linear(self, environment: Environment, expression: Any) -> Linear:
        """Return the linear function that an expression is in each row of an environment.

        Raises
        ------
        NotTemplatizableError
            If it holds something that is not understood here (then Pyomo's own way may).
        CompilationError
            If it refers to an entry that does not exist.
        """
        kind = expression.__class__
        if kind in native_numeric_types:
            return Linear(float(expression))
        handler = self._handlers.get(kind)
        if handler is None:
            handler = self._handlers[kind] = _handler(expression)
        return handler(self, environment, expression)

    def constant(self, environment: Environment, expression: Any) -> Numbers:
        """Return the value of an expression without variables."""
        linear = self.linear(environment, expression)
        if linear.terms:
            raise NotTemplatizableError(f"the expression {expression} depends on variables where a number is expected")
        return linear.constant

    def _unknown(self, _: Environment, expression: Any) -> Linear:
        raise NotTemplatizableError(f"{type(expression).__name__} ({expression}) is not understood")

    def _symbol(self, environment: Environment, expression: Any) -> Linear:
        return Linear(self._formulation.codes.numbers(environment.codes(expression)))

    def _scalar_variable(self, environment: Environment, expression: Any) -> Linear:
        column = self._offsets.get(id(expression))
        if column is None:
            raise NotTemplatizableError(f"the variable {expression} is not one of the model's")
        return Linear.of_columns(np.full(environment.size, column, dtype=np.int32))

    def _scalar_parameter(self, _: Environment, expression: Any) -> Linear:
        return Linear(float(expression.value))

    def _scalar_expression(self, environment: Environment, expression: Any) -> Linear:
        once = self.linear(Environment(1), self._template(expression).expression)
        return once if environment.size == 1 else once.repeated(environment.size)

    def _template(self, component: Any) -> Template:
        if id(component) not in self._templates:
            self._templates[id(component)] = rule_template(component, component._rule)
        return self._templates[id(component)]

    def _sum(self, environment: Environment, expression: Any) -> Linear:
        total = Linear()
        for argument in expression.args:
            part = self.linear(environment, argument)
            total.constant = total.constant + part.constant
            total.terms += part.terms
        return total

    def _product(self, environment: Environment, expression: Any) -> Linear:
        left, right = (self.linear(environment, argument) for argument in expression.args)
        if left.terms and right.terms:
            raise NotTemplatizableError(f"the product {expression} is not linear")
        return left.times(right.constant) if left.terms else right.times(left.constant)

    def _division(self, environment: Environment, expression: Any) -> Linear:
        numerator, denominator = expression.args
        divisor = self.constant(environment, denominator)
        zero = np.equal(divisor, 0.0)
        if np.any(zero):
            raise CompilationError(f"{self._where(environment, zero)} divides by zero in {expression}")
        dividend = self.linear(environment, numerator)
        return Linear(dividend.constant / divisor, dividend.times(1.0 / divisor).terms)

    def _negation(self, environment: Environment, expression: Any) -> Linear:
        return self.linear(environment, expression.arg(0)).times(-1.0)

    def _power(self, environment: Environment, expression: Any) -> Linear:
        base, exponent = (self.constant(environment, argument) for argument in expression.args)
        return Linear(np.power(base, exponent))

    def _absolute(self, environment: Environment, expression: Any) -> Linear:
        return Linear(np.abs(self.constant(environment, expression.arg(0))))

    def _function(self, environment: Environment, expression: Any) -> Linear:
        return Linear(_UFUNCS[expression.getname()](self.constant(environment, expression.arg(0))))

    def _item(self, environment: Environment, expression: Any) -> Linear:
        component, arguments = expression.arg(0), expression.args[1:]
        if isinstance(component, HollowVar):
            at = self.locate(environment, component, arguments)
            first = self._offsets[id(component)]
            if at is None:
                return Linear.of_columns(counted(environment.size, first))
            return Linear.of_columns(as_array(at, environment.size) + np.int32(first))
        if isinstance(component, HollowParam):
            return Linear(self._parameter(environment, component, arguments))
        if isinstance(component, HollowExpression):
            return self._indexed_expression(environment, component, arguments)
        raise NotTemplatizableError(f"{expression} is not understood")

    def _parameter(self, environment: Environment, component: Any, arguments: Sequence[Any]) -> Numbers:
        at = self.locate(environment, component, arguments)
        values = values_at(at, self._formulation.parameters[id(component)])
        if id(component) in self._formulation.incomplete and np.isnan(values).any():
            row = int(np.argmax(np.isnan(values)))
            position = row if at is None else row_of(at, row)
            entry = shown(self._formulation.domain_of(component).entry(position))
            raise CompilationError(
                f"{self._where(environment, np.isnan(values))} needs {component.name}[{entry}], "
                "which has no value: give one in the data or a default"
            )
        return values

    def _indexed_expression(self, environment: Environment, component: Any, arguments: Sequence[Any]) -> Linear:
        at = self.locate(environment, component, arguments)
        domain = self._formulation.domain_of(component)
        template = self._template(component)
        inner = Environment(environment.size, caller=environment)
        first = 0
        for table, stride in zip(domain.tables, domain.strides, strict=True):
            position = at
            if len(domain.tables) > 1:
                position = as_array(at, environment.size) // stride % table.size
            group = Group(table, position)
            inner.bind(group, template.symbols[first : first + table.dimen])
            first += table.dimen
        return self.linear(inner, template.expression)

    def _template_sum(self, environment: Environment, expression: Any) -> Linear:
        inner = environment
        for symbols in expression.template_iters():
            inner = self._inside(inner, symbols)
        body = self.linear(inner, expression.template_args()[0])
        while inner is not environment:
            outer, rows = inner.around()
            body = body.summed(rows, outer.size)
            inner = outer
        return body

    def _inside(self, environment: Environment, symbols: Sequence[Any]) -> Environment:
        """Return the environment of one ``for`` of a sum: a row per row outside and member."""
        index_set = symbols[0]._set
        if isinstance(index_set, MemberSet):
            return self._inside_members(environment, symbols, index_set)
        domain = self._formulation.domain(index_set)
        outside = environment.size
        if outside == 1:
            inner = Environment(domain.size, environment, Pattern.of_rows(1, domain.size))
            inner.bind_domain(domain, symbols, None)
            return inner
        inner = Environment(outside * domain.size, environment, Pattern.of_rows(outside, domain.size))
        inner.bind_domain(domain, symbols, outside)
        return inner

    def _inside_members(self, environment: Environment, symbols: Sequence[Any], index_set: Any) -> Environment:
        component, arguments = index_set.arg(0), index_set.args[1:]
        members: Members = self._formulation.members[id(component)]
        at = self.locate(environment, component, arguments)
        if at is None:
            rows: PositionArray = members.owners
            position: PositionArray | None = None
        else:
            start, counts = values_at(at, members.start), values_at(at, np.diff(members.start))
            rows = np.repeat(counted(environment.size), counts)
            before = np.cumsum(counts, dtype=counts.dtype) - counts
            position = np.repeat(start - before, counts)
            position += counted(len(rows))
        inner = Environment(len(rows), environment, rows)
        inner.bind(Group(members.table, position), symbols)
        return inner

    def locate(self, environment: Environment, component: Any, arguments: Sequence[Any]) -> Positions:
        """Return the position in a component's domain to which its index leads in each row (None: row i to i).

        Raises
        ------
        CompilationError
            If there is no such entry, naming the component, the entry and who refers to it.
        """
        domain = self._formulation.domain_of(component)
        if len(arguments) != domain.dimen:
            raise CompilationError(
                f"{self.subject[0]} gives {component.name} {len(arguments)} indices, {domain.dimen} are expected"
            )
        key = (id(domain), *(id(argument) for argument in arguments))
        symbolic = all(argument.__class__ is IndexTemplate for argument in arguments)
        if symbolic and key in environment.located:
            return environment.located[key]
        at = self._locate(environment, component, domain, arguments)
        if symbolic:
            environment.located[key] = at
        return at

    def _locate(self, environment: Environment, component: Any, domain: Domain, arguments: Sequence[Any]) -> Positions:
        parts: list[Positions] = []
        groups: list[Group | None] = []
        missing = None
        first = 0
        for table in domain.tables:
            part, group, complete = self._locate_factor(environment, table, arguments[first : first + table.dimen])
            first += table.dimen
            if not complete and lowest(part) < 0:
                absent = as_array(part, environment.size) < 0
                missing = absent if missing is None else missing | absent
            parts.append(part)
            groups.append(group)
        if missing is not None:
            self._refuse(environment, component, arguments, missing)
        if environment.grid and len(groups) == len(environment.grid) and all(map(_is, groups, environment.grid)):
            return None
        if len(parts) == 1:
            return parts[0]
        return in_product(parts, domain.strides, environment.size, domain.size)

    def _locate_factor(
        self, environment: Environment, table: Table, arguments: Sequence[Any]
    ) -> tuple[Positions, Group | None, bool]:
        """Return positions in one table, the group that runs through it in order, whether all surely exist."""
        if all(argument.__class__ is IndexTemplate for argument in arguments):
            found = [environment.group(argument) for argument in arguments]
            group = found[0][0]
            if all(other is group for other, _ in found):
                columns = tuple(column for _, column in found)
                if group.table is table and columns == tuple(range(table.dimen)):
                    return group.position, group, True
                mapped, complete = self._map(group.table, columns, table)
                return mapped_through(group.position, mapped), None, complete
        columns_of_codes = [self._codes(environment, argument) for argument in arguments]
        return table.find(columns_of_codes), None, False

    def _map(self, source: Table, columns: tuple[int, ...], target: Table) -> tuple[PositionArray, bool]:
        key = (id(source), columns, id(target))
        if key not in self._maps:
            mapped = target.find([source.columns[column] for column in columns])
            self._maps[key] = mapped, not len(mapped) or int(mapped.min()) >= 0
        return self._maps[key]

    def _codes(self, environment: Environment, argument: Any) -> IntArray:
        codes = self._formulation.codes
        if argument.__class__ is IndexTemplate:
            return environment.codes(argument)
        if not hasattr(argument, "is_expression_type"):
            return np.full(environment.size, codes.encode_one(argument))
        values = self.constant(environment, argument)
        return np.broadcast_to(codes.encode(np.atleast_1d(np.asarray(values, dtype=float))), (environment.size,))

    def _refuse(self, environment: Environment, component: Any, arguments: Sequence[Any], missing: Any) -> None:
        row = int(np.argmax(missing))
        decode = self._formulation.codes.decode_one
        entry = tuple(decode(int(self._codes(environment, argument)[row])) for argument in arguments)
        raise CompilationError(
            f"{self._where(environment, missing)} refers to {component.name}[{shown(entry)}], which does not exist"
        )

    def _where(self, environment: Environment, rows: Any) -> str:
        name, domain = self.subject
        if not domain.tables:
            return name
        row = int(np.argmax(rows)) if np.ndim(rows) else 0
        root = environment.root_row(row)
        return f"{name}[{shown(domain.entry(root))}]" if root < domain.size else name


def _is(group: Group | None, other: Group) -> bool:
    return group is other


Handler: TypeAlias = Callable[[Evaluator, Environment, Any], Linear]

_HANDLERS: tuple[tuple[type, Handler], ...] = (
    (IndexTemplate, Evaluator._symbol),
    (MemberSet, Evaluator._unknown),
    (GetItemExpression, Evaluator._item),
    (TemplateSumExpression, Evaluator._template_sum),
    (ScalarVar, Evaluator._scalar_variable),
    (ScalarParam, Evaluator._scalar_parameter),
    (ParamData, Evaluator._scalar_parameter),
    (ExpressionData, Evaluator._scalar_expression),
    (numeric.SumExpression, Evaluator._sum),
    (numeric.ProductExpression, Evaluator._product),
    (numeric.DivisionExpression, Evaluator._division),
    (numeric.NegationExpression, Evaluator._negation),
    (numeric.PowExpression, Evaluator._power),
    (numeric.AbsExpression, Evaluator._absolute),
    (numeric.UnaryFunctionExpression, Evaluator._function),
)
"""What each kind of expression means. Functions, not bound methods: an evaluator that knew itself would keep its
tables until the next collection of cycles."""


def _handler(expression: Any) -> Handler:
    for kind, handler in _HANDLERS:
        if isinstance(expression, kind):
            return handler
    return Evaluator._unknown
