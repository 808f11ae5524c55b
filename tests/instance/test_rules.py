"""Each rule of the contract, broken once in a complete instance, is found at its row and column."""

import pytest

from coordination.instance import load
from tests.instance.conftest import append, edit, errors_of, only_error_of, problems_of

BROKEN_CELLS = [
    ("zones", 3, {"level": "street"}, "parent", "higher level"),
    ("zones", 3, {"level": "village"}, "level", "one of community"),
    ("zones", 3, {"parent": "riversid"}, "parent", "an id of zones"),
    ("places", 3, {"kind": "juntion"}, "kind", "junction"),
    ("places", 4, {"zone": "nort"}, "zone", "an id of zones"),
    ("places", 4, {"vulnerable": "1.5"}, "vulnerable", "from 0 to 1"),
    ("places", 4, {"lon": "190"}, "lon", "from -180 to 180"),
    ("places", 4, {"storage_tonnes": "-1"}, "storage_tonnes", "at least 0"),
    ("places", 4, {"owner": "nobody"}, "owner", "an id of parties"),
    ("roads", 3, {"to": "bridge"}, "to", "another place"),
    ("roads", 3, {"from_": "brigde"}, "from", "an id of places"),
    ("roads", 3, {"km": "-1"}, "km", "at least 0"),
    ("roads", 3, {"minutes": "many"}, "minutes", "a number"),
    ("roads", 3, {"both_ways": "perhaps"}, "both_ways", "true, false"),
    ("parties", 2, {"superior": "volunteers"}, "superior", "the core has no superior"),
    ("parties", 3, {"superior": ""}, "superior", "the party it answers to"),
    ("parties", 3, {"superior": "kore"}, "superior", "an id of parties"),
    ("parties", 4, {"hours": ""}, "emergency_hours", "nothing where hours is empty"),
    ("parties", 4, {"kind": "volunteer"}, "kind", "volunteers"),
    ("parties", 4, {"reliability": "1.01"}, "reliability", "from 0 to 1"),
    ("skills", 3, {"party": "x"}, "party", "an id of parties"),
    ("skills", 3, {"hours": ""}, "hours", "a number"),
    ("commodities", 3, {"kg": "0"}, "kg", "above 0"),
    ("commodities", 3, {"shelf_life": "0"}, "shelf_life", "at least 1"),
    ("commodities", 3, {"shelf_life": "1.5"}, "shelf_life", "a whole number"),
    ("commodities", 3, {"carry_over": "2"}, "carry_over", "from 0 to 1"),
    ("commodities", 3, {"cost_without": ""}, "cost_without", "or rows in deprivation"),
    ("deprivation", 4, {"cost_per_unit": "13"}, "cost_per_unit", "slopes that do not fall"),
    ("deprivation", 4, {"cost_per_unit": "-1"}, "cost_per_unit", "at least 0"),
    ("deprivation", 2, {"periods_without": "0"}, "periods_without", "above 0"),
    ("stocks", 2, {"place": "bridge"}, "place", "not a junction"),
    ("stocks", 2, {"quantity": "nan"}, "quantity", "a number"),
    ("stocks", 2, {"quantity": "inf"}, "quantity", "a number"),
    ("stocks", 2, {"quantity": "1e999"}, "quantity", "a number"),
    ("stocks", 2, {"quantity": "1_000"}, "quantity", "a number"),
    ("stocks", 2, {"quantity": "0x10"}, "quantity", "a number"),
    ("stocks", 2, {"quantity": "１２"}, "quantity", "a number"),
    ("stocks", 2, {"owner": ""}, "owner", "an id of parties"),
    ("stocks", 2, {"expires": "-1"}, "expires", "at least 0"),
    ("arrivals", 3, {"place": "bridge"}, "place", "not a junction"),
    ("arrivals", 3, {"period": "4"}, "period", "from 0 to 3"),
    ("arrivals", 3, {"period": "-1"}, "period", "from 0 to 3"),
    ("arrivals", 3, {"expires": "1"}, "expires", "not before the row's period"),
    ("needs", 2, {"place": "bridge"}, "place", "not a junction"),
    ("needs", 2, {"quantity": "-4"}, "quantity", "at least 0"),
    ("needs", 2, {"period": "0.5"}, "period", "a whole number"),
    ("needs", 2, {"group": "kids"}, "group", "policy.group_weights"),
    ("needs", 2, {"commodity": "watr"}, "commodity", "an id of commodities"),
    ("backlogs", 2, {"place": "bridge"}, "place", "not a junction"),
    ("backlogs", 2, {"age": "0"}, "age", "at least 1"),
    ("backlogs", 2, {"group": "kids"}, "group", "policy.group_weights"),
    ("fleets", 2, {"base": "bridge"}, "base", "not a junction"),
    ("fleets", 2, {"payload_tonnes": "0"}, "payload_tonnes", "above 0"),
    ("fleets", 2, {"speed": "0"}, "speed", "above 0"),
    ("fleets", 2, {"loads_at": "depot;bridge"}, "loads_at", "not a junction"),
    ("fleets", 2, {"loads_at": "depot;nowhere"}, "loads_at", "ids of places"),
    ("fleets", 2, {"loads_at": "depot;depot"}, "loads_at", "ids of places"),
    ("fleets", 2, {"loads_at": "depot;*"}, "loads_at", "ids of places"),
    ("fleets", 2, {"loads_at": "depot;"}, "loads_at", "ids of places"),
    ("tasks", 2, {"domain": "water"}, "domain", "safety, convenience, governance, supply"),
    ("tasks", 2, {"start": "3", "end": "1"}, "end", "not before start"),
    ("tasks", 2, {"end": "4"}, "end", "from 0 to 3"),
    ("tasks", 2, {"accountable_level": "country"}, "accountable_level", "one of community"),
    ("tasks", 2, {"kinds": "volunteers;volunteers"}, "kinds", "list from core"),
    ("tasks", 2, {"kinds": "volunteers;heroes"}, "kinds", "list from core"),
    ("tasks", 2, {"doers": "-1"}, "doers", "at least 0"),
    ("tasks", 2, {"backups": "0.5"}, "backups", "a whole number"),
    ("tasks", 2, {"gap_cost": "-1"}, "gap_cost", "at least 0"),
    ("efforts", 2, {"factor": "0"}, "factor", "above 0"),
    ("efforts", 2, {"task": "handout"}, "task", "an id of tasks"),
    ("interests", 2, {"benefit": ""}, "benefit", "a number"),
    ("modules", 2, {"place": "school"}, "place", "an id of places"),
    ("scenarios", 2, {"probability": "1.2"}, "probability", "from 0 to 1"),
    ("effects", 2, {"scenario": "floods"}, "scenario", "an id of scenarios"),
    ("effects", 2, {"table": "parties"}, "table", "one of needs"),
    ("effects", 2, {"where": "r9"}, "where", "a road, a zone or *"),
    ("effects", 3, {"where": "r3"}, "where", "a place, a zone or *"),
    ("effects", 2, {"commodity": "water"}, "commodity", "nothing but for"),
    ("effects", 2, {"factor": "-0.5"}, "factor", "at least 0"),
    ("effects", 2, {"start": "2", "end": "1"}, "end", "not before start"),
]


