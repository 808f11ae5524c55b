"""The picture of the house, kept true: data flows one way, and so do imports."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "coordination"
MODELS = ROOT / "models" / "coordination_models"

GROUND = {"errors", "terms", "status", "calendar", "replacing", "wording"}
"""What everybody may import."""

MAY_IMPORT = {
    "instance": set(),
    "world": {"instance"},
    "network": {"instance", "world"},
    "compilation": set(),
    "solver": {"compilation"},
    "objectives": {"compilation", "solver"},
    "twostage": {"compilation", "solver"},
    "metrics": {"instance"},
    "aggregation": {"instance", "world"},
    "resilience": {"instance", "world", "metrics"},
    "report": {"instance", "metrics", "resilience"},
    "plans": {"instance", "metrics", "report"},
    "planning": {
        "instance",
        "world",
        "network",
        "compilation",
        "solver",
        "objectives",
        "plans",
        "metrics",
        "resilience",
        "aggregation",
    },
    "preparation": {
        "aggregation",
        "instance",
        "world",
        "compilation",
        "solver",
        "plans",
        "planning",
        "twostage",
        "simulation",
    },
    "generation": {"instance"},
    "verification": {"instance", "plans"},
    "tuning": {"compilation", "generation", "planning", "solver"},
    "explanation": {"instance", "plans", "metrics", "planning", "objectives", "solver"},
    "settlement": {"instance", "plans", "planning", "compilation", "solver", "network"},
    "summary": {"instance", "plans", "metrics", "explanation"},
    "replanning": {"instance", "world", "planning", "plans", "verification"},
    "sensing": {"instance", "world", "plans"},
    "comparison": {
        "instance",
        "plans",
        "planning",
        "preparation",
        "replanning",
        "simulation",
        "cycle",
        "report",
    },
    "cycle": {
        "instance",
        "world",
        "plans",
        "planning",
        "preparation",
        "replanning",
        "resilience",
        "simulation",
    },
    "simulation": {"instance", "world", "network", "planning", "plans", "verification", "replanning"},
    "schema": {"instance", "plans"},
    "cli": None,
}
"""Which rooms each room may enter (itself and the ground always); None: all."""


def room(path: Path) -> str:
    """Return the room that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports when it runs (imports for type checkers do not count)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for statement in node.body
        for inner in ast.walk(statement)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)).replace("/", ".")
)
def test_imports_follow_the_flow(path):
    """A file enters only the rooms that lie before its own in the flow."""
    own = room(path)
    if own == "__init__":
        return
    assert own in MAY_IMPORT or own in GROUND, f"{own} is a new room: say in this test what it may import"
    allowed = MAY_IMPORT.get(own, set())
    if allowed is None:
        return
    entered = {name.split(".")[1] for name in imported(path) if name.startswith("coordination.")}
    strangers = entered - allowed - GROUND - {own}
    assert not strangers, f"{path.relative_to(ROOT)} imports from {sorted(strangers)}"


@pytest.mark.parametrize("path", sorted(MODELS.glob("*.py")), ids=lambda path: path.stem)
def test_formulations_know_nothing_of_the_program(path):
    """Formulations import pyomo and each other, nothing of coordination at run time."""
    strangers = {n for n in imported(path) if n.split(".")[0] not in {"pyomo", "coordination_models"}}
    assert not strangers


def test_only_one_room_speaks_to_the_solver():
    """No file but the solver's imports highspy."""
    speakers = {room(p) for p in PACKAGE.rglob("*.py") if any(n.split(".")[0] == "highspy" for n in imported(p))}
    assert speakers == {"solver"}


def test_verification_speaks_of_every_concept():
    """Each formulation's concept has a file of the same name in verification."""
    concepts = {path.stem for path in MODELS.glob("*.py")} - {"__init__", "response"}
    checks = {path.stem for path in (PACKAGE / "verification").glob("*.py")}
    assert not concepts - checks
