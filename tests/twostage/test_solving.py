"""Extensive form, decomposition and enumeration agree; figures on information are what they say."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from coordination.errors import UsageError
from coordination.solver import SolverOptions
from coordination.status import Status
from coordination.twostage import Risk, Scenario, TwoStageProgram, evaluate, information, solve, stage

from .programs import best_by_enumeration, cost_by_scipy, stores

TIGHT = SolverOptions(gap=1e-7, threads=1)
LOOSE = SolverOptions(gap=1e-5, threads=1)
RISKS = [Risk(), Risk(weight=0.4, level=0.8), Risk(weight=1.0, level=0.6), Risk(weight=0.7, level=1.0)]


def agree(seed, risk, *, hard):
    """Fail unless both ways find what enumeration finds, and say what it costs in each scenario."""
    program = stores(seed, count=4, places=2, hard=hard)
    expected = best_by_enumeration(program, risk.weight, risk.level)
    for method in ("extensive", "benders"):
        answer = solve(program, risk=risk, method=method, options=TIGHT)
        assert answer.status is Status.OPTIMAL
        assert answer.method == method
        assert answer.objective == pytest.approx(expected, rel=1e-6)
        assert answer.bound <= answer.objective + 1e-6 * abs(answer.objective)
        costs = np.array([cost_by_scipy(program, number, answer.x) for number in range(len(program.scenarios))])
        total = program.first.objective(answer.x) + risk.of(costs, program.probabilities)
        assert answer.objective == pytest.approx(total, rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("risk", RISKS, ids=str)
def test_both_ways_find_the_optimum(seed, risk):
    """Random programs with whole first stage, technology and recourse that differ by scenario."""
    agree(seed, risk, hard=seed % 2 == 1)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 220))
def test_both_ways_find_the_optimum_often(seed):
    """The same, many times."""
    agree(seed, RISKS[seed % 4], hard=seed % 3 == 0)


@pytest.mark.parametrize("risk", RISKS, ids=str)
@pytest.mark.parametrize("seed", [1])
def test_continuous_programs_of_many_scenarios(seed, risk):
    """Many scenarios, nothing whole: decomposition and extensive form agree, bounds never fall, values never rise."""
    program = stores(seed, count=40, places=3, clients=4, whole=False)
    whole = solve(program, risk=risk, method="extensive", options=LOOSE)
    seen = []
    parts = solve(program, risk=risk, method="benders", options=LOOSE, on_round=seen.append)
    assert parts.status is Status.OPTIMAL
    assert parts.objective == pytest.approx(whole.objective, rel=2e-5)
    assert seen == parts.rounds
    assert all(a.bound <= b.bound for a, b in pairwise(seen))
    assert all(a.value >= b.value for a, b in pairwise(seen) if a.stage == b.stage)
    assert parts.costs == pytest.approx(evaluate(program, parts.x)[0], rel=1e-6)


@pytest.mark.parametrize("risk", RISKS, ids=str)
def test_information_is_not_negative(risk):
    """Knowing never costs, reckoning with all scenarios never either; each scenario alone bounds its own cost."""
    program = stores(5)
    answer = solve(program, risk=risk, options=TIGHT)
    found = information(program, answer, risk=risk, options=TIGHT)
    assert found.evpi >= -1e-6
    assert found.vss >= -1e-6
    total = program.first.objective(answer.x) + answer.costs
    assert (found.each <= total + 1e-6).all()


def test_one_scenario_is_no_uncertainty():
    """With one scenario nothing is to be known."""
    program = stores(3, count=1)
    answer = solve(program, options=TIGHT)
    found = information(program, answer, options=TIGHT)
    assert found.evpi == pytest.approx(0.0, abs=1e-6)
    assert found.vss == pytest.approx(0.0, abs=1e-6)


def test_whole_recourse_goes_to_the_extensive_form():
    """Asked for a decomposition, a program with whole recourse says why it is solved otherwise."""
    program = stores(2)
    forms = [replace(one.form, integrality=np.ones_like(one.form.integrality)) for one in program.scenarios]
    whole = replace(
        program,
        scenarios=tuple(replace(one, form=form) for one, form in zip(program.scenarios, forms, strict=True)),
    )
    answer = solve(whole, method="benders", options=TIGHT)
    assert answer.method == "extensive"
    assert "whole numbers, though benders was asked for" in answer.log[0]
    assert answer.objective >= solve(program, options=TIGHT).objective - 1e-6


def test_costs_without_lower_bound_go_to_the_extensive_form():
    """A scenario that can gain without end for some first stage gives the decomposition nothing to begin with."""
    free = stage(np.zeros((0, 1)), 3.0, row_lower=0, row_upper=0)
    gain = stage([[1.0]], -1.0, row_lower=-np.inf, row_upper=0.0)
    program = TwoStageProgram(free, (Scenario("gain", 1.0, np.array([[-1.0]]), gain),))
    answer = solve(program, method="benders")
    assert answer.method == "extensive"
    assert "'gain' has no lower bound" in answer.log[0]
    assert answer.objective == pytest.approx(0.0)


def test_infeasible_is_an_answer():
    """Where no first stage leaves every scenario an answer, both ways say so."""
    first = stage([[1.0]], 1.0, row_lower=-np.inf, row_upper=2.0)
    need = stage([[1.0]], 1.0, row_lower=5.0, row_upper=np.inf, ub=1.0)
    program = TwoStageProgram(first, (Scenario("too much", 1.0, np.array([[1.0]]), need),))
    for method in ("extensive", "benders"):
        assert solve(program, method=method).status is Status.INFEASIBLE


def test_the_way_is_chosen_by_size():
    """Few scenarios: extensive; many of some size: decomposition."""
    assert solve(stores(1)).method == "extensive"
    many = stores(1, count=120, places=12, clients=14, whole=False)
    answer = solve(many)
    assert answer.method == "benders"
    assert answer.gap <= 1e-4


def test_time_is_kept():
    """Without any time there is no answer, and that is said."""
    program = stores(1, count=60, places=5, clients=6, whole=False)
    answer = solve(program, method="benders", options=SolverOptions(time_limit=0.0))
    assert answer.status in {Status.TIME_LIMIT, Status.FEASIBLE}
    assert answer.gap > 0


def test_bad_programs_are_named():
    """Probabilities that do not sum to one, shapes that do not fit, unknown methods."""
    program = stores(1)
    with pytest.raises(UsageError, match=r"sum to 0\.\d+; expected 1"):
        replace(program, scenarios=program.scenarios[:-1])
    with pytest.raises(UsageError, match=r"'s0'.*shape"):
        replace(program, scenarios=(replace(program.scenarios[0], technology=np.zeros((1, 1)), probability=1.0),))
    with pytest.raises(UsageError, match="probability -1"):
        replace(program, scenarios=(replace(program.scenarios[0], probability=-1.0),))
    with pytest.raises(UsageError, match="method is 'magic'"):
        solve(program, method="magic")
    with pytest.raises(UsageError, match="at least one scenario"):
        replace(program, scenarios=())
