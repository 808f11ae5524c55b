"""Compares a compiled matrix, entry by entry, with Pyomo's own LinearStandardFormCompiler."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from coordination.compilation import MatrixForm, compile_model, construct


def assert_same(model: Any, data: Mapping[str, Any], fixed: Mapping[str, Any] | None = None) -> MatrixForm:
    """Fail unless both ways give the same columns, rows, coefficients, bounds, integrality and objective."""
    form = compile_model(model, data, fixed=fixed)
    concrete = construct(model, data, fixed=fixed)
    assert set(form.variables) == {v.name for v in concrete.component_objects(pyo.Var)}
    columns = _columns(form)
    assert_same_columns(form, concrete, columns)
    try:
        standard = LinearStandardFormCompiler().write(_with_objective(concrete), mixed_form=True, set_sense=None)
    except InfeasibleConstraintException:
        assert any(not _says_nothing(form, row) and not (form.index == row).any() for row in range(form.rows))
        return form
    names = [columns[v.parent_component().name, v.index()] for v in standard.columns]
    held = [columns[v.parent_component().name, v.index()] for v in concrete.component_data_objects(pyo.Var) if v.fixed]
    folded = _folded(form, held) if held else form
    assert_same_rows(folded, standard, names)
    assert_same_objective(folded, concrete, standard, names)
    return form


def _folded(form: MatrixForm, held: list[int]) -> MatrixForm:
    """Return the form with fixed columns as constants, as Pyomo writes them (a row keeps its place)."""
    x = np.zeros(form.columns)
    x[held] = form.lb[held]
    matrix, cost, moved = form.matrix.tolil(), form.c.copy(), form.matrix @ x
    matrix[:, held], cost[held] = 0.0, 0.0
    rest = matrix.tocsc()
    return replace(
        form, start=rest.indptr, index=rest.indices, value=rest.data, c=cost, offset=form.objective(x),
        row_lower=form.row_lower - moved, row_upper=form.row_upper - moved, terms={},
    )  # fmt: skip


def _with_objective(concrete: Any) -> Any:
    if not list(concrete.component_data_objects(pyo.Objective, active=True)):
        concrete._no_objective = pyo.Objective(expr=0.0)
    return concrete


def _columns(form: MatrixForm) -> dict[tuple[str, Any], int]:
    found = {}
    for name, labels in form.variables.items():
        for column, index in zip(range(labels.slice.start, labels.slice.stop), labels.index, strict=True):
            found[name, index] = column
    assert len(found) == form.columns
    return found


def assert_same_columns(form: MatrixForm, concrete: Any, columns: Mapping[tuple[str, Any], int]) -> None:
    """Fail unless every variable has its column with its bounds and integrality."""
    seen = 0
    for v in concrete.component_data_objects(pyo.Var):
        column = columns[v.parent_component().name, v.index()]
        low, high = (v.value, v.value) if v.fixed else v.bounds
        assert form.lb[column] == (-np.inf if low is None else low), v.name
        assert form.ub[column] == (np.inf if high is None else high), v.name
        assert form.integrality[column] == v.is_integer(), v.name
        seen += 1
    assert seen == form.columns


def assert_same_rows(form: MatrixForm, standard: Any, names: list[int]) -> None:
    """Fail unless every row that Pyomo writes is there with its coefficients and bounds, and no other."""
    rows = {
        (name, index): row
        for name, labels in form.constraints.items()
        for row, index in zip(range(labels.slice.start, labels.slice.stop), labels.index, strict=True)
    }
    assert len(rows) == form.rows
    matrix, theirs = form.matrix.tocsr(), standard.A.tocsr()
    bounds = {row: [-np.inf, np.inf] for row in rows.values()}
    for at, (entry, rhs) in enumerate(zip(standard.rows, standard.rhs, strict=True)):
        row = rows[entry.constraint.parent_component().name, entry.constraint.index()]
        ours = matrix[[row], :].toarray().ravel()
        expected = np.zeros(form.columns)
        expected[names] = theirs[[at], :].toarray().ravel()
        assert ours == pytest.approx(expected, rel=1e-12, abs=1e-12), entry.constraint.name
        if entry.bound_type <= 0:
            bounds[row][0] = rhs
        if entry.bound_type >= 0:
            bounds[row][1] = rhs
    for (name, index), row in rows.items():
        if bounds[row] == [-np.inf, np.inf]:
            assert _says_nothing(form, row), f"{name}[{index}] is no row for Pyomo"
            continue
        found = [form.row_lower[row], form.row_upper[row]]
        assert found == pytest.approx(bounds[row], rel=1e-12, abs=1e-12), f"{name}[{index}]"


def _says_nothing(form: MatrixForm, row: int) -> bool:
    """Return whether a row binds nothing; terms that Pyomo cancels to nothing may leave rounding with us."""
    empty = not (np.abs(form.value[form.index == row]) > 1e-12).any()
    holds = form.row_lower[row] <= 1e-12 and form.row_upper[row] >= -1e-12
    return (empty and holds) or (np.isinf(form.row_lower[row]) and np.isinf(form.row_upper[row]))


def assert_same_objective(form: MatrixForm, concrete: Any, standard: Any, names: list[int]) -> None:
    """Fail unless coefficients, constant and sense agree, and the terms sum up to the whole."""
    expected = np.zeros(form.columns)
    expected[names] = standard.c.toarray()[0]
    assert form.c == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert form.offset == pytest.approx(float(standard.c_offset[0]), rel=1e-12, abs=1e-12)
    objective = next(concrete.component_data_objects(pyo.Objective, active=True))
    assert form.maximize == (objective.sense == pyo.maximize)
    if any(v.fixed for v in concrete.component_data_objects(pyo.Var)):
        return  # the terms are those of the whole form
    x = np.linspace(-1.0, 2.0, form.columns)
    assert sum(form.term_values(x).values()) == pytest.approx(form.objective(x), abs=1e-9)


def no_fallback(caplog):
    """Fail if a component was built index by index."""
    assert not [record for record in caplog.records if record.name.startswith("coordination.compilation")]
