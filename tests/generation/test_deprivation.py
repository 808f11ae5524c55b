"""Cost of going without, and the breakpoints it is cut to."""

from itertools import pairwise

import pytest

from coordination.generation.catalogue import GOODS
from coordination.generation.deprivation import breakpoints, carry_over, deprivation_cost

YUAN = 6.2
WATER = GOODS[0]


def test_breakpoints_are_convex_for_every_good_and_period():
    """Slopes never fall, whatever the good and the length of a period: the instance contract asks for it."""
    for good in GOODS:
        for hours in (1, 2, 3, 6, 8, 12, 24):
            points = [(0, 0.0), *breakpoints(good, hours)]
            slopes = [(b - a) / (k - j) for (j, a), (k, b) in pairwise(points)]
            assert all(later >= slope - 1e-9 for slope, later in pairwise(slopes)), good


@pytest.mark.parametrize("periods", [1, 2, 3])
def test_a_person_with_nothing_bears_what_the_literature_says(periods):
    """Somebody who gets no water at all bears in the model the cost of the function for the hours gone by.

    The rules of the contract are written out here: each period's need ages, a share lapses at the price of the curve at
    one period.
    """
    heights = {0: 0.0} | dict(breakpoints(WATER, 12))
    stays, litres = carry_over(WATER, 12), 1.5
    cost = 0.0
    for now in range(periods):
        for age in range(1, now + 2):  # need of period now - age + 1
            cost += (heights[age] - heights[age - 1]) * stays ** (age - 1) * litres
            if age > 1:
                cost += heights[1] * (1 - stays) * stays ** (age - 2) * litres
    assert cost == pytest.approx(YUAN * deprivation_cost(12 * periods), rel=1e-3)


def test_half_a_period_keeps_its_root():
    """The share that stays over two half periods is that of the whole one."""
    assert carry_over(WATER, 6) ** 2 == pytest.approx(carry_over(WATER, 12), abs=1e-4)