@pytest.mark.parametrize(("table", "row", "cells", "column", "expected"), BROKEN_CELLS)
def test_broken_cell_is_found(folder, table, row, cells, column, expected):
    """One broken cell gives exactly one problem, at its table, row and column, saying what was expected."""
    edit(folder, table, row, **cells)
    problem = only_error_of(folder)
    assert (problem.table, problem.row, problem.column) == (table, row, column)
    assert expected in problem.expected
    assert cells.get(column, "") in problem.found


BROKEN_KEYS = [
    ("zones", "north,N,community,riverside", "zone"),
    ("skills", "core,patrol,1,1,1", None),
    ("deprivation", "water,2.0,12", None),
    ("needs", "north,water,0,1,vulnerable", None),
    ("needs", "north,water,0,1,", None),
    ("backlogs", "south,water,general,1,1.0", None),
    ("efforts", "hand-out,committee-north,1,1", None),
    ("interests", "committee-north,safety,1", None),
    ("facilities", "south,school,300,hand-out,5,1,1,1", None),
]


@pytest.mark.parametrize(("table", "line", "column"), BROKEN_KEYS)
def test_duplicate_keys_are_found(folder, table, line, column):
    """A second row with the same key is a problem of that row; defaults count as written."""
    row = append(folder, table, line)
    problem = only_error_of(folder)
    assert (problem.table, problem.row, problem.column) == (table, row, column)
    assert "no other row has" in problem.expected
    assert problem.advice.startswith("Row ")


