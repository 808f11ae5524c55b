"""One symbolic call per rule, through Pyomo's own `templatize_rule`."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pyomo.core.expr.template_expr import IndexTemplate, templatize_rule

from coordination.compilation.errors import CompilationError, NotTemplatizableError
from coordination.compilation.hollow import symbolic


@dataclass(frozen=True)
class Template:
    """What a rule returned for symbolic indices.

    Attributes
    ----------
    expression : object
        Pyomo expression, number, or whatever the rule returns.
    symbols : tuple
        The `IndexTemplate` of each index value.
    """

    expression: Any
    symbols: tuple[Any, ...]


def rule_template(component: Any, rule: Any) -> Template:
    """Call a component's rule once with symbols for its indices.

    Raises
    ------
    NotTemplatizableError
        If the rule needs real indices (it branches on them, loops over a set, and so on).
    """
    if rule is None:
        raise NotTemplatizableError("there is no rule")
    if rule.contains_indices():
        raise NotTemplatizableError("the expressions are given by index, not by a rule")
    index_set = component.index_set() if component.is_indexed() else None
    try:
        with _symbols_only():
            expression, symbols = templatize_rule(component.parent_block(), rule, index_set)
    except (CompilationError, NotTemplatizableError):
        raise
    except Exception as error:
        raise NotTemplatizableError(f"{type(error).__name__}: {error}") from error
    return Template(expression, symbols)


_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def _symbols_only() -> Iterator[None]:
    """Keep Pyomo's symbolic calls apart and honest while a rule runs.

    Pyomo replaces `sum` and the iteration over sets for all threads meanwhile. A symbol compared with a text, or
    formatted into one, would say something untrue without an error: here it is one.
    """
    logger = logging.getLogger("pyomo.core.expr.template_expr")
    with _ONE_AT_A_TIME:
        silent, logger.disabled = logger.disabled, True
        for name in _UNTRUE:
            setattr(IndexTemplate, name, _refuse)
        before = symbolic.set(True)
        try:
            yield
        finally:
            symbolic.reset(before)
            for name in _UNTRUE:
                delattr(IndexTemplate, name)
            logger.disabled = silent


_UNTRUE = ("__eq__", "__ne__", "__format__")


def _refuse(symbol: Any, *_: Any) -> Any:
    raise NotTemplatizableError(f"the rule compares or formats the index {symbol!s}")
