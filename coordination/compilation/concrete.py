"""The same formulation through Pyomo itself: for export, for comparison, and for rules that need real indices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo
from pyomo.core.expr.relational_expr import tuple_to_relational_expr

from coordination.compilation.errors import CompilationError


def construct(model: Any, data: Mapping[str, Any], *, fixed: Mapping[str, Any] | None = None) -> Any:
    """Return the formulation as an ordinary ConcreteModel, every component constructed by Pyomo.

    Parameters
    ----------
    model : pyomo.environ.AbstractModel
        The formulation; it is not changed.
    data : Mapping
        The same data as for `compile_model`.
    fixed : Mapping, optional
        The same values of variables.

    Returns
    -------
    pyomo.environ.ConcreteModel
        With components of the same names. A constraint that turns out to hold without any variable is kept as a
        trivial one, as it says nothing; one that cannot hold as an infeasible one.
    """
    concrete = Twin(model, data).complete()
    for name, values in (fixed or {}).items():
        variable = concrete.find_component(name)
        if variable is None or variable.ctype is not pyo.Var:
            raise CompilationError(f"values are given for {name}, which is no variable of the model")
        for index, value in _values(variable, values).items():
            variable[index].fix(value)
    return concrete


_DATA: set[Any] = {pyo.Set, pyo.RangeSet, pyo.Param}


class TolerantRule:
    """A constraint rule whose plain ``True`` or ``False`` (numbers compared) stands for a trivial constraint."""

    def __init__(self, rule: Any) -> None:
        self._rule = rule

    def __call__(self, block: Any, index: Any) -> Any:
        """Call the rule for one index."""
        result = self._rule(block, index)
        if isinstance(result, tuple):
            result = tuple_to_relational_expr(result)
        if isinstance(result, (bool, np.bool_)):
            return pyo.Constraint.Feasible if result else pyo.Constraint.Infeasible
        return result

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_rule":
            raise AttributeError(name)
        return getattr(self._rule, name)


class Twin:
    """The same model with components constructed by Pyomo, as far as somebody asks for them."""

    def __init__(self, model: Any, data: Mapping[str, Any]) -> None:
        self._model = model
        self._data = data
        self._instance: Any = None
        self._waiting: list[tuple[Any, Any]] = []

    @property
    def instance(self) -> Any:
        """The clone in which components are constructed one after the other."""
        if self._instance is None:
            self._instance = self._model.clone()
            self._waiting = list(_declarations(self._instance, self._data))
        return self._instance

    def component(self, name: str) -> Any:
        """Return one component, constructed, with the sets and parameters declared before it."""
        found = self._named(name)
        plain = found is not None and found.ctype in _DATA
        kinds = _DATA if plain else _DATA | {pyo.Var, pyo.Expression}
        self._construct(
            lambda component: (
                component.ctype in kinds or component is found or (not plain and _indexed_block(component))
            ),
            found,
        )
        return self._named(name) if found is None else found  # not yet there: in a block indexed by a set

    def _named(self, name: str) -> Any:
        return next((found for found in self.instance.component_objects() if found.name == name), None)

    def anonymous_set(self, owner: str, position: int) -> Any:
        """Return a set without a name of its own, by the component that is indexed by it."""
        return list(self.component(owner)._anonymous_sets)[position]

    def complete(self) -> Any:
        """Return the whole model, constructed."""
        instance = self.instance
        self._construct(lambda component: True, None)
        instance._constructed = True
        instance.__class__ = pyo.ConcreteModel
        return instance

    def _construct(self, wanted: Any, last: Any) -> None:
        waiting: list[tuple[Any, Any]] = []
        todo = iter(self._waiting)
        for component, data in todo:
            if not wanted(component):
                waiting.append((component, data))
                continue
            _construct_one(component, data)
            if component is last:
                waiting.extend(todo)
        self._waiting = waiting


def _construct_one(component: Any, data: Any) -> None:
    if component.ctype is pyo.Constraint and component._rule is not None:
        component._rule = TolerantRule(component._rule)
    if _indexed_block(component):
        component.construct()
    elif component.ctype is pyo.Block:
        component._constructed = True
    elif data is None:
        component.construct()
    elif component.ctype is pyo.Param:
        if component._anonymous_sets is not None:
            for anonymous in component._anonymous_sets:
                anonymous.construct()
        component.construct(_values(component, data))
    elif component.is_indexed():
        component.construct(_members(component, data))
    else:
        component.construct({None: _entries(data)})


def _indexed_block(component: Any) -> bool:
    return component.ctype is pyo.Block and component.is_indexed()


def _declarations(block: Any, data: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Yield components with their data in the order of declaration, sub-blocks in place, a block after its own."""
    components = block.component_map()
    for name in data:
        if name not in components:
            raise CompilationError(f"data is given for {name}, which the model does not have")
    for name, component in list(components.items()):
        if component.ctype is pyo.Block and not component.is_indexed():
            if component._rule is not None:
                component._rule(component, None)
                component._rule = None
            yield from _declarations(component, data.get(name) or {})
            yield component, None
        else:
            yield component, data.get(name)


def _entries(value: Any) -> list[Any]:
    if isinstance(value, pd.DataFrame):
        value = pd.MultiIndex.from_frame(value) if value.shape[1] > 1 else value.iloc[:, 0]
    return list(value.tolist() if hasattr(value, "tolist") else value)


def _members(component: Any, value: Any) -> dict[Any, list[Any]]:
    if isinstance(value, Mapping):
        return {index: list(members) for index, members in value.items()}
    width = component.dim()
    members: dict[Any, list[Any]] = {}
    for row in _entries(value):
        index, member = row[:width], row[width:]
        members.setdefault(index if width > 1 else index[0], []).append(member if len(member) > 1 else member[0])
    return members


def _values(component: Any, value: Any) -> dict[Any, Any]:
    if not component.is_indexed():
        return {None: value}
    if isinstance(value, pd.Series):
        return dict(zip(value.index.tolist(), value.tolist(), strict=True))
    if isinstance(value, np.ndarray):
        return dict(zip(component.index_set(), value.ravel().tolist(), strict=True))
    if isinstance(value, Mapping):
        return dict(value)
    return dict.fromkeys(component.index_set(), value)
