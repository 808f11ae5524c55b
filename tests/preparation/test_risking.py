"""Assurances, losses and rotation: as another formulation of the same thing, as plans, and as verification say."""

import dataclasses
from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

import coordination as co
from coordination.errors import InstanceError, UsageError
from coordination.preparation import two_stage_program
from coordination.status import Status
from tests.support.tiny import need, stock

from .cases import town

GAP = 1e-7
TONNES = 0.1
"""Of a unit of the town's rice."""
NEEDS = [need(15, 0), need(15, 1), need(10, 2), need(12, 1, group="vulnerable")]
NEED = {"general": 40 * TONNES, "vulnerable": 12 * TONNES}
SURGE = {"calm": 1.0, "cut": 1.0, "storm": 2.0}


def program_of(instance):
    """Return the matrices of a preparation without assurances: one MILP for scipy, the tonnes served by scenario."""
    program = two_stage_program(instance.replace(assurances=[]))
    first, forms = program.first, [one.form for one in program.scenarios]
    starts = np.cumsum([first.columns, *(form.columns for form in forms)])
    rows = [[first.matrix, *[None] * len(forms)]]
    for number, one in enumerate(program.scenarios):
        rows.append([one.technology, *(one.form.matrix if n == number else None for n in range(len(forms)))])
    served = {}
    for one, start in zip(program.scenarios, starts, strict=False):
        labels = one.form.variables["serve"]
        groups = labels.index.get_level_values(2)
        for code, group in enumerate(("general", "vulnerable")):
            weights = np.zeros(starts[-1])
            weights[start + np.arange(labels.slice.start, labels.slice.stop)[groups == code]] = TONNES
            served[one.name, group] = weights
    return {
        "c": np.concatenate([first.c, *(p * form.c for p, form in zip(program.probabilities, forms, strict=True))]),
        "matrix": sp.csr_array(sp.block_array(rows)),
        "lower": np.concatenate([first.row_lower, *(form.row_lower for form in forms)]),
        "upper": np.concatenate([first.row_upper, *(form.row_upper for form in forms)]),
        "bounds": Bounds(*(np.concatenate([getattr(f, name) for f in (first, *forms)]) for name in ("lb", "ub"))),
        "integrality": np.concatenate([first.integrality, *(form.integrality for form in forms)]),
        "offset": first.offset + float(program.probabilities @ [form.offset for form in forms]),
        "served": served,
        "p": dict(zip([one.name for one in program.scenarios], program.probabilities, strict=True)),
    }  # fmt: skip


def least(parts, more):
    """Return the least cost with further rows (weights, lower), by scipy; infinite where there is none."""
    limits = [LinearConstraint(parts["matrix"], parts["lower"], parts["upper"])]
    limits += [LinearConstraint(weights[None, :], lower, np.inf) for weights, lower in more]
    found = milp(parts["c"], constraints=limits, bounds=parts["bounds"], integrality=parts["integrality"])
    return found.fun + parts["offset"] if found.status == 0 else np.inf


def by_subsets(parts, group, unmet, probability):
    """Return the least cost over all sets of scenarios likely enough in which the limit holds for sure."""
    best, names = np.inf, list(SURGE)
    for size in range(len(names) + 1):
        for kept in combinations(names, size):
            if sum(parts["p"][name] for name in kept) >= probability - 1e-9:
                rows = [(parts["served"][n, group], (1 - unmet) * SURGE[n] * NEED[group]) for n in kept]
                best = min(best, least(parts, rows))
    return best


def by_envelope(parts, group, unmet, level):
    """Return the least cost with CVaR of the share limited, as the largest mean over all reweighted scenarios."""
    rows, names = [], list(SURGE)
    for order in permutations(names):
        left, weights = 1.0, 0.0
        for name in order:
            q = min(left, parts["p"][name] / (1 - level)) if level < 1 else left
            left -= q
            weights = weights + q * parts["served"][name, group] / (SURGE[name] * NEED[group])
        rows.append((weights, 1 - unmet))
    return least(parts, rows)


