"""Findings: what is worth knowing and no error."""

import pytest

from coordination.instance import load
from coordination.instance.findings import first_period_cost
from tests.instance.conftest import append, edit
from tests.support.tiny import GROUND, tiny


def kinds_of(folder):
    """Return the findings that are not about defaults."""
    return [(finding.kind, finding.subject) for finding in load(folder).findings if finding.kind != "defaults"]


def test_template_has_no_findings_but_defaults(folder):
    """A good instance has nothing to say but which defaults acted."""
    assert kinds_of(folder) == []


def test_defaults_that_acted_are_counted(folder):
    """Each table says which columns had empty cells that took a value, and how many."""
    edit(folder, "needs", 2, group="")
    found = {finding.subject: finding.message for finding in load(folder).findings}
    assert "group general (1 of 20 rows)" in found["needs"]
    assert "gap_cost policy.gap_cost, 0 for domain supply (all rows)" in found["tasks"]
    assert "places" not in found
    assert "level_cost 10; " in found["policy"]
    assert "gap_cost" not in found["policy"]
    assert "instance" not in found


def test_deprivation_below_the_overflow_price(folder):
    """A commodity that is cheaper to withhold than to store is named; the lightest group counts."""
    edit(folder, "commodities", 3, cost_without="0.005")
    assert kinds_of(folder) == [("deprivation", "commodity 'meals'")]
    edit(folder, "commodities", 3, cost_without="0.006")
    assert kinds_of(folder) == []


def test_first_period_cost_follows_the_curve(folder):
    """C(1) interpolates between breakpoints, and goes on with the last slope beyond them."""
    assert first_period_cost(load(folder).tables).to_dict() == {"water": 4, "meals": 15}
    for line in ("meals,0.5,1", "meals,0.75,2"):
        append(folder, "deprivation", line)
    edit(folder, "deprivation", 2, periods_without="2", cost_per_unit="5")
    edit(folder, "deprivation", 3, periods_without="3")
    assert first_period_cost(load(folder).tables).to_dict() == {"water": 2.5, "meals": 3}


@pytest.mark.parametrize(("periods", "found"), [("4", 0), ("5", 0), ("5.5", 1), ("6", 1)])
def test_breakpoints_out_of_reach(folder, periods, found):
    """Need of the first period waits four periods, a backlog of age one five: what lies beyond is never reached."""
    edit(folder, "deprivation", 4, periods_without=periods, cost_per_unit="100")
    assert kinds_of(folder) == [("deprivation", "commodity 'water'")] * found


def test_breakpoint_beyond_the_horizon_without_backlog(folder):
    """Without a backlog the horizon is the longest time without."""
    (folder / "backlogs.csv").unlink()
    edit(folder, "deprivation", 4, periods_without="4.5", cost_per_unit="100")
    assert "4.5 periods without" in next(f for f in load(folder).findings if f.kind == "deprivation").message


def test_effort_of_a_party_that_cannot_do_the_task(folder):
    """Neither without the skill nor with a jurisdiction beside the task's zone."""
    append(folder, "efforts", "hand-out,core,1,1")
    assert kinds_of(folder) == [("effort", "effort of 'core' for task 'hand-out'")]
    append(folder, "skills", "core,hand-out,1,1,1")
    assert kinds_of(folder) == []
    edit(folder, "tasks", 2, zone="south")
    assert kinds_of(folder) == [("effort", "effort of 'committee-north' for task 'hand-out'")]


def test_benefit_above_the_gap_cost(folder):
    """A benefit above the gap cost of a task that the party can do is named, others are not."""
    edit(folder, "interests", 2, benefit="201")
    assert kinds_of(folder) == [("interest", "interest of 'committee-north' in safety")]
    edit(folder, "interests", 2, benefit="200")
    assert kinds_of(folder) == []
    append(folder, "interests", "volunteers,safety,999")
    assert kinds_of(folder) == []
    append(folder, "interests", "volunteers,supply,0.5")
    assert kinds_of(folder) == [("interest", "interest of 'volunteers' in supply")]


def test_skill_that_nobody_has(folder):
    """A skill that no party has is named with a task that asks for it."""
    edit(folder, "tasks", 3, skill="patrool")
    assert kinds_of(folder) == [("skill", "skill 'patrool'")]


def test_probabilities_that_do_not_add_up(folder):
    """Probabilities of scenarios should add up to one."""
    edit(folder, "scenarios", 2, probability="0.6")
    assert kinds_of(folder) == [("scenario", "scenarios")]


def test_waiting_for_nothing(folder):
    """A task that is over when what it waits for begins to come before anything is named."""
    edit(folder, "tasks", 2, start="0", end="1")
    edit(folder, "tasks", 4, start="1")
    assert kinds_of(folder) == [("depends", "task 'hand-out' that waits for 'inspect'")]


def test_damage_that_nobody_can_repair(folder):
    """It lasts, which is worth knowing before it is planned."""
    (folder / "damage.csv").write_text("place,repair_hours,skill\nsouth,4,masonry\n", encoding="utf-8")
    assert any("no party has it: damage that it repairs lasts (south)" in str(one) for one in load(folder).findings)


def test_tasks_and_kinds_of_nobody():
    """Who has the skill works elsewhere; the kind that must take part lacks the skill, or works elsewhere."""
    parties = [
        *GROUND["parties"],
        {"party": "help", "kind": "volunteers", "zone": "east", "superior": "core"},
        {"party": "guards", "kind": "property_company", "zone": "west", "superior": "core"},
        {"party": "clinic", "kind": "hospital", "zone": "city", "superior": "core"},
    ]
    skills = [{"party": party, "skill": "care", "hours": 4} for party in ("help", "guards")]
    skills.append({"party": "clinic", "skill": "cure", "hours": 4})
    task = {"domain": "safety", "skill": "care", "hours": 1}
    wanted = "volunteers;property_company;hospital"

    def found(*tasks):
        made = tiny({}, 2, parties=parties, skills=skills, tasks=[{**task, **row} for row in tasks])
        return {
            (finding.kind, finding.subject): finding.message
            for finding in made.findings if finding.kind in ("skill", "kind")
        }  # fmt: skip

    assert found({"task": "a", "zone": "city", "kinds": "volunteers;property_company"}) == {}
    east = found({"task": "a", "zone": "east", "kinds": wanted}, {"task": "b", "zone": "west", "skill": "cure"})
    assert set(east) == {("kind", "kind 'property_company'"), ("kind", "kind 'hospital'")}
    assert "1 task(s), such as 'a'" in east["kind", "kind 'hospital'"]
    alone = [row for row in skills if row["party"] != "guards"]
    lost = tiny({}, 2, parties=parties, skills=alone, tasks=[{**task, "task": "a", "zone": "west"}])
    assert [finding.message for finding in lost.findings if finding.kind == "skill"] == [
        "no party that has it has a jurisdiction around or within the zones of 1 task(s), such as 'a'."
    ]
