"""Every rule, broken once in the town worked out by hand, is named with place and amount."""

import math

import pandas as pd
import pytest

from coordination.verification import RULES, verify
from tests.verification import town, town_of_duties

NEVER = math.nan


def edited(name, row, **cells):
    """Return the town's tables with cells of one row changed; a row beyond the end is added."""
    columns, rows = town.DECIDED[name]
    records = [dict(zip(columns, cells_of_row, strict=True)) for cells_of_row in rows]
    records += [{}] * (row + 1 - len(records))
    records[row] = records[row] | cells
    return {name: pd.DataFrame(records, columns=columns)}


def without(name, row):
    """Return the town's tables with one row left out."""
    return {name: town.tables()[name].drop(index=row)}


def broken(rule, decided=None, **figures):
    """Return the violations of one rule in an edited plan."""
    verdict = verify(town.plan(decided, **figures))
    assert not verdict.ok
    return [violation for violation in verdict.violations if violation.rule == rule]


def one(rule, decided=None, **figures):
    """Return the only violation of one rule in an edited plan."""
    found = broken(rule, decided, **figures)
    assert len(found) == 1, [str(violation) for violation in found]
    return found[0]


def test_town_holds():
    """A plan worked out by hand from the contract's text holds in every rule and figure."""
    verdict = verify(town.plan())
    assert verdict.ok, str(verdict)
    assert set(verdict.checked) == {"tables", *RULES}
    silent = {rule for rule, compared in verdict.checked.items() if not compared}
    # A plan made by hand gives no reasons, the town's policy bounds no inequality, nothing is pinned: tests/planning
    # breaks these rules; rules that are off: test_duties.
    off = {"reasons", "inequality", "pins", "mandates", "conflicts", "dependencies", "diversity", "informed", "floors"}
    off |= {"ledger", "shares", "continuity", "escalation", "redundancy", "held", "changes"}
    assert silent <= off


