"""Amounts set by hand: kept at the cost of the independent model, refused by the rules that stand against them."""

import dataclasses

import pytest

import coordination as co
from coordination.errors import InstanceError, UsageError
from tests.explanation.town import rows, town
from tests.support.milp import Milp
from tests.support.oracle import oracle
from tests.support.random_instances import random_instance
from tests.support.reading import Plain
from tests.support.responsibility import add_handout, add_responsibility
from tests.support.supply import add_supply

SHIPPED = {"fleet": "truck", "origin": "depot", "destination": "home", "commodity": "rice", "depart": "0"}
SERVED = {"place": "home", "commodity": "rice", "group": "general", "period": "0"}
COLUMN = {"shipments": "quantity", "service": "served"}


def pin(table: str, value: float | str, where: dict[str, str]) -> dict[str, str]:
    """Write one row of pins."""
    cells = ";".join(f"{name}={cell}" for name, cell in where.items())
    return {"table": table, "where": cells, "column": COLUMN[table], "value": str(value)}


def optimum(instance, table: str, where: dict[str, str], value: float) -> float:
    """Return the least social cost of the independent model with one row more."""
    world, model = Plain(instance), Milp()
    add_supply(model, world)
    add_responsibility(model, world)
    add_handout(model, world)
    cells = [str(cell) for cell in where.values()]
    entries = []
    for column, name in enumerate(model.names):
        if table == "service" and name[0] == "served":
            place, commodity, group, t = name[1], name[2], name[3], name[-1]
            entries += [(column, 1.0)] if [place, commodity, group, str(t)] == cells else []
        if table == "shipments" and name[0] == "ship":
            fleet, origin, destination, commodity, t = name[1], name[2], name[3], name[5], name[-1]
            entries += [(column, 1.0)] if [fleet, origin, destination, commodity, str(t)] == cells else []
    assert entries
    model.row("set by hand", entries=entries, lower=value, upper=value)
    return model.solve().objective


def had(plan, table: str, where: dict[str, str]) -> float:
    """Return what stands in a plan, summed over the rows that fit."""
    frame = plan.tables[table]
    for name, cell in where.items():
        frame = frame[frame[name].astype(str) == cell]
    return float(frame[COLUMN[table]].sum())


CASES = [("shipments", SHIPPED, 7.0), ("shipments", SHIPPED, 0.0), ("service", SERVED, 4.0)]


@pytest.mark.parametrize(("table", "where", "value"), CASES)
def test_an_amount_is_kept_at_least_cost(table, where, value):
    """What is sent or served is what was set, at the cost of the same row in the independent model."""
    plan = co.plan(town(pins=[pin(table, value, where)]), gap=0)
    assert had(plan, table, where) == pytest.approx(value, abs=1e-6)
    assert plan.objective == pytest.approx(optimum(town(), table, where, value), abs=1e-4)
    assert co.verify(plan).ok, str(co.verify(plan))
    assert any("set by hand" in note for note in plan.notes) and plan.prices.empty


def test_amounts_and_roles_are_kept_together():
    """Pins of all sorts hold at once, and with an order of terms."""
    role = {"table": "responsibilities", "where": "task=watch;role=responsible", "column": "party", "value": "c"}
    pins = [pin("shipments", 7, SHIPPED), role, pin("service", 3, SERVED)]
    ordered = {"objective": "lexicographic", "order": "transport"}
    for policy in ({}, ordered):
        plan = co.plan(town(policy, pins=pins), gap=0)
        assert (had(plan, "shipments", SHIPPED), had(plan, "service", SERVED)) == pytest.approx((7.0, 3.0))
        assert co.verify(plan).ok, str(co.verify(plan))


IMPOSSIBLE = [
    ([pin("shipments", 30, SHIPPED)], {2}, "goods there are: rice at depot, period 0 (inventory)"),
    ([pin("shipments", 100, SHIPPED)], {2}, "(inventory)"),
    ([pin("service", 16, SERVED)], {2}, "need that is due: rice, general at home, period 0 (service)"),
    ([pin("shipments", 3, SHIPPED), pin("service", 4, SERVED)], {2, 3}, "goods there are: rice at home, period 0"),
    ([pin("service", 4, SERVED | {"place": "depot"})], {2}, "nothing of the kind is possible"),
]


