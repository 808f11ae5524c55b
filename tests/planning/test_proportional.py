"""Sharing out by largest remainders: the published example, the corners, and what holds of every case."""

import numpy as np
import pytest

from coordination.planning.dispatching import proportional
from coordination.planning.dispatching.proportional import share_out


@pytest.mark.parametrize(
    ("total", "needs", "pack", "given"),
    [
        (50, [10, 20, 50], 1, [6, 13, 31]),
        (50, [10, 20, 50], 5, [5, 15, 30]),
        (80, [10, 20, 50], 1, [10, 20, 50]),
        (1000, [10, 20, 50], 7, [10, 20, 50]),
        (0, [10, 20, 50], 1, [0, 0, 0]),
        (5, [0, 10, 0], 1, [0, 5, 0]),
        (5, [0, 0, 0], 1, [0, 0, 0]),
        (5, [], 1, []),
        (2, [1, 1, 1], 1, [1, 1, 0]),
        (10, [9, 9, 9], 4, [4, 4, 0]),
        (3, [2.5, 2.5], 1, [2, 1]),
        (49.9, [10, 20, 50], 1, [6, 12, 31]),
    ],
    ids=str,
)
def test_by_hand(total, needs, pack, given):
    """50 over 10, 20, 50: quotas 6.25, 12.5, 31.25, the one pack left goes to the largest remainder; ties to the first.

    Enough for all gives all their needs, broken packs too; what is less than a pack stays.
    """
    assert proportional(total, needs, pack).tolist() == given


def test_broken_packs():
    """Where packs may be broken, what is left of less than one goes to the next in line."""
    assert proportional(50.5, [10, 20, 50], breaks=True).tolist() == [6, 13, 31.5]
    assert proportional(0.5, [0.3, 0.4], breaks=True) == pytest.approx([0, 0.4])


@pytest.mark.parametrize("seed", range(200))
def test_what_always_holds(seed):
    """Nobody gets more than asked, all together no more than there is; packs are whole and next to the quotas."""
    draw = np.random.default_rng(seed)
    pack, breaks = float(draw.choice([0.5, 1, 3, 12])), bool(draw.integers(2))
    needs = np.round(draw.uniform(0, 60, draw.integers(1, 9)) * draw.integers(0, 2, 1), int(draw.integers(3)))
    needs[draw.random(len(needs)) < 0.2] = 0.0
    total = float(np.round(draw.uniform(0, 1.2) * needs.sum(), 1))
    given = proportional(total, needs, pack, breaks=breaks)
    assert (given <= needs + 1e-9).all() and (given >= 0).all()
    assert given.sum() <= total + 1e-9
    if total >= needs.sum():
        assert given.tolist() == needs.tolist()
        return
    quota = total * needs / needs.sum()
    assert (np.abs(given - quota) < pack + 1e-9).all()
    whole = np.abs(given / pack - np.round(given / pack)) < 1e-9
    assert (whole | (given == needs)).all() or (breaks and (~(whole | (given == needs))).sum() == 1)
    room = needs - given >= pack
    assert total - given.sum() < pack + 1e-9 or not room.all()


def test_several_at_once():
    """Groups are shared out apart, as each alone would be."""
    given = share_out(np.array([50.0, 3.0]), np.array([10.0, 4, 20, 50, 4]), np.array([0, 1, 0, 0, 1]), 1.0, False)
    assert given.tolist() == [6, 2, 13, 31, 1]
