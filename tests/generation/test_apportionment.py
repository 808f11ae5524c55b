"""Whole numbers that sum exactly."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coordination.generation.apportionment import apportion, apportion_within, rank_within


@given(st.integers(0, 10**9), st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_parts_sum_to_the_total_and_stay_within_one_of_their_quota(total, weights):
    """Largest remainders give every part its quota rounded down or up, and lose nobody."""
    weights = np.array(weights)
    parts = apportion(total, weights)
    quota = total * (weights / weights.sum() if weights.sum() > 0 else np.full(len(weights), 1 / len(weights)))
    assert parts.sum() == total
    assert (np.abs(parts - quota) < 1 + 1e-6 * max(total, 1)).all()


def test_everybody_gets_the_minimum_first():
    """A minimum is given before the rest is divided by weight."""
    assert apportion(10, np.array([1.0, 0.0, 0.0]), minimum=2).tolist() == [6, 2, 2]


def test_ties_go_to_the_earlier():
    """Equal remainders are broken by order, so that a city is always divided the same way."""
    assert apportion(3, np.ones(2)).tolist() == [2, 1]


def test_each_group_keeps_its_own_total():
    """What is divided within groups sums to each group's total."""
    groups = np.array([0, 0, 1, 1, 1])
    parts = apportion_within(np.array([7, 100]), np.array([1.0, 2.0, 1.0, 1.0, 1.0]), groups)
    assert np.bincount(groups, parts).tolist() == [7, 100]


def test_members_are_numbered_within_their_group():
    """Each group's members are numbered from 0."""
    assert rank_within(np.array([4, 4, 7, 7, 7, 9])).tolist() == [0, 1, 0, 1, 2, 0]