def assured_case(seed):
    """Return a random town and a random assurance of one group."""
    rng = np.random.default_rng(seed)
    policy = {"budget": float(rng.integers(900, 2500)), "money_weight": float(rng.choice([3.0, 10.0]))}
    instance = town(policy, needs=NEEDS)
    row = {"group": str(rng.choice(["general", "vulnerable"])), "unmet": float(rng.choice([0.0, 0.1, 0.3]))}
    if rng.random() < 0.5:
        return instance, row | {"probability": float(rng.choice([0.3, 0.5, 0.7, 0.8, 1.0]))}
    return instance, row | {"level": float(rng.choice([0.0, 0.5, 0.75, 1.0]))}


def assured(instance, row):
    """Fail unless a preparation with an assurance costs what enumerating scenarios, or the risk envelope, says."""
    parts = program_of(instance)
    way = by_subsets if "probability" in row else by_envelope
    expected = way(parts, row["group"], row["unmet"], row.get("probability", row.get("level")))
    instance = instance.replace(assurances=[row])
    if np.isinf(expected):
        with pytest.raises(InstanceError, match="the best that can be reached"):
            co.prepare(instance, gap=GAP, figures=False)
        return False
    found = co.prepare(instance, gap=GAP, figures=False)
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(expected, rel=1e-5)
    verdict = co.verify(found)
    assert verdict.ok, str(verdict)
    assert verdict.checked["assurance"] > 5
    return found.objective > least(parts, []) * (1 + 1e-6)


@pytest.mark.parametrize("measure", [{"probability": 0.7}, {"level": 0.75}])
def test_assurances_cost_what_another_formulation_says(measure):
    """A chance constraint is the best of all sets of scenarios; CVaR the worst reweighting; both bind."""
    instance = town({"budget": 2000, "money_weight": 10}, needs=NEEDS)
    assert assured(instance, {"group": "general", "unmet": 0.1} | measure)


@pytest.mark.thorough
def test_assurances_cost_what_another_formulation_says_often():
    """The same on sixty random towns; at least one in four binds."""
    assert sum(assured(*assured_case(seed)) for seed in range(100, 160)) >= 15


def test_an_assurance_of_everybody(tmp_path):
    """For sure is CVaR at level 1, the mean at level 0 asks for less; figures hold, what is written verifies."""
    tables = {"needs": NEEDS}
    policy = {"budget": 2000, "money_weight": 10}
    sure, worst, mean = (
        co.prepare(town(policy, assurances=[{"unmet": 0.4, **row}], **tables), gap=GAP, figures=figures)
        for row, figures in (({"probability": 1.0}, True), ({"level": 1.0}, False), ({"level": 0.0}, False))
    )
    assert sure.objective == pytest.approx(worst.objective, rel=1e-5)
    assert mean.objective <= sure.objective * (1 + 1e-7)
    assert sure.figures["evpi"] >= -1e-6
    assert sure.figures["vss"] is None or sure.figures["vss"] >= -1e-3
    assert "extensive: table assurances" in sure.solver["solve"]
    sure.save(tmp_path / "out")
    again = co.Preparation.load(tmp_path / "out")
    assert again.tables["assured"].equals(sure.tables["assured"])
    assert co.verify(tmp_path / "out").ok
    for change in ({"unmet": 0.9}, {"need": 1.1}):
        table = sure.tables["assured"].copy()
        column, factor = next(iter(change.items()))
        table[column] = table["need"] * factor
        assert not co.verify(dataclasses.replace(sure, tables=dict(sure.tables) | {"assured": table})).ok
    told = [dict(sure.assured[0], found=0.5)]
    assert not co.verify(dataclasses.replace(sure, assured=told)).ok


LOSSES = [
    {"table": "places", "id": "depot"},
    {"table": "roads", "id": "r"},
    {"table": "parties", "id": "helper", "start": 1},
]
PARTIES = [
    {"party": "core", "kind": "core", "zone": "city"},
    {"party": "helper", "kind": "volunteers", "zone": "city", "superior": "core"},
]
EFFECTS_OF = {
    "depot": [{"table": table, "where": "depot", "factor": 0} for table in ("stocks", "arrivals", "places")],
    "r": [{"table": "roads", "where": "r", "factor": 0}],
    "helper": [{"table": "fleets", "where": "van", "factor": 0, "start": 1}],
}