CASES = [
    # rule, table, row, cells changed, words of the message, amount (None: not looked at)
    ("shipments", "shipments", 1, {"route": "r5"}, "takes 60 min and 30 km, the shortest 30 min and 15 km", 30),
    ("shipments", "shipments", 1, {"route": "r1;r3"}, "route r1;r3 cannot be driven, it ends at south", 1),
    ("shipments", "shipments", 1, {"route": "r2;r1"}, "road r2 cannot be entered at depot", 1),
    ("shipments", "shipments", 1, {"route": "r1;r1;r1;r2"}, "it passes depot twice", 1),
    ("shipments", "shipments", 1, {"route": "r1;nowhere"}, "there is no road nowhere", 1),
    ("shipments", "shipments", 3, {"arrive": 1}, "arrives in period 1, expected 2", 1),
    ("shipments", "shipments", 1, {"arrive": 1}, "arrives in period 1, expected 0", 1),
    ("shipments", "shipments", 1, {"quantity": 5e-7}, "less than 1e-06 of a unit", None),
    ("batches", "shipments", 0, {"expires": 2000}, "there is no meal that expires 2000", 1),
    ("batches", "inventory", 0, {"expires": NEVER}, "there is no meal that expires never", 1),
    ("fleets", "shipments", 1, {"quantity": 200}, "truck, period 0: trips take 2.466", 2 + 0.4 * 70 / 60 - 2),
    ("roads", "shipments", 2, {"quantity": 41}, "road r3 from cross, period 0: 0.41 tonnes of 0.4", 0.01),
    ("inventory", "inventory", 4, {"quantity": 111}, "depot, water (expires never), period 0: 1 more", 1),
    ("inventory", "inventory", 1, {"quantity": 1}, "1 still lies there at the end of its last usable period", 1),
    ("inventory", "inventory", 0, {"expired": 1}, "1 written as expired, expected in its last usable period", 1),
    ("inventory", "service", 3, {"served": 49}, "north, water, period 0: 49 served, but 50 leaves", 1),
    ("service", "service", 3, {"need": 51}, "north, water for general, period 0: need 51, expected 50", 1),
    ("service", "service", 1, {"backlog": 33}, "north, meal for general, period 1: backlog 33, expected 32", 1),
    ("deprivation", "service", 5, {"backlog": 51}, "term deprivation: 596 in plan.json, the tables make it 598", 2),
    ("lapsed", "service", 1, {"backlog": 30}, "term lapsed: 126 in plan.json, the tables make it 123", 3),
    ("overflow", "inventory", 4, {"quantity": 120}, "term overflow: 2 in plan.json, the tables make it 3", 1),
    ("worst_off", "service", 1, {"served": 29}, "term worst_off: 58 in plan.json, the tables make it 59", 1),
    ("handout", "responsibilities", 1, {"hours": 0.9}, "zone northern, period 0: 0.5 tonnes", 0.05),
    ("windows", "responsibilities", 0, {"end": 1}, "committee as accountable from period 0 to 1", 1),
    ("windows", "responsibilities", 3, {"start": 1}, "volunteers as backup from period 1 to 2", 1),
    ("windows", "responsibilities", 5, {"end": 2}, "outside the window from 0 to 1", 1),
    ("windows", "responsibilities", 2, {"start": 1}, "committee has hours for period 1 in several rows", 1),
    ("windows", "responsibilities", 3, {"hours": 1}, "hours stand with doers, and only with them", 1),
    ("windows", "responsibilities", 1, {"hours": NEVER}, "hours stand with doers, and only with them", 1),
    ("tables", "responsibilities", 3, {"role": "adviser"}, "column role: adviser is unknown", 1),
    ("consulted", "responsibilities", 3, {"role": "consulted"}, "handout: 1 consulted parties, at most 0", 1),
    ("informed", "responsibilities", 3, {"role": "informed"}, "is informed, but has no reason to be", 1),
    ("windows", "responsibilities", 1, {"hours": 0, "end": 0}, "has a row of 0 hours, but 1 periods of the", 1),
    ("accountability", "responsibilities", 4, {"party": "committee"}, "patrol: committee is accountable", 1),
    ("accountability", "responsibilities", 0, {"party": "core"}, "term levels: 20 in plan.json", 50),
    ("doers", "responsibilities", 5, {"party": "committee"}, "committee is a doer, but lacks the skill guard", 1),
    ("doers", "responsibilities", 5, {"hours": 3.5}, "period 0: a gap of 1 hours is written, 0.5 are not", 0.5),
    ("doers", "responsibilities", 5, {"hours": 5}, "period 0: 5 hours covered, the task has 4", 1),
    ("doers", "gaps", 3, {"amount": 1.4}, "handout, period 2: a gap of 1.4 hours is written, 1.5", 0.1),
    ("backups", "responsibilities", 3, {"party": "committee"}, "committee is both a doer and a backup", 1),
    ("backups", "responsibilities", 3, {"party": "core"}, "core is a backup, but lacks the skill carry", 1),
    ("backups", "gaps", 0, {"amount": 2}, "handout: a gap of 2 backups is written, 1 are missing", 1),
    ("kinds", "gaps", 4, {"what": "hospital"}, "kind hospital is written as missing 1 times, expected 0", 1),
    ("kinds", "gaps", 4, {"amount": 2}, "kind social_workers is written as missing 2 times", 1),
    ("hours", "responsibilities", 5, {"hours": 3.1}, "volunteers over all skills, period 0: 3.3 hours", 0.1),
    ("hours", "responsibilities", 1, {"hours": 1.1}, "committee as carry, period 0: 2.2 hours taken", 0.2),
    ("modes", "modes", 4, {"mode": "normal"}, "zone northern, period 1: mode normal, expected emergency", 1),
    ("modes", "modes", 9, {"zone": "southern", "period": 2, "mode": "emergency"}, "2 modes, expected 1", 1),
    ("facilities", "facilities", 0, {"place": "depot", "period": 0, "mode": "x"}, "mode x is none of that place", 1),
    ("prices", "prices", 0, {"period": 2}, "a price of 2, but only 0 of 0.25 is used", 0.25),
    ("prices", "prices", 1, {"period": 2}, "a price of 1, but only 1 of 2 is used", 1),
    ("prices", "prices", 1, {"id": "committee"}, "hours committee, period 0: a price of 1, but only", None),
    ("prices", "prices", 1, {"id": "nobody"}, "there is no such limit", 1),
    ("prices", "prices", 3, {"id": "r3;south"}, "a price of 3, but only 0 of 0.4 is used", 0.4),
    ("prices", "prices", 3, {"limit": "bridge"}, "there is no limit called bridge", 1),
    ("prices", "prices", 5, {"period": 1}, "a price of 10, but only 0.95 of 1 is used", 0.05),
    ("prices", "prices", 5, {"price": 11}, "found 11, but a tonne above storage costs 10", 1),
    ("prices", "prices", 5, {"price": 9}, "found 9, but 0.2 tonnes lie above storage at 10 each", 1),
    ("prices", "prices", 5, {"limit": "fleet", "id": "truck"}, "of 2 is used", None),
    ("worth", "prices", 4, {"id": "depot"}, "depot, period 1: one more unit is said to save 4, but 90 is left", 4),
    ("worth", "prices", 4, {"id": "north", "period": 0}, "save 0 at the origin and 4 at the destination", None),
    ("prices", "prices", 4, {"commodity": None}, "commodity and expires stand with stock", 1),
    ("prices", "prices", 0, {"commodity": "water"}, "commodity and expires stand with stock", 1),
    ("prices", "prices", 4, {"expires": 7}, "there is no such place or batch", 1),
    ("prices", "prices", 4, {"price": 0}, "not above 0", 1),
    ("tables", "service", 3, {"place": "nowhere"}, "column place: nowhere is unknown", 1),
    ("tables", "service", 3, {"group": "others"}, "group others has no weight", 1),
    ("tables", "inventory", 3, {"period": 3}, "period 3, the last one is 2", 1),
    ("tables", "inventory", 7, {"place": "south", "commodity": "water", "period": 0, "quantity": 0, "expired": 0},
     "nothing in it", 1),
    ("tables", "inventory", 7, {"place": "depot", "commodity": "water", "period": 2, "quantity": 91, "expired": 0},
     "a second row of the same place, commodity, expires, period", 1),
    ("tables", "shipments", 0, {"quantity": -1}, "-1, expected 0 or more", 1),
    ("tables", "shipments", 0, {"quantity": NEVER}, "column quantity: blank", 1),
    ("tables", "shipments", 0, {"quantity": math.inf}, "inf is no number", 1),
    ("tables", "shipments", 0, {"expires": 1.5}, "1.5, expected a whole number", 1),
    ("tables", "gaps", 0, {"period": 1}, "a period stands with hours, and only with them", 1),
    ("tables", "gaps", 1, {"what": "guard"}, "expected the skill carry", 1),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "table", "row", "cells", "words", "amount"), CASES)