def test_stocks_and_arrivals_add_up(folder):
    """The same place, commodity and owner may stand in several rows of stocks and arrivals."""
    append(folder, "stocks", "depot,water,1,core,")
    append(folder, "arrivals", "depot,meals,1,1200,core")
    assert len(load(folder).stocks) == 3


def test_cycle_of_zones_is_reported_once(folder):
    """A cycle among zones is one problem that shows the chain, not one per zone or level."""
    edit(folder, "zones", 2, parent="north")
    problem = only_error_of(folder)
    assert (problem.table, problem.row, problem.column) == ("zones", 2, "parent")
    assert "riverside → north → riverside" in problem.advice


def test_cycle_of_superiors_is_reported_once(folder):
    """A cycle among superiors is one problem."""
    edit(folder, "parties", 3, superior="volunteers")
    edit(folder, "parties", 4, superior="committee-north")
    problem = only_error_of(folder)
    assert (problem.row, problem.column) == (3, "superior")
    assert "committee-north → volunteers → committee-north" in problem.advice


def test_own_superior_is_a_cycle(folder):
    """A party cannot answer to itself."""
    edit(folder, "parties", 3, superior="committee-north")
    assert problems_of(folder) == [("parties", 3, "superior")]


def test_two_cores(folder):
    """A second core is a problem of its row."""
    edit(folder, "parties", 4, kind="core", superior="")
    assert problems_of(folder) == [("parties", 4, "kind")]


def test_no_core(folder):
    """Without a core there is a problem of the table, even when it is absent altogether."""
    edit(folder, "parties", 2, kind="agency", superior="volunteers")
    assert ("parties", None, "kind") in problems_of(folder)
    (folder / "parties.csv").unlink()
    assert ("parties", None, "kind") in problems_of(folder)


def test_first_slope_counts_from_the_origin(folder):
    """C(0) = 0 is a breakpoint too: a curve that flattens after its first row is not convex."""
    edit(folder, "deprivation", 2, cost_per_unit="7")
    assert problems_of(folder) == [("deprivation", 3, "cost_per_unit")]


def test_straight_curve_with_rounded_breakpoints_is_convex(folder):
    """Equal slopes are allowed, also where floating point rounds them apart."""
    lines = [f"meals,{k / 10!r},{k * 0.1 * 3!r}" for k in range(1, 60)]
    for line in lines:
        append(folder, "deprivation", line)
    assert len(load(folder).deprivation) == 62


def test_rows_of_deprivation_win_over_cost_without(folder):
    """A commodity may have both; without rows cost_without is required."""
    edit(folder, "commodities", 2, cost_without="3")
    load(folder)
    (folder / "deprivation.csv").unlink()
    load(folder)
    edit(folder, "commodities", 2, cost_without="")
    assert problems_of(folder) == [("commodities", 2, "cost_without")]


def test_expiry_in_the_period_of_arrival_is_allowed(folder):
    """What arrives may expire in the same period, and beyond the horizon."""
    edit(folder, "arrivals", 2, expires="1")
    edit(folder, "arrivals", 3, expires="99")
    assert load(folder).arrivals["expires"].tolist()[:2] == [1, 99]


def test_everything_is_found_at_once(folder):
    """Problems of many tables are collected in contract order, header first."""
    (folder / "instance.yaml").write_text("name: x\nperiods: four\nperiod_hours: 12\n", encoding="utf-8")
    edit(folder, "zones", 3, level="village")
    edit(folder, "roads", 2, km="-1")
    edit(folder, "needs", 21, quantity="lots")
    assert problems_of(folder) == [
        ("instance", 2, "periods"),
        ("zones", 3, "level"),
        ("roads", 2, "km"),
        ("needs", 21, "quantity"),
    ]


def test_unreadable_table_is_reported_once_and_not_checked_against(folder):
    """When places cannot be read, nothing that refers to places is blamed."""
    (folder / "places.csv").write_bytes(b"")
    problem = only_error_of(folder)
    assert problem.table == "places"
    assert "empty file" in problem.found


