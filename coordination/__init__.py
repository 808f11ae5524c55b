"""Coordination: joint emergency planning of supply and responsibility for a mega city.

>>> import coordination as co                                # doctest: +SKIP
>>> instance = co.load("instances/neighbourhood")            # doctest: +SKIP
>>> plan = co.plan(instance)                                 # doctest: +SKIP
>>> plan.save("out/"); co.verify(plan).ok                    # doctest: +SKIP
True

Names are imported when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coordination import twostage as twostage
    from coordination.aggregation import aggregate as aggregate
    from coordination.comparison import Comparison as Comparison
    from coordination.comparison import compare as compare
    from coordination.cycle import Cycle as Cycle
    from coordination.cycle import adapt as adapt
    from coordination.cycle import run_cycle as run_cycle
    from coordination.errors import CoordinationError as CoordinationError
    from coordination.errors import InstanceError as InstanceError
    from coordination.errors import PlanError as PlanError
    from coordination.errors import SolverError as SolverError
    from coordination.errors import UsageError as UsageError
    from coordination.errors import WriteError as WriteError
    from coordination.explanation import Explanation as Explanation
    from coordination.explanation import drop_parties as drop_parties
    from coordination.explanation import explain as explain
    from coordination.explanation import load_shares as load_shares
    from coordination.generation import generate as generate
    from coordination.instance import Instance as Instance
    from coordination.instance import load as load
    from coordination.network import Network as Network
    from coordination.planning import dispatch as dispatch
    from coordination.planning import plan as plan
    from coordination.plans import Plan as Plan
    from coordination.plans import Preparation as Preparation
    from coordination.preparation import prepare as prepare
    from coordination.replanning import replan as replan
    from coordination.resilience import Resilience as Resilience
    from coordination.resilience import measure_resilience as measure_resilience
    from coordination.sensing import Sensing as Sensing
    from coordination.sensing import sense as sense
    from coordination.settlement import settle as settle
    from coordination.status import Status as Status
    from coordination.verification import Verdict as Verdict
    from coordination.verification import verify as verify

_HOME = {
    "Comparison": "comparison",
    "CoordinationError": "errors",
    "Cycle": "cycle",
    "Explanation": "explanation",
    "Instance": "instance",
    "InstanceError": "errors",
    "Network": "network",
    "Plan": "plans",
    "PlanError": "errors",
    "Preparation": "plans",
    "Resilience": "resilience",
    "Sensing": "sensing",
    "SolverError": "errors",
    "Status": "status",
    "UsageError": "errors",
    "Verdict": "verification",
    "WriteError": "errors",
    "adapt": "cycle",
    "aggregate": "aggregation",
    "compare": "comparison",
    "dispatch": "planning",
    "drop_parties": "explanation",
    "explain": "explanation",
    "generate": "generation",
    "load": "instance",
    "load_shares": "explanation",
    "measure_resilience": "resilience",
    "plan": "planning",
    "prepare": "preparation",
    "replan": "replanning",
    "run_cycle": "cycle",
    "sense": "sensing",
    "settle": "settlement",
    "twostage": "twostage",
    "verify": "verification",
}

__all__ = [
    "Comparison",
    "CoordinationError",
    "Cycle",
    "Explanation",
    "Instance",
    "InstanceError",
    "Network",
    "Plan",
    "PlanError",
    "Preparation",
    "Resilience",
    "Sensing",
    "SolverError",
    "Status",
    "UsageError",
    "Verdict",
    "WriteError",
    "adapt",
    "aggregate",
    "compare",
    "dispatch",
    "drop_parties",
    "explain",
    "generate",
    "load",
    "load_shares",
    "measure_resilience",
    "plan",
    "prepare",
    "replan",
    "run_cycle",
    "sense",
    "settle",
    "twostage",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import a public name from where it lives."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f"{__name__}.{_HOME[name]}")
    value = home if name == _HOME[name] else getattr(home, name)  # a room that is used whole, such as twostage
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
