"""Orders: what each party has to do, by period."""

import csv

import pandas as pd
import pytest

from coordination.plans.orders import COLUMNS, orders
from tests.verification import town


def of(party, plan=None):
    """Give one party's orders as records."""
    table = orders(plan or town.plan())
    return table[table["party"] == party].drop(columns="party").to_dict("records")


def test_a_fleet_s_party_loads_once_and_brings_each_shipment():
    """Loads of one place, period and batch are one order with all trips; each shipment is one to bring."""
    first = [order for order in of("core") if order["period"] == 0 and order["fleet"] == "truck"]
    assert [(o["order"], o["from"], o["quantity"], o["trips"]) for o in first] == [
        ("load", "depot", 90, 0.9),
        ("bring", "depot", 50, 0.5),
        ("bring", "depot", 40, 0.4),
    ]


def test_routes_are_said_in_places_and_arrivals_in_clock_time():
    """A shipment's order says through which places it goes and when it arrives."""
    (slow,) = [o for o in of("core") if o["order"] == "bring" and o["arrive"] == 2]
    assert (slow["route"], slow["time"], slow["arrives"]) == (
        "depot → south",
        "2000-01-01 01:00",
        "2000-01-01 02:00",
    )
    (through,) = [o for o in of("core") if o["order"] == "bring" and o["id"] == "meal"]
    assert through["route"] == "depot → cross → north" and through["expires"] == 1


def test_work_is_ordered_period_by_period_and_roles_over_the_window():
    """Hours to cover are one order for each period; standing by and answering for a task are one for its window."""
    todo = [(o["order"], o["period"], o["until"], o["hours"]) for o in of("committee") if o["order"] == "do"]
    assert todo == [("do", 0, 0, 1), ("do", 1, 1, 1), ("do", 2, 2, 0.5)]
    (backup,) = [o for o in of("volunteers") if o["order"] == "stand by"]
    assert (backup["id"], backup["period"], backup["until"], backup["hours"]) == ("handout", 0, 2, 2)
    (answer,) = [o for o in of("committee") if o["order"] == "accountable"]
    assert (answer["id"], answer["period"], answer["until"]) == ("handout", 0, 2)


def test_owners_hear_of_what_others_fetch_and_bring():
    """The owner of a depot has goods ready for another's fleet; the owner of a destination receives."""
    owners = {"depot": "volunteers", "north": "committee"}
    places = town.instance().places.assign(owner=lambda frame: frame["place"].map(owners))
    plan = town.plan(town=town.instance().replace(places=places))
    ready = [(o["period"], o["id"], o["quantity"]) for o in of("volunteers", plan) if o["order"] == "hand over"]
    assert ready == [(0, "water", 90), (1, "meal", 30), (1, "water", 20)]
    received = [(o["period"], o["id"], o["quantity"]) for o in of("committee", plan) if o["order"] == "receive"]
    assert received == [(0, "water", 50), (1, "meal", 30)]


def test_what_would_arrive_after_the_horizon_is_brought_but_not_received():
    """A shipment still under way at the end is an order to bring, and no order to receive."""
    late = town.plan().shipments.assign(arrive=3)
    places = town.instance().places.assign(owner="committee")
    table = orders(town.plan({"shipments": late}, town=town.instance().replace(places=places)))
    assert (table["order"] == "bring").sum() == 4 and not (table["order"] == "receive").any()


def test_totals_of_orders_are_those_of_the_plan():
    """All goods to load and all to bring add up to the shipments, all hours to do to the hours covered."""
    table, plan = orders(town.plan()), town.plan()
    sums = table.groupby("order")[["quantity", "hours"]].sum()
    assert sums["quantity"]["load"] == sums["quantity"]["bring"] == plan.shipments["quantity"].sum()
    done = plan.responsibilities.query("role == 'responsible'")
    assert sums["hours"]["do"] == (done["hours"] * (done["end"] - done["start"] + 1)).sum()


def test_no_text_is_a_formula_for_a_spreadsheet(tmp_path):
    """A name that begins like a formula is written so that a spreadsheet shows it and does not run it."""
    tasks = town.instance().tasks.assign(name='=HYPERLINK("x")')
    town.plan(town=town.instance().replace(tasks=tasks)).save(tmp_path / "p")
    with (tmp_path / "p" / "orders" / "committee.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["name"] for row in rows} == {'\'=HYPERLINK("x")'}
    assert tuple(rows[0]) == COLUMNS


@pytest.mark.parametrize("kept", ["shipments", "responsibilities", None])
def test_a_plan_without_shipments_or_without_tasks_has_orders(kept):
    """Nothing sent, or nothing to do, is no error."""
    tables = {name: None for name in ("shipments", "responsibilities") if name != kept}
    table = orders(town.plan(tables))
    assert isinstance(table, pd.DataFrame) and len(table) == {"shipments": 7, "responsibilities": 8, None: 0}[kept]


def test_ids_that_are_paths_stay_inside_the_folder(tmp_path):
    """A party called ../../x gets a file in orders/ like any other."""
    renamed = {"volunteers": "../../x"}
    named = ("parties", "skills", "interests")
    tables = {name: town.instance().tables[name].replace({"party": renamed}) for name in named}
    roles = town.plan().responsibilities.replace({"party": renamed})
    town.plan({"responsibilities": roles}, town=town.instance().replace(**tables)).save(tmp_path / "p")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p"]
    assert len(list((tmp_path / "p" / "orders").iterdir())) == 4


def test_hours_to_set_down_are_more_where_they_are_expected():
    """Three hours of patrol are expected of who delivers 0.8 of what is set down for it: 3.75 are; goods stay."""
    parties = [row | {"reliability": 0.8} for row in town.TABLES["parties"]]
    given = town.instance().given_header()["policy"] | {"reliability": "expected"}
    told = orders(town.plan(None, town.instance().replace(parties=parties, policy=given)))
    patrol = told[(told["order"] == "do") & (told["id"] == "patrol")]
    assert patrol["hours"].tolist() == [3.75, 3.75]
    plain = orders(town.plan())
    assert (
        told.loc[told["order"] == "bring", "quantity"].tolist()
        == plain.loc[plain["order"] == "bring", "quantity"].tolist()
    )