@pytest.mark.parametrize(("pins", "lines", "against"), IMPOSSIBLE)
def test_an_amount_that_cannot_hold_names_the_rule(pins, lines, against):
    """More than there is, than is needed, than arrives: the pins and the rule against them are named."""
    with pytest.raises(InstanceError) as caught:
        co.plan(town(pins=pins))
    assert {(problem.table, problem.row) for problem in caught.value.problems} == {("pins", line) for line in lines}
    assert against in str(caught.value)


def test_hours_that_stand_against_an_amount_are_named():
    """Where the truck has the hours of one trip, 21 are too many for it; where nobody hands out, so is 1."""
    truck = rows("fleets", {"fleet": "truck"}, hours=2)
    with pytest.raises(InstanceError, match=r"hours of fleet truck, period 0 \(fleets\)"):
        co.plan(town(pins=[pin("shipments", 21, SHIPPED)], fleets=truck))
    barred = [{"task": "hand", "party": party, "role": "responsible", "rule": "must_not"} for party in "abc"]
    with pytest.raises(InstanceError, match=r"hand-out in east, period 0 \(handout\)"):
        co.plan(town(pins=[pin("service", 1, SERVED)], mandates=barred))


WRONG = [
    (pin("shipments", 3, SHIPPED | {"fleet": "trick"}), "where", "Did you mean 'truck'"),
    (pin("shipments", 3, SHIPPED | {"depart": "9"}), "where", ""),
    (pin("shipments", 3, {"fleet": "truck"}), "where", ""),
    (pin("service", "much", SERVED), "value", ""),
    (pin("service", -1, SERVED), "value", ""),
    (pin("service", 3, SERVED) | {"column": "backlog"}, "column", "other columns are not carried out yet"),
]


@pytest.mark.parametrize(("row", "column", "advice"), WRONG)
def test_what_amounts_cannot_say_is_refused_by_name(row, column, advice):
    """The problem stands at the pin's row and column, after other pins too."""
    role = {"table": "responsibilities", "where": "task=watch;role=responsible", "column": "party", "value": "c"}
    with pytest.raises(InstanceError) as caught:
        co.plan(town(pins=[role, row]))
    (problem,) = caught.value.problems
    assert (problem.table, problem.row, problem.column) == ("pins", 3, column)
    assert advice in problem.advice


def test_verification_finds_an_amount_that_does_not_stand():
    """A plan that sends another amount is found out by the rule of that name."""
    plan = co.plan(town(), gap=0)
    other = town(pins=[pin("shipments", had(plan, "shipments", SHIPPED) + 1, SHIPPED)])
    pinned = dataclasses.replace(plan, instance=other, sha256=other.sha256)
    assert [violation.rule for violation in co.verify(pinned).violations] == ["pins"]


def test_ways_that_keep_no_amounts_refuse_them(monkeypatch):
    """The field rule and large cases; what binds at a place has no price beside amounts set by hand."""
    given = town(pins=[pin("service", 4, SERVED)])
    with pytest.raises(InstanceError, match="field rule"):
        co.dispatch(given)
    with pytest.raises(UsageError, match="set by hand"):
        co.explain(co.plan(given, gap=0), place="home")
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    with pytest.raises(UsageError, match=r"pins \(on amounts: 1 row\)"):
        co.plan(given)


def halved(seed: int) -> None:
    """Plan a random instance, halve its largest shipment by hand, and compare with the independent model."""
    instance = random_instance(seed, odd_ids=False)
    free = co.plan(instance, gap=0)
    if free.shipments.empty:
        return
    row = free.shipments.loc[free.shipments["quantity"].idxmax()]
    where = {name: str(row[name]) for name in SHIPPED}
    value = round(had(free, "shipments", where) / 2, 4)
    given = instance.replace(pins=[pin("shipments", value, where)])
    plan = co.plan(given, gap=0)
    assert plan.objective == pytest.approx(optimum(instance, "shipments", where, value), rel=1e-6, abs=1e-5)
    assert plan.objective >= oracle(instance).objective - 1e-5
    assert co.verify(plan).ok, str(co.verify(plan))


@pytest.mark.parametrize("seed", [3])
def test_a_halved_shipment_costs_what_the_independent_model_says(seed):
    """On random instances, with their scenarios."""
    halved(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(600, 700))
def test_a_halved_shipment_costs_what_the_independent_model_says_on_hundreds(seed):
    """The same on a hundred."""
    halved(seed)
