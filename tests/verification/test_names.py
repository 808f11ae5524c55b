"""The second opinion has a rule for every concept of the formulations, and shares nothing else with them."""

import ast
from pathlib import Path

from coordination.verification import RULES

ROOT = Path(__file__).parents[2]

COMPLETE = {"__init__", "response"}
"""Files of the formulations that put concepts together."""

OTHER_KINDS = {"preparation", "rotation", "assurance", "losses"}
"""Concepts of which a plan holds nothing: they have a kind of folder of their own, and a file that checks it."""

OURS = {
    "batches", "curve", "figures", "held", "inequality", "informed", "ledger", "pins", "prices",
    "reasons", "scenario", "shares", "windows", "worth",
}  # fmt: skip
"""Rules about what a plan writes down, which no formulation has."""

SHARED = (
    "coordination.errors",
    "coordination.instance",
    "coordination.plans",
    "coordination.terms",
    "coordination.verification",
)


def test_a_rule_for_every_concept():
    """The rules are the concepts of the formulations, by the same names, and those about a plan's form."""
    concepts = {file.stem for file in (ROOT / "models" / "coordination_models").glob("*.py")} - COMPLETE
    assert set(RULES) == (concepts - OTHER_KINDS) | OURS
    for rule in {*RULES, *OTHER_KINDS}:
        assert (ROOT / "coordination" / "verification" / f"{rule}.py").is_file()


def test_nothing_shared_but_declarations():
    """Rules import the declarations of tables and terms and the readers; no network, world, planning, formulation."""
    for file in (ROOT / "coordination" / "verification").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            ours = [name for name in names if name.startswith("coordination")]
            assert all(name.startswith(SHARED) for name in ours), (file.name, ours)
