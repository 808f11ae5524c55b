"""Formulations declared once and compiled many times."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def declared(formulation: Callable[[], Any]) -> Any:
    """Return what a function without arguments declares, declared once in this process.

    Parameters
    ----------
    formulation : callable
        Returns a `pyomo.environ.AbstractModel` without data.

    Returns
    -------
    pyomo.environ.AbstractModel
        The same object each time: `compile_model` works on a copy of it, and so must everybody else.
    """
    return formulation()
