"""Trees of zones."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coordination.instance.areas import Areas, cycles


def test_containment_by_hand():
    """A zone contains itself and what lies below it; unknown zones contain nothing."""
    areas = Areas({"a": None, "b": "a", "c": "b", "d": "a", "e": None})
    outer = np.array(["a", "a", "b", "c", "b", "e", "x", "a"], dtype=object)
    inner = np.array(["a", "c", "c", "b", "d", "a", "x", "x"], dtype=object)
    assert areas.contains(outer, inner).tolist() == [True, True, True, False, False, False, False, False]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_containment_as_walking_up(draws):
    """One zone contains another exactly if walking up from the other meets it."""
    parents = {str(k): str(draw % k) if k and draw else None for k, draw in enumerate(draws)}
    pairs = [(outer, inner) for outer in parents for inner in parents]
    walked = []
    for outer, inner in pairs:
        zone = inner
        while zone is not None and zone != outer:
            zone = parents[zone]
        walked.append(zone == outer)
    outer, inner = (np.array(side, dtype=object) for side in zip(*pairs, strict=True))
    assert Areas(parents).contains(outer, inner).tolist() == walked


def test_cycles_by_hand():
    """Each cycle is found once, chains that lead into it are no part of it."""
    parents = {"a": "b", "b": "c", "c": "b", "d": "d", "e": None, "f": "e", "g": "unknown"}
    assert cycles(parents) == [["b", "c"], ["d"]]
