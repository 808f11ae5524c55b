"""A two-stage program for mpi-sppy: each scenario as a Pyomo model, made where it is asked for.

>>> from mpisppy.opt.ef import ExtensiveForm                                       # doctest: +SKIP
>>> from coordination.twostage import for_mpi_sppy                                # doctest: +SKIP
>>> form = ExtensiveForm({"solver": "appsi_highs"}, **for_mpi_sppy(program))       # doctest: +SKIP

mpi-sppy is an extra: ``pip install coordination[mpi]``. Its own options choose a measure of risk; what is handed over
here is the mean.

Source: Knueven, B., Mildebrath, D., Muir, C., Siirola, J., Watson, J.-P. and Woodruff, D. (2023), A parallel
hub-and-spoke system for large-scale scenario-based optimization under uncertainty, Mathematical Programming
Computation 15.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.errors import UsageError

if TYPE_CHECKING:
    import scipy.sparse as sp

    from coordination.compilation.matrix import MatrixForm
    from coordination.twostage.program import Scenario, TwoStageProgram


def for_mpi_sppy(program: TwoStageProgram) -> dict[str, Any]:
    """Return the arguments of mpi-sppy's solvers that describe a program.

    Parameters
    ----------
    program : TwoStageProgram
        Its scenarios have names of their own.

    Returns
    -------
    dict
        ``all_scenario_names``, ``scenario_creator``, ``scenario_creator_kwargs``.

    Raises
    ------
    UsageError
        If two scenarios have one name.
    """
    names = [one.name for one in program.scenarios]
    if len(set(names)) < len(names):
        raise UsageError("two scenarios have one name; mpi-sppy tells them apart by it")
    return {
        "all_scenario_names": names,
        "scenario_creator": scenario_creator,
        "scenario_creator_kwargs": {"program": program},
    }


def scenario_creator(name: str, *, program: TwoStageProgram) -> Any:
    """Return a scenario as a Pyomo model, its first stage declared to mpi-sppy.

    Parameters
    ----------
    name : str
        Of the scenario.
    program : TwoStageProgram
        The program.

    Raises
    ------
    UsageError
        If mpi-sppy is not installed, or there is no such scenario.
    """
    try:
        from mpisppy.utils.sputils import attach_root_node
    except ImportError as error:
        raise UsageError('mpi-sppy is not installed; install it: pip install "coordination[mpi]"') from error
    scenario = next((one for one in program.scenarios if one.name == name), None)
    if scenario is None:
        raise UsageError(f"{name!r} is no scenario of the program")
    model = pyomo_scenario(program, scenario)
    attach_root_node(model, model.first_cost, [model.x])
    model._mpisppy_probability = scenario.probability
    return model


def pyomo_scenario(program: TwoStageProgram, scenario: Scenario) -> Any:
    """Return a scenario alone, both stages, as a Pyomo model.

    Parameters
    ----------
    program, scenario : TwoStageProgram, Scenario
        What is decided, and for which scenario.

    Returns
    -------
    pyomo.environ.ConcreteModel
        Variables ``x`` (first stage), ``y``; constraints ``first``, ``second``; expression ``first_cost``; objective
        ``cost``: the first stage's cost and the scenario's.
    """
    import pyomo.environ as pyo

    model = pyo.ConcreteModel(scenario.name)
    model.x = _variables(program.first)
    model.y = _variables(scenario.form)
    model.first_cost = pyo.Expression(expr=_cost(model.x, program.first))
    model.cost = pyo.Objective(expr=model.first_cost + _cost(model.y, scenario.form))
    model.first = _rows([(model.x, program.first.matrix)], program.first)
    model.second = _rows([(model.x, scenario.technology), (model.y, scenario.form.matrix)], scenario.form)
    return model


def _variables(form: MatrixForm) -> Any:
    import pyomo.environ as pyo

    def finite(value: float) -> float | None:
        return value if np.isfinite(value) else None

    return pyo.Var(
        range(form.columns),
        domain=lambda _, j: pyo.Integers if form.integrality[j] else pyo.Reals,
        bounds=lambda _, j: (finite(float(form.lb[j])), finite(float(form.ub[j]))),
    )


def _cost(variables: Any, form: MatrixForm) -> Any:
    from pyomo.core.expr.numeric_expr import LinearExpression

    some = np.flatnonzero(form.c).tolist()
    return LinearExpression(
        constant=float(form.offset), linear_coefs=form.c[some].tolist(), linear_vars=[variables[j] for j in some]
    )


def _rows(parts: list[tuple[Any, sp.csc_array[Any]]], form: MatrixForm) -> Any:
    """Return the rows of a stage; those without any entry are left out where they hold anyway."""
    import pyomo.environ as pyo
    from pyomo.core.expr.numeric_expr import LinearExpression

    sides = [(variables, matrix.tocsr()) for variables, matrix in parts]
    made = []
    for row in range(form.rows):
        coefficients, members = [], []
        for variables, matrix in sides:
            at = slice(matrix.indptr[row], matrix.indptr[row + 1])
            coefficients += matrix.data[at].tolist()
            members += [variables[j] for j in matrix.indices[at].tolist()]
        low, high = (float(bound) for bound in (form.row_lower[row], form.row_upper[row]))
        if not np.isfinite([low, high]).any() or (not members and low <= 0.0 <= high):
            continue
        body = LinearExpression(linear_coefs=coefficients, linear_vars=members) if members else 0.0
        made.append((low if np.isfinite(low) else None, body, high if np.isfinite(high) else None))
    return pyo.Constraint(range(len(made)), rule=lambda _, number: _relation(*made[number]))


def _relation(low: float | None, body: Any, high: float | None) -> Any:
    import pyomo.environ as pyo

    if isinstance(body, float):
        return pyo.Constraint.Infeasible
    return body == low if low == high else (low, body, high)
