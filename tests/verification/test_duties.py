"""Each rule on roles, broken once in a plan that keeps them all, is named with task and party."""

import pytest

from coordination.verification import verify
from tests.verification import town
from tests.verification.town_of_duties import BROKEN, DUTIES, ROWS, instance, plan, responsibilities


def broken(rule, decided):
    """Return the messages of one rule's violations in a plan that does not hold."""
    verdict = verify(decided)
    assert not verdict.ok
    return [violation.message for violation in verdict.violations if violation.rule == rule]


def edited(task, party, role, /, **cells):
    """Return the rows of roles with cells of one row changed."""
    rows = responsibilities()
    hit = (rows["task"] == task) & (rows["party"] == party) & (rows["role"] == role)
    assert hit.any()
    for column, value in cells.items():
        rows.loc[hit, column] = value
    return rows.sort_values(["task", "party", "role", "start"], ignore_index=True)


def test_town_of_duties_holds():
    """The plan with the rows that the rules ask for holds, and every rule compared something."""
    verdict = verify(plan())
    assert verdict.ok, str(verdict)
    assert all(verdict.checked[rule] > 0 for rule in BROKEN)


ROLES = [
    ("mandates", ("handout", "committee", "accountable", {"party": "core"}), "row 2 says must, but none such"),
    (
        "mandates",
        ("handout", "volunteers", "backup", {"party": "core"}),
        "core is backup, but mandates say may of others",
    ),
    (
        "mandates",
        ("handout", "committee", "responsible", {"party": "core"}),
        "core is responsible, but mandates, row 4",
    ),
    (
        "conflicts",
        ("patrol", "volunteers", "responsible", {"party": "committee"}),
        "patrol must stay apart, but committee",
    ),
    ("conflicts", ("patrol", "core", "accountable", {"party": "committee"}), "patrol must stay apart, but committee"),
    (
        "dependencies",
        ("handout", "committee", "responsible", {"hours": 0.9}),
        "worked in period 1, but of handout only 0.9",
    ),
    (
        "diversity",
        ("handout", "volunteers", "backup", {"party": "committee"}),
        "a doer is of its kind residents_committee",
    ),
    (
        "consulted",
        ("handout", "volunteers", "informed", {"role": "consulted"}),
        "handout: 2 consulted parties, at most 1",
    ),
    (
        "consulted",
        ("handout", "core", "consulted", {"party": "volunteers"}),
        "volunteers is consulted, but holds another",
    ),
    ("informed", ("handout", "core", "informed", {"party": "committee"}), "core is not informed, but is above"),
    ("informed", ("handout", "core", "informed", {"party": "committee"}), "committee is informed, but has no reason"),
    ("informed", ("handout", "volunteers", "informed", {"task": "patrol"}), "volunteers is not informed, but is above"),
]


@pytest.mark.parametrize(("rule", "change", "message"), ROLES)
def test_broken_rule_is_named(rule, change, message):
    """One role changed breaks the rule, and the message says where."""
    task, party, role, cells = change
    found = broken(rule, plan(edited(task, party, role, **cells)))
    assert any(message in text for text in found), found


def test_every_rule_on_roles_is_broken_here():
    """None of them is without a case."""
    assert {case[0] for case in ROLES} == set(BROKEN)


def test_blank_share_is_the_whole():
    """Without `depends_share` all earlier hours must be covered: the patrol of period 1 comes too early."""
    header = instance().given_header()["policy"]
    decided = town.plan(
        {"responsibilities": responsibilities()}, instance().replace(policy=header | {"depends_share": 1})
    )
    assert any("worked in period 1, but of handout only 1" in text for text in broken("dependencies", decided))


def test_chain_reaches_superiors():
    """With chain the core, above the committee, may not answer for the patrol."""
    chained = [DUTIES["conflicts"][0] | {"chain": True}]
    assert any("committee, core" in text for text in broken("conflicts", plan(conflicts=chained)))


def test_turned_conflicts_are_the_same():
    """Which of two tasks stands first does not matter."""
    turned = [{"task": "patrol", "other": "handout"}]
    assert verify(plan(conflicts=turned)).ok
    rows = edited("patrol", "volunteers", "responsible", party="committee")
    assert broken("conflicts", plan(rows, conflicts=turned))


def test_who_need_not_be_informed():
    """Without waiting the volunteers of the patrol need not know of the hand-out, and must not be listed."""
    rows = responsibilities([row for row in ROWS if row[1:3] != ("volunteers", "informed")])
    assert verify(plan(rows, depends=[])).ok
    assert any("no reason to be" in text for text in broken("informed", plan(depends=[])))


def test_a_stake_comes_from_places_and_needs_too():
    """Who owns a place in the zone, or speaks for a need there, may be consulted; who has none of it may not."""
    parties = [*town.TABLES["parties"], {"party": "shop", "kind": "enterprise", "zone": "southern", "superior": "core"}]
    rows = edited("handout", "core", "consulted", party="shop")
    assert any(
        "neither a stake in the zone nor the skill" in text for text in broken("consulted", plan(rows, parties=parties))
    )
    places = [place | ({"owner": "shop"} if place["place"] == "north" else {}) for place in town.TABLES["places"]]
    assert verify(plan(rows, parties=parties, places=places)).ok
    needs = [need | ({"party": "shop"} if need["place"] == "north" else {}) for need in town.TABLES["needs"]]
    assert verify(plan(rows, parties=parties, needs=needs)).ok
