"""Messages for people."""

from coordination.errors import InstanceError, Problem, shown


def test_problem_reads_as_a_sentence():
    """A message names table, row, column, what was found, what was expected and the next step."""
    problem = Problem("roads", 17, "capacity_tonnes", "-4", "a number of at least 0", "Correct it.")
    assert (
        str(problem) == "roads, row 17, column capacity_tonnes: found -4; expected a number of at least 0. Correct it."
    )
    assert str(Problem("roads", None, None, "x", "y")) == "roads: found x; expected y."


def test_shown_values_stay_on_one_short_line():
    """Found values are quoted, kept on one line and cut when long."""
    assert shown(None) == "nothing"
    assert shown("a\nb") == "'a\\nb'"
    assert shown("西安") == "'西安'"
    assert len(shown("x" * 500)) == 60


def test_many_problems_of_a_kind_are_counted():
    """The first three of a kind are printed, the others counted; all are kept."""
    problems = [Problem("needs", row, "quantity", "-1", "at least 0") for row in range(2, 12)]
    error = InstanceError([*problems, Problem("zones", 2, "zone", "''", "an id")])
    assert len(error.problems) == 11
    assert error.lines()[3] == "  … and 7 more of this kind in needs, the last in row 11."
    assert str(error).splitlines()[0] == "11 problems in the instance:"
