"""Large cases: roles under way go on there, too."""

import pytest

import coordination as co
from tests.support.random_instances import random_instance


@pytest.mark.parametrize("seed", [0])
def test_large_cases_keep_roles_under_way(seed, monkeypatch):
    """Planned anew the large way, nothing is lost, and the second opinion finds the roles that are held."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    plan = co.plan(random_instance(seed, worst_off=False), gap=1e-6, threads=1)
    anew = co.replan(plan, after=1, gap=1e-6, threads=1)
    assert (anew.instance.held["table"] == "tasks").any()
    assert co.verify(anew).ok, str(co.verify(anew))
    slack = (plan.objective - plan.bound) + (anew.objective - anew.bound)
    assert abs(anew.replanned["total"] - plan.objective) <= slack + 1e-6 * max(1.0, abs(plan.objective))


def test_roles_that_cannot_go_on_are_named():
    """Where the hours for what is held are not there, the table is named before anything is solved."""
    from tests.replanning.town import town

    held = [
        {"table": "tasks", "id": f"watch;{party}", "mode": mode, "periods": 1, "hours": 0}
        for party, mode in (("guards", "responsible"), ("core", "accountable"))
    ]
    lazy = [{"party": "guards", "skill": "watch", "hours": 0.1}]
    with pytest.raises(co.InstanceError, match="held: found 2 rows; expected roles in tasks under way"):
        co.plan(town(skills=lazy, held=held), threads=1)
    with pytest.raises(co.InstanceError, match="held, row 2, column id"):
        co.plan(town(skills=[], held=held), threads=1)
