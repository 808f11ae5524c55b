"""Service floors: a facility away from everyday use where its zone's mode keeps it is noticed, elsewhere it is not."""

import numpy as np
import pandas as pd
import pytest

import coordination as co
from coordination.plans.tables import PLAN_TABLES, canonical
from coordination.verification import floors
from coordination.verification.case import Case
from tests.test_modes import tiny


def violations(used, share=0.5):
    """Plan two schools of value 30 and 10 in a zone that is parallel in periods 1 and 2; return what floors find."""
    instance = tiny([0.1, 0.35, 0.35, 0.1]).replace(
        places=[{"place": place, "kind": "facility", "zone": "z"} for place in ("big", "small")],
        facilities=[
            {
                "place": place, "service": "school", "everyday_value": value, "emergency_use": "beds",
                "emergency_capacity": 5,
            }
            for place, value in (("big", 30), ("small", 10))
        ],
        service_floors=[{"zone": "z", "service": "school", "mode": "parallel", "share": share}],
    )  # fmt: skip
    plan = co.plan(instance, gap=0)
    frame = pd.DataFrame(used, columns=["place", "period", "mode"])
    tables = {**plan.tables, "facilities": canonical(PLAN_TABLES["facilities"], frame if used else None)}
    return list(floors.check(Case(plan, tables)))


@pytest.mark.parametrize(
    ("used", "broken"),
    [
        ([], 0),
        ([("small", 1, "beds"), ("small", 2, "beds")], 0),
        ([("big", 0, "beds"), ("big", 3, "beds")], 0),
        ([("big", 0, "beds"), ("big", 1, "beds")], 1),
        ([("big", 1, "converting"), ("big", 2, "beds")], 2),
        ([("big", 1, "everyday")], 0),
    ],
)
def test_floors(used, broken):
    """The big school is three quarters of the value, so half of it is kept without the small one only."""
    found = violations(used)
    assert len(found) == broken
    assert all("school" in str(violation) for violation in found)


def test_nothing_to_keep():
    """A floor of 0 holds whatever is used."""
    assert not violations([(place, int(t), "beds") for place in ("big", "small") for t in np.arange(4)], share=0)
