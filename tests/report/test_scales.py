"""Scales of charts."""

import itertools

import pytest

from coordination.report.scales import hull, path, steps, ticks


@pytest.mark.parametrize("largest", [1e-7, 0.3, 1, 7, 99, 100, 12345, 9e12])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_ticks_cover_the_largest_value_in_even_steps(largest, count):
    """Ticks begin at 0, are evenly apart, few, and the last one is no less than the largest value."""
    values = ticks(largest, count)
    gaps = [b - a for a, b in itertools.pairwise(values)]
    assert values[0] == 0 and values[-1] >= largest * (1 - 1e-9)
    assert max(gaps) == pytest.approx(min(gaps)) and 1 <= len(gaps) <= count + 1


@pytest.mark.parametrize("nothing", [0, -1, float("nan"), float("inf")])
def test_without_a_value_there_is_still_a_scale(nothing):
    """A chart of nothing has a scale from 0 to 1."""
    assert ticks(nothing) == [0, 1]


def test_paths_and_steps_are_drawn_to_a_tenth_of_a_pixel():
    """A staircase has two corners a slot; a path says them as briefly as it goes."""
    assert path(steps([10, 20.04], 5, 10)) == "M5 10L15 10L15 20L25 20"
    assert path([], closed=True) == ""


def test_the_hull_is_the_outline():
    """Inner points and points on edges are no corners; one or two points are their own hull."""
    square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
    assert sorted(hull([*square, (1.0, 1.0), (1.0, 0.0)])) == sorted(square)
    assert hull([(1.0, 1.0), (1.0, 1.0)]) == [(1.0, 1.0)]
