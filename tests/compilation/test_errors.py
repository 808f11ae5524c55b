"""What does not fit together is said by name and index, never compiled to something else."""

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest

from coordination.compilation import CompilationError, compile_model

from .models import HUBS, LANES, holding, holding_data, shipping, shipping_data


def refused(model, data, *parts):
    """Fail unless compiling raises one error whose message has all parts."""
    if not list(model.component_objects(pyo.Objective)):
        model.objective = pyo.Objective(rule=lambda m: 0)
    with pytest.raises(CompilationError) as caught:
        compile_model(model, data)
    for part in parts:
        assert part in str(caught.value)


def test_a_variable_that_does_not_exist():
    """A reference past the end names variable, index and the row that refers to it."""
    m = holding()
    m.shifted = pyo.Constraint(m.HOLD, rule=lambda m, p, k, t: m.level[p, k, t] >= m.level[p, k, t - 1])
    refused(m, holding_data(), "shifted[('b', 7, 0)]", "level[('b', 7, -1)]", "does not exist")


def test_a_variable_that_does_not_exist_within_a_sum():
    """The row is named, not the position inside the sum."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, rule=lambda m, h: sum(m.ship[h, i, t + 1] for i in m.FROM[h] for t in m.T) <= 1)
    refused(m, shipping_data(), "limit['A']", "ship[('A', 'x', 4)]")


def test_a_combination_that_does_not_exist():
    """Each index exists somewhere, but not together."""
    m = shipping()
    m.TOWNS = pyo.Set()
    m.limit = pyo.Constraint(m.HUBS, m.TOWNS, rule=lambda m, h, i: m.ship[h, i, 0] <= 1)
    refused(m, shipping_data() | {"TOWNS": pd.Index(["x", "y"])}, "limit[('B', 'x')]", "ship[('B', 'x', 0)]")


def test_an_unknown_constant_index():
    """A misspelt constant index is an error."""
    m = shipping()
    m.limit = pyo.Constraint(rule=lambda m: m.left["Z", 0] <= 1)
    refused(m, shipping_data(), "limit", "left[('Z', 0)]")


def test_a_reference_from_within_a_named_expression():
    """The constraint that uses the expression is named."""
    m = holding()
    m.change = pyo.Expression(m.HOLD, rule=lambda m, p, k, t: m.level[p, k, t] - m.level[p, k, t - 1])
    m.limit = pyo.Constraint(m.HOLD, rule=lambda m, p, k, t: m.change[p, k, t] <= 1)
    refused(m, holding_data(), "limit[('b', 7, 0)]", "level[('b', 7, -1)]")


def test_a_parameter_without_a_value():
    """A parameter that the data leaves out and that has no default is named with its index."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=lambda m, h, t: m.left[h, t] <= m.stock[h])
    data = shipping_data() | {"stock": pd.Series({"A": 8.0, "C": 1.0})}
    refused(m, data, "limit[('B', 0)]", "stock['B']", "no value")


def test_a_missing_value_that_nobody_needs_is_fine():
    """Only values that a rule asks for must be there."""
    m = shipping()
    m.limit = pyo.Constraint(rule=lambda m: m.left["A", 0] <= m.stock["A"])
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    assert compile_model(m, shipping_data() | {"stock": pd.Series({"A": 8.0})}).row_upper.tolist() == [8]


def test_an_indexed_set_outside_of_its_index():
    """Asking an indexed set for an index that it cannot have is an error."""
    m = shipping()
    m.limit = pyo.Constraint(m.LANES, rule=lambda m, h, i: sum(m.ship[h, j, 0] for j in m.FROM[i]) <= 1)
    refused(m, shipping_data(), "limit[('A', 'x')]", "FROM['x']")


def test_the_wrong_number_of_indices():
    """The number of indices is checked with both names."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, rule=lambda m, h: m.left[h] <= 1)
    refused(m, shipping_data(), "limit", "left", "1 indices", "2 are expected")


def test_a_product_of_variables():
    """What is not linear is said, after Pyomo had its say too."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=lambda m, h, t: m.left[h, t] * m.spare <= 1)
    refused(m, shipping_data(), "limit", "not linear")


def test_division_by_zero():
    """A parameter of zero below the line is named by its row."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=lambda m, h, t: m.left[h, t] / m.stock[h] <= 1)
    refused(m, shipping_data() | {"stock": pd.Series({"A": 1.0, "B": 0.0, "C": 1.0})}, "limit[('B', 0)]", "zero")


def test_an_infinite_coefficient():
    """A coefficient must be a finite number."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=lambda m, h, t: m.stock[h] * m.left[h, t] <= 1)
    data = shipping_data() | {"stock": pd.Series({"A": 1.0, "B": np.inf, "C": 1.0})}
    refused(m, data, "limit[('B', 0)]", "no finite number")


