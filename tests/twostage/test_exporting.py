"""Two-stage programs handed to mpi-sppy: the same program, the same optimum."""

import pyomo.environ as pyo
import pytest

from coordination.errors import UsageError
from coordination.solver import SolverOptions
from coordination.solver import solve as solve_form
from coordination.twostage import extensive_form, for_mpi_sppy, solve
from coordination.twostage.exporting import pyomo_scenario, scenario_creator

from .programs import stores

TIGHT = SolverOptions(gap=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_each_scenario_is_the_same_program(seed):
    """A scenario's Pyomo model, solved by Pyomo's own way to HiGHS, costs what the scenario alone costs here."""
    program = stores(seed, count=3, whole=seed != 1)
    for number, scenario in enumerate(program.scenarios):
        model = pyomo_scenario(program, scenario)
        pyo.SolverFactory("appsi_highs").solve(model)
        alone = solve_form(extensive_form(program.of([number])), options=TIGHT)
        assert pyo.value(model.cost) == pytest.approx(alone.objective, rel=1e-6)


@pytest.mark.parametrize("whole", [True, False])
def test_the_extensive_form_of_mpi_sppy_agrees(whole):
    """mpi-sppy's ExtensiveForm over our scenario creator reaches our optimum."""
    ef = pytest.importorskip("mpisppy.opt.ef", reason="mpi-sppy is not installed")
    program = stores(6, count=5, whole=whole)
    form = ef.ExtensiveForm({"solver": "appsi_highs"}, **for_mpi_sppy(program))
    form.solve_extensive_form()
    assert form.get_objective_value() == pytest.approx(solve(program, options=TIGHT).objective, rel=1e-4)


def test_names_are_needed():
    """Scenarios of one name, and scenarios that are not there, are named."""
    program = stores(1, count=2)
    twice = program.of([0, 0])
    with pytest.raises(UsageError, match="one name"):
        for_mpi_sppy(twice)
    pytest.importorskip("mpisppy", reason="mpi-sppy is not installed")
    with pytest.raises(UsageError, match="'s9' is no scenario"):
        scenario_creator("s9", program=program)
