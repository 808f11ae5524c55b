"""Components that a rule can be called with although nothing was constructed.

Pyomo turns an abstract component into a concrete one by changing its class; so do we, to classes that know their
size and dimension and answer every index with a symbolic expression instead of an object.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache
from typing import Any

from pyomo.core.base.block import IndexedBlock
from pyomo.core.base.expression import IndexedExpression
from pyomo.core.base.indexed_component import normalize_index
from pyomo.core.base.param import IndexedParam
from pyomo.core.base.set import IndexedSet
from pyomo.core.base.var import IndexedVar
from pyomo.core.expr.template_expr import GetItemExpression, NPV_Structural_GetItemExpression

from coordination.compilation.errors import NotTemplatizableError

symbolic: ContextVar[bool] = ContextVar("symbolic", default=False)
"""Whether a rule is being called with symbols, Pyomo having replaced the iteration over sets."""


class _Symbolic:
    """Indexing, and iteration over all indices, without any stored entry."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        return GetItemExpression((self, *_flat(index)))

    def __len__(self) -> int:
        return int(self._size)  # type: ignore[attr-defined]  # set when the component is hollowed out

    def __iter__(self) -> Iterator[Any]:
        return self.keys()

    def __contains__(self, index: Any) -> bool:
        raise NotTemplatizableError(f"the rule asks whether an index is in {self.name}")  # type: ignore[attr-defined]

    def keys(self, *_: Any, **__: Any) -> Iterator[Any]:
        return iter(self._index_set)  # type: ignore[attr-defined]  # of every IndexedComponent

    def values(self, *_: Any, **__: Any) -> Iterator[Any]:
        return map(self.__getitem__, self.keys())

    def items(self, *_: Any, **__: Any) -> Iterator[Any]:
        return ((index, self[index]) for index in self.keys())


@cache
def hollow_class(base: type, behaviour: type) -> type:
    """Return one of Pyomo's classes with the methods of `behaviour` put over its own.

    Python changes the class of an object only to one derived from its class alone: a mixin would not do.
    """
    methods = {name: member for name, member in vars(behaviour).items() if name not in _NOT_METHODS}
    return type(f"Hollow{base.__name__}", (base,), {**methods, "__slots__": ()})


_NOT_METHODS = {"__dict__", "__weakref__", "__module__", "__qualname__", "__slots__"}

HollowVar: Any = hollow_class(IndexedVar, _Symbolic)
"""An indexed variable without variables."""

HollowParam: Any = hollow_class(IndexedParam, _Symbolic)
"""An indexed parameter without values."""

HollowExpression: Any = hollow_class(IndexedExpression, _Symbolic)
"""An indexed named expression without expressions."""


class HollowIndexedSet(IndexedSet):  # type: ignore[misc]  # Pyomo has no types
    """An indexed set without sets; an entry of it can be iterated over in a sum."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        return MemberSet((self, *_flat(index)))


class HollowIndexedBlock(IndexedBlock):  # type: ignore[misc]  # Pyomo has no types
    """A block indexed by a set, its blocks declared but not constructed; only a real index finds one."""

    def __getitem__(self, index: Any) -> Any:
        try:
            return self._data[normalize_index(index)]
        except (KeyError, TypeError):
            raise NotTemplatizableError(f"the rule looks for one of the blocks {self.name} by a symbol") from None


class MemberSet(NPV_Structural_GetItemExpression):  # type: ignore[misc]  # Pyomo has no types
    """One entry of an indexed set, by symbols."""

    __slots__ = ()

    @property
    def dimen(self) -> int:
        """Number of index values of a member."""
        return int(self.arg(0)._dimen_of_members)

    def _resolve_template(self, _: Any) -> MemberSet:
        """Answer Pyomo's question for the dimension without looking at any entry."""
        return self

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


class _HollowSet:
    """A set that knows its dimension and size; Pyomo replaces iteration over it by symbols."""

    __slots__ = ()

    @property
    def dimen(self) -> int:
        return int(self._hollow_dimen)  # type: ignore[attr-defined]  # set when the set is hollowed out

    def __len__(self) -> int:
        return int(self._size)  # type: ignore[attr-defined]  # set when the set is hollowed out

    def _iter_impl(self) -> Iterator[Any]:
        """Yield any one entry: Pyomo wants one to find out the dimension of something indexed by it."""
        if not symbolic.get():  # whoever loops now, wants entries
            self._refuse()
        yield 0 if self.dimen == 1 else (0,) * self.dimen

    def isfinite(self) -> bool:
        return True

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise NotTemplatizableError(f"the rule looks into the set {self.name}")  # type: ignore[attr-defined]

    __contains__ = __getitem__ = get = first = last = at = ord = next = prev = nextw = prevw = _refuse
    bounds = ranges = sorted_iter = ordered_iter = __reversed__ = __eq__ = __le__ = __lt__ = issubset = _refuse
    __hash__ = object.__hash__


def hollow_set_class(base: type) -> type:
    """Return the hollow class of one of Pyomo's scalar set classes."""
    return hollow_class(base, _HollowSet)


def _flat(index: Any) -> tuple[Any, ...]:
    index = normalize_index(index)
    flat = index if isinstance(index, tuple) else (index,)
    if any(value is Ellipsis or isinstance(value, slice) for value in flat):
        raise NotTemplatizableError("the rule takes a slice of a component")
    return flat