def test_suggestions_name_the_nearest(folder):
    """A dangling reference names the nearest id."""
    edit(folder, "roads", 3, **{"from": "brigde"})
    assert only_error_of(folder).advice == "Did you mean 'bridge'?"


def test_missing_id_column_stops_checks_against_the_table(folder):
    """Without the id column of zones, references to zones are not blamed."""
    text = (folder / "zones.csv").read_text(encoding="utf-8").replace("zone,", "zon,", 1)
    (folder / "zones.csv").write_text(text, encoding="utf-8")
    assert problems_of(folder) == [("zones", 1, "zon"), ("zones", 1, "zone")]
    assert errors_of(folder)[0].advice == "Did you mean 'zone'?"


DUTIES = [
    ("mandates", "task,domain,party,kind,role,rule", "inspect,safety,core,,backup,may", "task", "not both"),
    ("mandates", "task,domain,party,kind,role,rule", "inspect,,,,backup,may", "party", "party or kind"),
    ("mandates", "task,domain,party,kind,role,rule", "inspect,,core,,doer,may", "role", "one of accountable"),
    ("mandates", "task,domain,party,kind,role,rule", "inspect,,core,,backup,should", "rule", "one of must"),
    ("mandates", "task,domain,party,kind,role,rule", "inspect,,,army,backup,may", "kind", "one of core"),
    ("mandates", "task,domain,party,kind,role,rule", "inspct,,core,,backup,may", "task", "an id of tasks"),
    ("tiers", "level,share,cap", "city,0.5,", "share", "sum to 1"),
    ("conflicts", "task,other,chain", "inspect,inspect,no", "other", "another task"),
    ("conflicts", "task,other,chain", "inspect,hand-out,perhaps", "chain", "true, false"),
    ("depends", "task,on", "inspect,inspct", "on", "an id of tasks"),
]


@pytest.mark.parametrize(("table", "header", "line", "column", "expected"), DUTIES)
def test_broken_duty_is_found(folder, table, header, line, column, expected):
    """A wrong cell in mandates, conflicts or depends is found at its row and column."""
    (folder / f"{table}.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")
    problem = only_error_of(folder)
    assert (problem.table, problem.row, problem.column) == (table, 2, column)
    assert expected in problem.expected


def test_must_against_must_not_is_named_with_both_rows(folder):
    """An order for those whom another row bars is a problem of the order that names the ban."""
    row = append(folder, "mandates", "hand-out,,,core,responsible,must,")
    problem = only_error_of(folder)
    assert (problem.table, problem.row, problem.column) == ("mandates", row, "rule")
    assert problem.advice.startswith("Row 3 says must_not, for task 'hand-out'")


def test_a_ban_of_some_of_a_kind_is_no_contradiction(folder):
    """An order for a kind holds beside a ban of one party of the kind, if there is another."""
    append(folder, "mandates", "patrol-north,,,residents_committee,backup,must,")
    append(folder, "mandates", "patrol-north,,core,,backup,must_not,")
    assert len(load(folder).mandates) == 4


def test_ring_of_waiting_tasks_is_named_by_its_rows(folder):
    """Of rings that share tasks a shortest one is named, with the rows that make it."""
    append(folder, "depends", "inspect,patrol-north")
    last = append(folder, "depends", "patrol-north,inspect")
    append(folder, "depends", "patrol-north,hand-out")
    problem = only_error_of(folder)
    assert (problem.table, problem.row, problem.column) == ("depends", 3, "on")
    assert f"inspect → patrol-north → inspect (rows 3, {last})" in problem.advice


def test_windows_that_end_before_what_they_wait_for(folder):
    """A task must not be over before the task it waits for begins; side by side is fine."""
    edit(folder, "tasks", 2, start="0", end="1")
    edit(folder, "tasks", 4, start="2", end="2")
    problem = only_error_of(folder)
    assert (problem.table, problem.row, problem.column) == ("depends", 2, "on")
    assert "'hand-out' ends with period 1, 'inspect' begins in period 2" in problem.advice
    edit(folder, "tasks", 4, start="1")
    assert len(load(folder).depends) == 1