def test_broken_rule_is_named(rule, table, row, cells, words, amount):
    """One wrong cell gives a violation of its rule, which names the place, what was found and by how much."""
    found = broken(rule, edited(table, row, **cells))
    fitting = [violation for violation in found if words in violation.message]
    assert fitting, [violation.message for violation in found]
    if amount is not None:
        assert fitting[0].amount == pytest.approx(amount)


def test_every_rule_can_fail():
    """No rule of the registry is without a case here that breaks it."""
    elsewhere = {"figures", "scenario", "social_cost", "reasons", "inequality", "pins", "redundancy",
                 *town_of_duties.BROKEN}  # fmt: skip
    elsewhere |= {
        "continuity",
        "escalation",
        "floors",
        "ledger",
        "shares",
        "held",
        "changes",
        "curve",
        "recovery",
        "modules",
        "visits",
        "mutual_aid",
    }  # in tests of their own
    assert {case[0] for case in CASES} | elsewhere == {"tables", *RULES}


def test_lanes():
    """A fleet loads only where it may, and nothing is brought to a junction or to where it is."""
    found = broken("shipments", edited("shipments", 2, origin="south", destination="north", route="r3;r2"))
    assert any("the fleet does not load at south" in violation.message for violation in found)
    found = broken("shipments", edited("shipments", 1, destination="cross", route="r1"))
    assert any("cross is a junction" in violation.message for violation in found)
    found = broken("shipments", edited("shipments", 1, destination="depot", route="r1"))
    assert any("it goes nowhere" in violation.message for violation in found)


def test_missing_rows():
    """A row left out is missed where its figures are: nobody accountable, no mode, no gap, no need."""
    assert "handout: 0 accountable parties" in broken("accountability", without("responsibilities", 0))[0].message
    assert "zone city, period 0: 0 modes" in one("modes", without("modes", 0)).message
    assert "a gap of 0 hours is written, 1 are" in one("doers", without("gaps", 5)).message
    assert "need 0, expected 50" in broken("service", without("service", 3))[0].message


def test_goods_past_their_expiry():
    """Goods neither leave nor arrive nor are handed out after their expiry."""
    late = edited("shipments", 0, depart=2, arrive=2)
    messages = [violation.message for violation in broken("shipments", late)]
    assert any("leaves in period 2 but expires in period 1" in message for message in messages)
    assert any("arrives in period 2 but expires in period 1" in message for message in messages)
    assert any("used after it expired" in violation.message for violation in broken("inventory", late))


def test_too_many():
    """More doers, backups or tasks than allowed are counted."""
    rows = town.tables()["responsibilities"]
    more = pd.DataFrame([("handout", "volunteers", "responsible", 0, 2, 1.0)], columns=rows.columns)
    decided = {"responsibilities": pd.concat([rows, more])}
    assert "handout: 2 doers, at most 1 allowed" in broken("doers", decided)[0].message
    town_of_one = town.instance()
    narrow = town_of_one.replace(policy={"worst_off": 88, "span": 0})
    verdict = verify(town.plan(town=narrow))
    assert "committee is accountable for 1 tasks, policy.span allows 0" in str(verdict)