def losing_town(policy, **tables):
    """Return the town with a second party whose van brings what the truck does not."""
    base = town()
    truck = base.given("fleets").to_dict("records")[0]
    van = truck | {"fleet": "van", "party": "helper"}
    return town(policy, parties=PARTIES, fleets=[truck, van], **tables)


def as_scenarios(most):
    """Return all losses of at most so many things as scenarios and effects, written here."""
    every = [one for size in range(most + 1) for one in combinations(EFFECTS_OF, size)]
    scenarios = [
        {"scenario": f"x{n}", "hazard": "any" if one else "none", "probability": 1 / len(every)}
        for n, one in enumerate(every)
    ]
    effects = [{"scenario": f"x{n}"} | e for n, one in enumerate(every) for thing in one for e in EFFECTS_OF[thing]]
    return every, scenarios, effects


def test_losses_as_all_of_them_written_out():
    """The worst loss alone is the worst case over scenarios that spell all losses out, solved as one program."""
    every, scenarios, effects = as_scenarios(2)
    spelt = losing_town({"risk": {"lambda": 1, "level": 1}}, scenarios=scenarios, effects=effects)
    expected = co.prepare(spelt, gap=GAP, figures=False)
    found = co.prepare(losing_town({"risk": {"lambda": 1, "losses": 2}}, losses=LOSSES), gap=GAP, figures=False)
    assert found.objective == pytest.approx(expected.objective, rel=1e-6)
    assert len(found.tables["loss_costs"]) == len(every) == 7
    verdict = co.verify(found)
    assert verdict.ok, str(verdict)
    table = found.tables["loss_costs"]
    assert not co.verify(dataclasses.replace(found, tables=dict(found.tables) | {"loss_costs": table.iloc[1:]})).ok
    doubled = table.assign(cost=table["cost"] * 2)
    assert not co.verify(dataclasses.replace(found, tables=dict(found.tables) | {"loss_costs": doubled})).ok


def test_losses_beside_scenarios():
    """Half the worst loss, half the mean: each loss costs what a plan after it costs, figures are not negative."""
    _, scenarios, effects = as_scenarios(1)
    instance = losing_town({"budget": 1500, "risk": {"lambda": 0.5, "losses": 1}}, losses=LOSSES)
    found = co.prepare(instance, gap=GAP)
    after = found.prepared().replace(scenarios=scenarios, effects=effects)
    assert after.losses.empty
    plans = {"x0": None, "x1": "places:depot", "x2": "roads:r", "x3": "parties:helper"}
    told = {
        lost if isinstance(lost, str) else None: cost
        for lost, cost in found.tables["loss_costs"][["lost", "cost"]].to_numpy()
    }
    for name, lost in plans.items():
        assert co.plan(after, scenario=name, gap=GAP).objective == pytest.approx(told[lost], rel=1e-6, abs=1e-4)
    costs = found.scenario_costs
    mean = float(costs["probability"] @ costs["cost"])
    assert found.terms["response"] == pytest.approx(0.5 * mean + 0.5 * max(told.values()))
    for name in ("evpi", "vss", "ignoring_disruption"):
        assert found.figures[name] >= -1e-6 * found.objective
    assert co.verify(found).ok


ROTATION = [{"place": "depot", "taker": "core", "commodity": "rice", "per_period": 4, "credit": 12}]
OLD = [stock(3, expires=0), stock(10, expires=1), stock(5)]


