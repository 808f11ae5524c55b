"""A formulation with its data, ready for its rules to be called with symbols.

The model is cloned; sets, parameters, variables and named expressions become hollow (see `hollow`), and their data
stand beside them as tables and arrays.
"""

from __future__ import annotations

import difflib
import logging
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo
from pyomo.core.base.block import BlockData
from pyomo.core.base.global_set import UnindexedComponent_set
from pyomo.core.base.param import Param
from pyomo.core.base.set import RangeSet, SetOf, SetProduct, UnknownSetDimen
from pyomo.core.base.var import ScalarVar

from coordination.compilation.codes import Codes
from coordination.compilation.concrete import Twin
from coordination.compilation.entries import Members, empty_table, member_sets, no_members, param_values, set_table
from coordination.compilation.errors import CompilationError, NotTemplatizableError
from coordination.compilation.hollow import (
    HollowExpression,
    HollowIndexedBlock,
    HollowIndexedSet,
    HollowParam,
    HollowVar,
    hollow_set_class,
)
from coordination.compilation.tables import Domain, Table

_PLAIN_SETS = (
    "AbstractScalarSet",
    "AbstractIndexedSet",
    "AbstractOrderedScalarSet",
    "AbstractSortedScalarSet",
    "IndexedSet",
)
_IGNORED = (pyo.Suffix, pyo.BuildCheck)

_logger = logging.getLogger(__name__)


class Formulation:
    """A hollow copy of a model with the data of its components.

    Parameters
    ----------
    model : pyomo.environ.AbstractModel
        The formulation; it is not changed.
    data : Mapping
        Data by component name, nested by block name.
    fixed : Mapping, optional
        Values of variables by qualified name.

    Attributes
    ----------
    variables, constraints, objectives : list
        Hollow components in the order of declaration, blocks in place.
    parameters : dict
        Values over the whole domain by ``id`` of the component.
    members : dict
        `Members` by ``id`` of the indexed set.
    fixed : Mapping
        Values of variables by qualified name.
    """

    def __init__(self, model: Any, data: Mapping[str, Any], fixed: Mapping[str, Any] | None = None) -> None:
        if model.is_constructed():
            raise CompilationError("an AbstractModel is expected: this model was constructed already")
        self.codes = Codes()
        self.twin = Twin(model, data)
        self.variables: list[Any] = []
        self.constraints: list[Any] = []
        self.objectives: list[Any] = []
        self.parameters: dict[int, npt.NDArray[np.float64]] = {}
        self.incomplete: set[int] = set()
        self.members: dict[int, Members] = {}
        self.fixed = fixed or {}
        self._domains: dict[int, Domain] = {}
        self._scalar = Domain(())
        self._model = model.clone()
        self._by_name: dict[str, Any] = {}
        self._read_block(self._model, data, "")

    def component(self, name: str) -> Any:
        """Return a hollow component by its qualified name."""
        return self._by_name[name]

    def domain(self, index_set: Any) -> Domain:
        """Return what a set (or a product of sets) holds."""
        if index_set is UnindexedComponent_set:
            return self._scalar
        if id(index_set) not in self._domains:
            self._domains[id(index_set)] = self._new_domain(index_set)
        return self._domains[id(index_set)]

    def domain_of(self, component: Any) -> Domain:
        """Return what a component is indexed by."""
        return self.domain(component.index_set())

    def _new_domain(self, index_set: Any) -> Domain:
        if isinstance(index_set, SetProduct):
            return Domain([table for part in index_set._sets for table in self.domain(part).tables])
        if isinstance(index_set, (RangeSet, SetOf)):
            index_set.construct()
            return Domain([set_table(index_set.name, 1, list(index_set), self.codes)])
        entries = list(self._twin_of_anonymous(index_set))
        table = set_table(index_set.name, index_set.dimen, entries, self.codes)
        _hollow_set(index_set, table)
        return Domain([table])

    def _twin_of_anonymous(self, index_set: Any) -> Any:
        for component in self._by_name.values():
            for position, anonymous in enumerate(getattr(component, "_anonymous_sets", None) or ()):
                if anonymous is index_set:
                    return self.twin.anonymous_set(component.name, position)
        raise CompilationError(f"the set {index_set.name} belongs to no component of the model")

    def _read_block(self, block: Any, data: Mapping[str, Any], prefix: str) -> None:
        components = block.component_map()
        for name in data:
            if name not in components:
                lower = {str(known).lower(): known for known in components}
                near = difflib.get_close_matches(str(name).lower(), list(lower), 1)
                hint = f"; did you mean {prefix}{lower[near[0]]}?" if near else ""
                raise CompilationError(f"data is given for {prefix}{name}, which the model does not have{hint}")
        for name, component in list(components.items()):
            self._read_component(component, data.get(name), f"{prefix}{name}")
        if not isinstance(block, BlockData) or block.parent_component() is block:
            block._constructed = True

    def _read_component(self, component: Any, data: Any, name: str) -> None:
        kind = component.ctype
        self._by_name[component.name] = component
        if kind in (pyo.Set, pyo.RangeSet):
            self._read_set(component, data, name)
        elif kind is pyo.Param:
            self._read_param(component, data, name)
        elif kind is pyo.Block:
            self._read_sub_block(component, data, name)
        elif data is not None:
            raise CompilationError(f"data is given for {name}, a {kind.__name__}: only sets and parameters take data")
        elif kind in (pyo.Var, pyo.Expression):
            self._read_symbolic(component)
        elif kind in (pyo.Constraint, pyo.Objective):
            if _active(component):
                (self.constraints if kind is pyo.Constraint else self.objectives).append(component)
        elif kind in _IGNORED:
            _logger.info("%s: a %s says nothing to the matrix and is left out", name, kind.__name__)
        else:
            hint = "; give values to be fixed apart" if kind is pyo.BuildAction else ""
            raise CompilationError(f"{name}: components of type {kind.__name__} cannot be compiled{hint}")

    def _read_symbolic(self, component: Any) -> None:
        if component.ctype is pyo.Var:
            component.__class__ = HollowVar if component.is_indexed() else ScalarVar
            self.variables.append(component)
        elif component.is_indexed():
            component.__class__ = HollowExpression
        self._hollow_out(component)

    def _hollow_out(self, component: Any) -> None:
        component._size = self.domain_of(component).size
        component._constructed = True
        if not component.is_indexed():
            component._data[None] = component

    def _read_sub_block(self, block: Any, data: Any, name: str) -> None:
        if block.is_indexed():
            self._read_indexed_block(block, data, name)
            return
        if block._rule is not None:
            _call_rule(block._rule, block, None, name)
        self._read_block(block, data or {}, f"{name}.")

    def _read_indexed_block(self, block: Any, data: Any, name: str) -> None:
        """Call the rule once for each index: each block's own rules are then called once, with symbols."""
        if data is not None:
            raise CompilationError(
                f"data is given for {name}, a block indexed by a set: its rule finds all in the model"
            )
        domain = self.domain_of(block)
        block.__class__ = HollowIndexedBlock
        for position in range(domain.size):
            entry = domain.entry(position)
            index = entry if len(entry) > 1 else entry[0]
            member = block._setitem_when_not_present(index)
            if block._rule is not None:
                _call_rule(block._rule, member, index, member.name)
            self._read_block(member, {}, f"{member.name}.")
        block._constructed = True

    def _read_set(self, component: Any, data: Any, name: str) -> None:
        if isinstance(component, RangeSet) and data is None:
            component.construct()
            self._domains[id(component)] = Domain([set_table(name, 1, _range(component), self.codes)])
            return
        if isinstance(component, SetProduct) and data is None:
            component._constructed = True
            return
        dimen = _declared_dimen(component)
        nothing = data is None and _is_empty(component)  # a rule that is off: no need of Pyomo for its sets
        if component.is_indexed():
            domain = self.domain_of(component)
            if data is None and not nothing:
                data = {index: list(members) for index, members in self.twin.component(component.name).items()}
            members = (
                no_members(name, domain, dimen or 1, self.codes)
                if nothing
                else member_sets(name, domain, dimen, data, self.codes)
            )
            self.members[id(component)] = members
            component.__class__ = HollowIndexedSet
            component._dimen_of_members = members.table.dimen
            component._size = domain.size
            component._constructed = True
            return
        if data is None and not nothing:
            data = list(self.twin.component(component.name))
        table = empty_table(name, dimen or 1, self.codes) if nothing else set_table(name, dimen, data, self.codes)
        self._domains[id(component)] = Domain([table])
        _hollow_set(component, table)

    def _read_param(self, component: Any, data: Any, name: str) -> None:
        default = _plain_number(component._default_val)
        by_rule = component._rule is not None or (default is None and component._default_val is not Param.NoValue)
        if data is None and by_rule:
            data = self.twin.component(component.name).extract_values()
            data = data if component.is_indexed() else data[None]
        if not component.is_indexed():
            component.construct(None if data is None else {None: data})
            return
        domain = self.domain_of(component)
        if data is None:
            values = np.full(domain.size, np.nan if default is None else default)
        else:
            values = param_values(name, domain, default, data, self.codes)
        self.parameters[id(component)] = values
        if np.isnan(values).any():
            self.incomplete.add(id(component))
        component.__class__ = HollowParam
        self._hollow_out(component)


