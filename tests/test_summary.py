"""The summary: at most 25 lines that read well, whatever the plan."""

import dataclasses

import pandas as pd
import pytest

from coordination.metrics import shortest
from coordination.planning import plan
from coordination.plans import Plan
from coordination.status import Status
from coordination.summary import summarise
from tests.planning.small import row, street
from tests.support.random_instances import random_instance
from tests.support.thorough import often
from tests.verification import town

HOSTILE = "\u202e<b>\u2028柳巷; {share} % \u200b"


def changed(planned: Plan, **fields: object) -> Plan:
    """Return a plan with other fields."""
    return dataclasses.replace(planned, **fields)


def test_the_town_by_hand():
    """The figures of the town whose plan is worked out by hand stand in its summary."""
    text = summarise(town.plan())
    lines = text.splitlines()
    assert lines[0].startswith("town: ")
    assert "Cost by term: " in text and "Seconds: " in text and "Tasks: " in text
    assert len(lines) <= 25


def test_shares_and_spread():
    """Share met, of all and of the vulnerable, the least and the Gini coefficient are those of the service table."""
    needs = [
        {"place": "home", "commodity": "box", "period": 0, "quantity": 60},
        {"place": "home", "commodity": "box", "period": 0, "quantity": 20, "group": "vulnerable"},
    ]
    text = summarise(plan(street(needs=needs, stocks=row("stocks", quantity=40)), gap=0))
    # 40 of 80 boxes of 10 kg; the vulnerable, who weigh more, have all of theirs.
    assert "Need met: 50 % of 0.8 t; of group vulnerable 100 %; least of Boxes 50 %." in text
    assert "Spread over 1 places: least 50 %" in text and "Gini 0.00" in text
    assert "one more box of Boxes at Home saves up to 60 CNY" in text
    assert "Home (50 % met) lacks 50 % of its Boxes (40 box)" in text


def test_no_plan():
    """Without a feasible solution the summary is the status and the seconds."""
    none = changed(town.plan(), status=Status.INFEASIBLE, objective=None, bound=None, gap=None, terms={}, tables={})
    assert summarise(none).splitlines()[0] == "town: No plan can meet all rules. There is no plan to sum up."


def test_nobody_needs_anything():
    """Without need there is no share of it, and nothing is scarce."""
    text = summarise(plan(street(needs=[]), gap=0))
    assert "nobody needs anything" in text and "Scarce: nothing" in text and "Most short" not in text


def test_everybody_has_all():
    """Where nothing is lacking the spread says so in words."""
    assert "every place has all it asks for" in summarise(plan(street(), gap=0))


def test_interrupted_without_prices():
    """An interrupted plan without prices and reasons says so, and still names who goes short."""
    planned = plan(street(stocks=row("stocks", quantity=60)), gap=0)
    tables = {name: table for name, table in planned.tables.items() if name != "prices"}
    text = summarise(changed(planned, status=Status.INTERRUPTED, tables=tables, reasons=[], gap=None, bound=None))
    assert "Interrupted; the best plan so far" in text and "not known" in text
    assert "no limit has a price" in text and "planning was interrupted" in text and "lacks 40 %" in text


def test_many_notes_do_not_crowd_out_the_rest():
    """Notes beyond the room there is are counted."""
    text = summarise(changed(town.plan(), notes=[f"remark {n}" for n in range(40)]))
    assert len(text.splitlines()) <= 25 and "more stand in plan.json" in text


def test_what_is_proven_with_rules_is_said_of_plans_that_keep_them():
    """A plan that rules make dear is not called the cheapest possible."""
    made = changed(town.plan(), objective=300.0, bound=300.0, rules={"price": 200.0, "without": 100.0})
    assert "at most 0 % above the least possible that keeps the policy's rules." in summarise(made).splitlines()[0]


def test_one_of_a_thing_is_one():
    """A backup, a kind: not one backups."""
    gaps = pd.DataFrame({"task": "care", "kind": ["backup", "kind"], "amount": 1.0, "what": "care"})
    planned = town.plan()
    text = summarise(changed(planned, tables={**planned.tables, "gaps": gaps}))
    assert "missing: 1 backup and 1 kind of party." in text


def test_names_cannot_break_lines():
    """Names with direction marks, line separators, braces and tags stay on their line."""
    places = [row("places", 0, name=HOSTILE)[0], row("places", 1, name=HOSTILE * 30)[1]]
    planned = plan(street(places=places, stocks=row("stocks", quantity=60)), gap=0)
    text = summarise(planned)
    assert len(text.splitlines()) == text.count("\n") + 1 <= 25
    assert "\u202e" not in text and "柳巷" in text
    assert max(map(len, text.splitlines())) <= 400


@pytest.mark.parametrize("seed", [*range(10, 14), *often(14, 22)])
def test_random_cities(seed):
    """At most 25 lines, each place that goes most short among them."""
    planned = plan(random_instance(seed))
    lines = summarise(planned).splitlines()
    assert len(lines) <= 25 and all(lines)
    assert len(lines) >= len(shortest(planned)) + 4