def test_rotation_as_stock_exchanged_by_hand():
    """Of rice that expires in periods 0 and 1 at most 4 and 8 units can be eaten in time; the best exchange is found.

    A unit costs 20 less 12. Every whole exchange is tried: the preparation of the town whose stock is already
    exchanged, and 8 a unit, costs no less, and the best of them as much.
    """
    policy = {"money_weight": 0.05}
    bare = {"needs": [need(30, 2)], "options": [], "moves": [], "standby": [], "scenarios": [], "effects": []}
    bare["purchases"] = [{"place": "depot", "commodity": "rice", "owner": "core", "unit_money": 20, "max": 12}]
    found = co.prepare(town(policy, stocks=OLD, rotation=ROTATION, **bare), gap=GAP, figures=False)
    tried = {}
    for first, second in ((0, 0), (0, 8), (3, 5)):
        stocks = [stock(3 - first, expires=0), stock(10 - second, expires=1), stock(5 + first + second)]
        left = [dict(bare["purchases"][0], max=12 - first - second)]
        other = co.prepare(town(policy, stocks=stocks, **(bare | {"purchases": left})), gap=GAP, figures=False)
        tried[first, second] = other.objective + 0.05 * 8 * (first + second)
    assert found.objective == pytest.approx(min(tried.values()), rel=1e-6)
    assert found.objective < tried[0, 0]
    rows = found.first_stage[found.first_stage["what"] == "rotation"]
    assert (rows["money"] == 8 * rows["quantity"]).all()
    assert set(rows["id"]) == {"core"}
    verdict = co.verify(found)
    assert verdict.ok, str(verdict)
    assert verdict.checked["rotation"] > 5
    stocks = found.prepared().stocks
    assert stocks["quantity"].sum() == pytest.approx(
        18 + found.first_stage.query("what == 'purchase'")["quantity"].sum()
    )
    assert co.plan(found.prepared(), gap=GAP).objective == pytest.approx(found.scenario_costs["cost"][0], rel=1e-6)
    for change in ({"quantity": 11.0}, {"money": 1.0}, {"id": "nobody"}, {"expires": 2.0}):
        wrong = found.first_stage.copy()
        for column, value in change.items():
            wrong.loc[rows.index[0], column] = value
        broken = co.verify(dataclasses.replace(found, tables=dict(found.tables) | {"first_stage": wrong}))
        assert any(violation.rule == "rotation" for violation in broken.violations), change


BAD = [
    ({"assurances": [{"unmet": 0.1}]}, "exactly one of probability and level"),
    ({"assurances": [{"unmet": 0.1, "probability": 0.9, "level": 0.5}]}, "found 'both'"),
    ({"losses": [{"table": "roads", "id": "rr"}]}, "found 'rr'"),
    ({"losses": [{"table": "roads", "id": "r", "start": 2, "end": 1}]}, "a period not before start"),
    ({"losses": LOSSES[:2]}, "no losses; expected losses, for table losses"),
    ({"policy": {"risk": {"lambda": 1, "losses": 1}}}, "expected what may be lost"),
    ({"policy": {"risk": {"losses": 1}}, "losses": LOSSES[:2]}, "a weight of the worst loss"),
    ({"policy": {"risk": {"lambda": 1, "losses": 0.5}}}, "a whole number of losses"),
    ({"rotation": [ROTATION[0] | {"credit": 21}]}, "at most the price of a unit bought there"),
]


@pytest.mark.parametrize(("tables", "message"), BAD)
def test_bad_input_is_named(tables, message):
    """What does not fit is named before anything is built."""
    with pytest.raises(InstanceError, match=message):
        co.prepare(town(**tables))


def test_what_cannot_be_kept_is_named(monkeypatch):
    """The best that can be reached is said; too many losses are refused; idle rotation is told."""
    row = {"unmet": 0.0, "probability": 0.9}
    with pytest.raises(InstanceError, match=r"found 0.9; expected at most 0.8.*best that can be reached"):
        co.prepare(town({"budget": 0}, needs=[need(20, 2)], moves=[], assurances=[row]), figures=False)
    monkeypatch.setattr("coordination.preparation.losing.MOST_LOSSES", 3)
    with pytest.raises(UsageError, match="makes 4 losses; a preparation lists at most 3"):
        co.prepare(losing_town({"risk": {"lambda": 1, "losses": 1}}, losses=LOSSES))
    found = co.prepare(town(rotation=ROTATION), figures=False)
    assert "rotation, row 2" in found.notes[0]


def test_risk_tables_change_no_plan():
    """Plans, and preparations without the policy key, heed none of these tables."""
    bare = town()
    with_them = town(assurances=[{"unmet": 0.1, "level": 0.5}], rotation=ROTATION)
    assert co.plan(with_them, scenario="storm").objective == co.plan(bare, scenario="storm").objective
    assert pd.isna(bare.assurances["level"]).all()
