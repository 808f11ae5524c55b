"""Each concept alone as an LP file with symbolic labels, and the complete formulations.

A concept's file shows what its ``add_*`` function declares on the small town, nothing else: what it stands on is
declared too, for its variables, but its rows are left out; the objective is the sum of the concept's own terms.
"""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyomo.environ as pyo

from coordination.compilation import construct

from .town import RULES, town

HERE = Path(__file__).parent / "golden"
MODELS = Path(__file__).parents[2] / "models" / "coordination_models"
FILES = sorted(path.stem for path in MODELS.glob("*.py") if path.stem != "__init__")

CONVERTED = ("facilities", "modules", "visits")
"""What facilities add their capacity with."""

STANDS_ON = {
    "shipments": (),
    "inventory": ("shipments",),
    "facilities": (),
    "modules": ("facilities",),
    "floors": ("facilities",),
    "visits": ("facilities", "modules"),
    "service": ("shipments", "inventory", *CONVERTED),
    "deprivation": ("shipments", "inventory", *CONVERTED, "service"),
    "lapsed": ("shipments", "inventory", *CONVERTED, "service"),
    "overflow": ("shipments", "inventory", *CONVERTED),
    "fleets": ("shipments",),
    "roads": ("shipments",),
    "worst_off": ("shipments", "inventory", *CONVERTED),
    "accountability": (),
    "doers": ("accountability",),
    "backups": ("accountability", "doers"),
    "kinds": ("accountability", "doers", "backups"),
    "redundancy": ("accountability", "doers", "backups"),
    "hours": ("accountability", "doers", "backups"),
    "dependencies": ("accountability", "doers"),
    "diversity": ("accountability", "doers", "backups"),
    "conflicts": ("accountability", "doers"),
    "consulted": ("accountability", "doers", "backups"),
    "mandates": ("accountability", "doers", "backups", "consulted"),
    "continuity": ("accountability", "doers"),
    "escalation": ("accountability", "doers"),
    "handout": ("shipments", "inventory", *CONVERTED, "accountability", "doers"),
    "handout_capacity": ("shipments", "inventory"),
    "held_handout": ("accountability", "doers"),
    "supply_cost": ("supply",),
    "levels_cost": ("accountability",),
    "responsibility_cost": ("responsibility", "held_handout"),
    "changes": ("shipments", "accountability", "doers"),
    "social_cost": ("supply", "responsibility", "changes"),
    "rotation": (),
    "preparation": ("rotation",),
    "replacement": ("rotation", "preparation"),
    "assurance": (),
    "losses": (),
    "mutual_aid": ("shipments",),
    "agreed_work": ("shipments", "mutual_aid"),
    "clearing": CONVERTED,
    "recovery": (
        "shipments", "inventory", *CONVERTED, "overflow", "fleets", "roads", "accountability", "doers", "backups",
        "hours",
    ),
    "crews": (),
    "restoration": ("crews",),
    "recovery_cost": ("supply", "responsibility", "changes", "recovery"),
    "modes": (
        "shipments", "inventory", *CONVERTED, "floors", "accountability", "doers", "backups", "hours", "handout",
    ),
    "switching_cost": ("supply", "responsibility", "handout", "changes", "modes"),
}  # fmt: skip
"""What must be declared before each concept."""


def declaring() -> dict[str, Callable[[Any], None]]:
    """Return every function that declares a concept, by name without ``add_``."""
    found = {}
    for file in FILES:
        module = importlib.import_module(f"coordination_models.{file}")
        found |= {
            name.removeprefix("add_"): value
            for name, value in vars(module).items()
            if name.startswith("add_") and value.__module__ == module.__name__
        }
    return found


def file_of(name: str) -> str:
    """Return the name of the file that declares a concept."""
    return declaring()[name].__module__.rsplit(".", 1)[1]


def complete() -> dict[str, Callable[[], pyo.AbstractModel]]:
    """Return the complete formulations by name."""
    module = importlib.import_module("coordination_models.response")
    return {name.removesuffix("_model"): value for name, value in vars(module).items() if name.endswith("_model")}


def concepts() -> list[str]:
    """Return the names of all concepts (the lists of concepts in ``response`` aside)."""
    return [name for name in declaring() if file_of(name) != "response"]


def alone(name: str) -> pyo.ConcreteModel:
    """Return the model of one concept on the town."""
    functions, model = declaring(), pyo.AbstractModel(name=name)
    for below in STANDS_ON[name]:
        functions[below](model)
    before = {component.local_name for component in model.component_objects()}
    functions[name](model)
    concrete = construct(model, town(model, rules=list(RULES)))
    own = [component for component in concrete.component_objects() if component.local_name not in before]
    for row in concrete.component_objects(pyo.Constraint):
        if row.local_name in before:
            row.deactivate()
    if not any(component.ctype is pyo.Objective for component in own):
        terms = [component.expr for component in own if component.ctype is pyo.Expression]
        concrete.add_component("terms_of_the_concept", pyo.Objective(expr=sum(terms, start=0.0)))
    return concrete


def whole(name: str) -> pyo.ConcreteModel:
    """Return a complete formulation on the town."""
    model = complete()[name]()
    return construct(model, town(model))


def golden_names() -> list[str]:
    """Return the names of all golden files: concepts, then complete formulations with ``_model``."""
    return [*concepts(), *(f"{name}_model" for name in complete())]


def written(name: str, path: Path) -> str:
    """Write a model as LP, and return it without comments (they name Pyomo's version)."""
    concrete = whole(name.removesuffix("_model")) if name.endswith("_model") else alone(name)
    concrete.write(str(path), io_options={"symbolic_solver_labels": True})
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line.rstrip() for line in lines if not line.startswith("\\*")).strip() + "\n"