def test_infinite_right_hand_sides_are_no_bounds():
    """An infinite limit is a row without a bound."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, rule=lambda m, h: m.left[h, 0] <= m.stock[h])
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    form = compile_model(m, shipping_data() | {"stock": pd.Series({"A": 1.0, "B": np.inf, "C": 2.0})})
    assert form.row_upper.tolist() == [1, np.inf, 2]


DATA = {
    "an unknown name": ({"STOKC": HUBS}, ["STOKC", "stock"]),
    "data for a variable": ({"left": 3}, ["left", "only sets and parameters"]),
    "a wrong dimension": ({"LANES": HUBS}, ["LANES", "dimension 2", "1"]),
    "an entry twice": ({"HUBS": pd.Index(["A", "B", "A"])}, ["HUBS", "'A' twice"]),
    "a missing entry": ({"HUBS": pd.Index(["A", None, "B"])}, ["HUBS", "missing"]),
    "a parameter outside": ({"stock": pd.Series({"A": 1.0, "Z": 2.0})}, ["stock", "'Z'"]),
    "a parameter that is NaN": ({"stock": pd.Series({"A": 1.0, "B": np.nan, "C": 2.0})}, ["stock", "'B'", "NaN"]),
    "a parameter twice": ({"stock": pd.Series([1.0, 2.0], index=["A", "A"])}, ["stock", "'A'", "more than one"]),
    "a parameter of other levels": ({"cost": pd.Series({"A": 1.0})}, ["cost", "2 index levels", "1"]),
    "a parameter of text": ({"stock": pd.Series({"A": "many"})}, ["stock", "numbers are expected", "many"]),
    "an array of another size": ({"stock": np.ones(2)}, ["stock", "3 values", "2"]),
    "members of a stranger": ({"FROM": pd.DataFrame([("Z", "x")])}, ["FROM", "'Z'"]),
    "a member twice": ({"FROM": pd.DataFrame([("A", "x"), ("B", "y"), ("A", "x")])}, ["FROM", "'x'", "twice"]),
    "members of another width": ({"FROM": pd.DataFrame([("A", "x", 1)])}, ["FROM", "3"]),
    "members of another kind": ({"FROM": 7}, ["FROM", "int"]),
}


@pytest.mark.parametrize(("change", "parts"), DATA.values(), ids=DATA.keys())
def test_data_that_do_not_fit(change, parts):
    """Data are checked against the declarations before anything is built."""
    refused(shipping(), shipping_data() | change, *parts)


def test_an_index_text_used_as_a_number():
    """Text in arithmetic is an error, not a code."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, rule=lambda m, h: m.left[h, 0] <= h + 1)
    refused(m, shipping_data(), "not a number")


def test_two_objectives():
    """There is one objective."""
    m = shipping()
    m.first = pyo.Objective(rule=lambda m: m.spare)
    m.second = pyo.Objective(rule=lambda m: m.spare)
    refused(m, shipping_data(), "first", "second")


def test_a_kind_of_component_that_is_no_matrix():
    """Components beyond linear programs are named."""
    m = shipping()
    m.choice = pyo.SOSConstraint(var=m.left, sos=1)
    refused(m, shipping_data(), "choice", "SOSConstraint")


def test_a_rule_that_fails_says_why():
    """What goes wrong inside a rule reaches the reader with the component's name."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, rule=lambda m, h: m.lefd[h, 0] <= 1)
    refused(m, shipping_data(), "limit", "lefd")


def test_equality_of_text_is_not_silently_false():
    """A rule that compares an index with a text is built index by index: Pyomo's symbols would say no to all."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, rule=lambda m, h: m.left[h, 0] <= (5 if h in ("A", "B") else 9))
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    assert compile_model(m, shipping_data()).row_upper.tolist() == [5, 5, 9]


def test_a_label_made_of_an_index_is_not_silently_another():
    """A rule that formats an index into a text is built index by index."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, rule=lambda m, h: m.left[f"{h}", 0] <= 1)
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    assert compile_model(m, shipping_data()).rows == 3


def test_lanes_are_what_the_tests_say():
    """The shared data has the lanes that the messages above name."""
    assert ("B", "x") not in LANES
