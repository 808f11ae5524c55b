"""What the solver chose stands in the plan, short, and is the same every time."""

from coordination.planning import plan
from coordination.planning.choices import chosen

from .small import street


def test_rounds_are_taken_together():
    """One sentence a stage; solves that tried the same are counted, residuals left out."""
    solved = [
        ("pricing, round 1", ["ipx: large", "residuals primal 1e-9"]),
        ("pricing, round 2", ["simplex: from the last basis", "residuals primal 1e-9"]),
        ("pricing, round 3", ["simplex: from the last basis"]),
        ("roles", ["mip: whole numbers"]),
    ]
    said = "ipx: large. simplex: from the last basis (and 1 more like it)"
    assert chosen(solved) == {"pricing": said, "roles": "mip: whole numbers"}


def test_a_plan_says_what_was_chosen(tmp_path):
    """plan.json and the report carry it; a plan made again carries the same."""
    first, again = plan(street()), plan(street())
    assert first.solver == again.solver
    assert first.solver["roles fixed"].startswith("simplex: flow program of 13 columns")
    first.save(tmp_path / "plan")
    assert '"solver"' in (tmp_path / "plan" / "plan.json").read_text(encoding="utf-8")
    assert "flow program of 13 columns" in (tmp_path / "plan" / "report.html").read_text(encoding="utf-8")
