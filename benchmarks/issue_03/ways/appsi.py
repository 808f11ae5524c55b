"""Pyomo index by index, its appsi interface to HiGHS."""

from collections.abc import Mapping
from typing import Any

from pyomo.contrib.appsi.solvers import Highs

from benchmarks.issue_03.ways import Ready
from benchmarks.issue_03.ways.ours import tables
from coordination.compilation import construct

__all__ = ["build", "tables"]


def build(given: tuple[Any, Mapping[str, Any]]) -> Ready:
    """Return HiGHS with the model."""
    solver = Highs()
    solver.config.stream_solver = False
    concrete = construct(*given)
    solver.set_instance(concrete)
    highs = solver._solver_model

    def back() -> tuple[dict, dict]:
        solver._sol = highs.getSolution()  # as the interface does itself after a run
        solver.load_vars()
        return {name: getattr(concrete, name) for name in ("flow", "stock", "unmet")}, solver.get_duals()

    return Ready(highs, back)
