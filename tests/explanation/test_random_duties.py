"""Explanations of random instances with every rule on roles against the independent model."""

import pandas as pd
import pytest

import coordination as co
from coordination.errors import InstanceError
from tests.support.oracle import oracle
from tests.support.random_duties import RULES, feasible_duties


def check(seed: int) -> int:
    """Compare every finding on roles of one task with two optima; return how many there are."""
    instance = feasible_duties(seed, RULES)
    best, task = oracle(instance).objective, instance.tasks["task"].iloc[seed % len(instance.tasks)]
    findings = [f for f in co.explain(co.plan(instance, gap=0), task=task, gap=0).findings if f.role]
    for finding in findings:
        what = {"task": finding.task, "role": finding.role}
        rows = [{**what, "party": finding.party, "rule": "must"}] if finding.party else []
        rows += [{**what, "party": finding.holder, "rule": "must_not"}] if finding.holder else []
        table = pd.concat([instance.given("mandates").astype(object), pd.DataFrame(rows)], ignore_index=True)
        if finding.cost is None:
            with pytest.raises(InstanceError):
                co.plan(instance.replace(mandates=table))
        else:
            true = oracle(instance.replace(mandates=table)).objective - best
            assert finding.cost == pytest.approx(true, abs=1e-5 * max(1.0, abs(best))), finding.sentence
    return len(findings)


def test_findings_are_differences_of_optima():
    """Numbers are differences of optima, and what is said to be forbidden cannot be planned."""
    assert check(1) > 0


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(40, 70))
def test_findings_are_differences_of_optima_on_many(seed):
    """The same on more instances."""
    check(seed)
