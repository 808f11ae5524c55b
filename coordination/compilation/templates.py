"""One symbolic call per rule, through Pyomo's own `templatize_rule`."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from pyomo.core.expr.template_expr import templatize_rule

from coordination.compilation.errors import CompilationError, NotTemplatizableError


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
    logger = logging.getLogger("pyomo.core.expr.template_expr")
    silent, logger.disabled = logger.disabled, True
    try:
        expression, symbols = templatize_rule(component.parent_block(), rule, index_set)
    except CompilationError:
        raise
    except Exception as error:
        raise NotTemplatizableError(f"{type(error).__name__}: {error}") from error
    finally:
        logger.disabled = silent
    return Template(expression, symbols)
