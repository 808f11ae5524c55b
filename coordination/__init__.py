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
    from coordination.errors import CoordinationError as CoordinationError
    from coordination.errors import InstanceError as InstanceError
    from coordination.errors import PlanError as PlanError
    from coordination.errors import SolverError as SolverError
    from coordination.errors import UsageError as UsageError
    from coordination.errors import WriteError as WriteError
    from coordination.explanation import Explanation as Explanation
    from coordination.explanation import explain as explain
    from coordination.generation import generate as generate
    from coordination.instance import Instance as Instance
    from coordination.instance import load as load
    from coordination.network import Network as Network
    from coordination.planning import dispatch as dispatch
    from coordination.planning import plan as plan
    from coordination.plans import Plan as Plan
    from coordination.settlement import settle as settle
    from coordination.status import Status as Status
    from coordination.verification import Verdict as Verdict
    from coordination.verification import verify as verify

_HOME = {
    "CoordinationError": "errors",
    "Explanation": "explanation",
    "Instance": "instance",
    "InstanceError": "errors",
    "Network": "network",
    "Plan": "plans",
    "PlanError": "errors",
    "SolverError": "errors",
    "Status": "status",
    "UsageError": "errors",
    "Verdict": "verification",
    "WriteError": "errors",
    "dispatch": "planning",
    "explain": "explanation",
    "generate": "generation",
    "load": "instance",
    "plan": "planning",
    "settle": "settlement",
    "verify": "verification",
}

__all__ = [
    "CoordinationError",
    "Explanation",
    "Instance",
    "InstanceError",
    "Network",
    "Plan",
    "PlanError",
    "SolverError",
    "Status",
    "UsageError",
    "Verdict",
    "WriteError",
    "dispatch",
    "explain",
    "generate",
    "load",
    "plan",
    "settle",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import a public name from where it lives."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