def test_least_share():
    """A doer who covers less than its least share of the task over the window is named."""
    rows = town.tables()["responsibilities"].drop(index=2)
    rows.loc[1, "hours"] = 0.25
    found = broken("doers", {"responsibilities": rows})
    assert any("covers 0.5 hours as a doer, its least share is 0.6" in v.message for v in found)


def test_order_of_rows():
    """Rows that are not in the contract's order are found in the written tables, which a plan sorts."""
    from coordination.verification import tables

    written = {name: table.copy() for name, table in town.plan().tables.items()}
    written["service"] = written["service"].iloc[::-1]
    findings, _ = tables.check(town.instance(), written)
    assert len(findings) == 9
    assert "service, row 3: not in the order of the contract" in next(iter(findings)).message


def test_terms_of_later_versions_may_be_missing():
    """A plan of an earlier version lacks terms that were nothing then: it holds, and the verdict says so."""
    fewer = {term: value for term, value in town.TERMS.items() if value != 0}
    assert len(fewer) < len(town.TERMS)
    verdict = verify(town.plan(terms=fewer))
    assert verdict.ok, str(verdict)
    assert "earlier version" in verdict.not_checked[-1]
    assert "earlier version" not in verify(town.plan()).not_checked[-1]


def test_terms_and_objective():
    """A term or the objective that is not what the tables say is named, each for itself."""
    wrong = {term: value + 1 for term, value in town.TERMS.items()}
    messages = [violation.message for violation in verify(town.plan(terms=wrong)).violations]
    for term, value in town.TERMS.items():
        assert f"term {term}: {value + 1:.10g} in plan.json, the tables make it {value:.10g}" in messages
    assert "objective 1366" in broken("social_cost", objective=1366.0)[0].message
    fewer = {term: value for term, value in town.TERMS.items() if term != "interest"}
    told = [violation.message for violation in verify(town.plan(terms=fewer)).violations]
    assert any("term interest is missing in plan.json, which counts as 0" in message for message in told)
    assert broken("social_cost", terms=fewer)
    more = {**town.TERMS, "happiness": 0.0}
    assert "a term happiness that no rule knows" in one("social_cost", terms=more).message


def test_figures():
    """Bound, gap, status, kind and hash are held against each other."""
    assert "is above the objective" in broken("figures", bound=town.OBJECTIVE + 1, gap=0.0)[0].message
    assert "gap 0.5, expected" in broken("figures", gap=0.5)[0].message
    assert "not within the requested" in one("figures", options={"gap": 1e-5}).message
    assert "kind is cycle" in one("figures", kind="cycle").message
    assert "but there is no bound" in one("figures", bound=None, status="feasible").message
    assert "sha256 0" in one("figures", sha256="0" * 64).message
    assert "status is infeasible" in one("figures", status="infeasible").message
    assert verify(town.plan(bound=None, gap=None, status="feasible")).ok


def test_no_plan():
    """A folder that says there is no plan holds if it has no tables."""
    empty = {name: table.iloc[:0] for name, table in town.tables().items()}
    none = {"objective": None, "bound": None, "gap": None, "terms": {}, "status": "infeasible"}
    verdict = verify(town.plan(empty, **none))
    assert verdict.ok
    assert any("whether there is really no plan" in sentence for sentence in verdict.not_checked)
    assert "shipments has rows" in str(verify(town.plan(**none)))


def test_scenario():
    """Under a scenario the same plan is held against what the scenario leaves."""
    verdict = verify(town.plan(options={"gap": 1e-4, "scenario": "flood"}))
    messages = [violation.message for violation in verdict.violations]
    assert any("route r1;r2 cannot be driven, road r2 is closed" in message for message in messages)
    assert any("north, water for general, period 0: need 50, expected 100" in message for message in messages)
    assert not any("south" in message and "need" in message for message in messages)
    assert (
        "scenario drought that the instance does not have"
        in one("scenario", options={"gap": 1e-4, "scenario": "drought"}).message
    )


def test_verdict_reads_well():
    """The printed verdict names rule, place and amount, and what was not checked."""
    text = str(verify(town.plan(edited("inventory", 4, quantity=111))))
    assert text.startswith("plan of town: ")
    assert "  inventory (" in text
    assert "    depot, water (expires never), period 0: 1 more leaves or lies there than there is" in text
    assert "  not checked: whether the bound is valid" in text
    assert "every rule and every figure holds" in str(verify(town.plan()))