def _active(component: Any) -> bool:
    """Return whether a component and all blocks around it are active."""
    while component is not None and component.active:
        component = component.parent_block()
    return component is None


def _call_rule(rule: Any, block: Any, index: Any, name: str) -> None:
    try:
        rule(block, index)
    except NotTemplatizableError as reason:
        raise CompilationError(f"{name}: {reason}, which has no entries yet when blocks are declared") from None


def _hollow_set(component: Any, table: Table) -> None:
    component._hollow_dimen = table.dimen
    component._size = table.size
    component._constructed = True
    base = type(component).__bases__[0] if type(component).__name__.startswith("Abstract") else type(component)
    component.__class__ = hollow_set_class(base)


def _declared_dimen(component: Any) -> int | None:
    initializer = getattr(component, "_init_dimen", None)
    if initializer is None or not initializer.constant():
        return None
    dimen = initializer(component.parent_block(), None)
    return dimen if isinstance(dimen, int) and dimen is not UnknownSetDimen else None


def _is_empty(component: Any) -> bool:
    """Return whether a set without data has nothing that would give it entries."""
    return type(component).__name__ in _PLAIN_SETS and component._init_values is None


def _range(component: Any) -> Any:
    values = list(component)
    step = values[1] - values[0] if len(values) > 1 else 1
    return range(values[0], values[-1] + step, step) if values and isinstance(step, int) else values


def _plain_number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float, np.number)) else None
