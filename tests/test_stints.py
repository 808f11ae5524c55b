"""Plans in which doers come and go against the independent model: handover, escalation, and other rules on roles."""

import pytest

import coordination.planning
from coordination.errors import UsageError
from tests.support.oracle import oracle
from tests.support.random_duties import BY_PERIOD, RULES, feasible_duties
from tests.test_duties import agrees, check

ALONE = [("handover",), ("escalation",), BY_PERIOD]
TOGETHER = [(*BY_PERIOD, rule) for rule in RULES] + [(*BY_PERIOD, *RULES)]
OFF = {"handover": frozenset({"successors", "works beside"}), "escalation": frozenset({"escalation"})}
"""Families of rows that each rule adds, and that only take plans away."""
LEAST_SHARE = 0.05


@pytest.mark.parametrize("rules", [*ALONE, TOGETHER[0], TOGETHER[-1]], ids="-".join)
def test_plan_equals_the_independent_model(rules):
    """With each rule alone, both, and with other rules on roles, the plan is the optimum and holds."""
    check(4, rules)


@pytest.mark.thorough
@pytest.mark.parametrize("rules", [*ALONE, *TOGETHER], ids="-".join)
@pytest.mark.parametrize("seed", range(400, 440))
def test_plan_equals_the_independent_model_on_hundreds(seed, rules):
    """The same on hundreds of instances."""
    check(seed, rules)


@pytest.mark.thorough
@pytest.mark.parametrize("rule", BY_PERIOD)
def test_every_rule_binds(rule):
    """Over sixty instances each rule makes the optimum dearer in one of twenty or more, and lets doers come."""
    binding = acting = 0
    for seed in range(500, 560):
        instance = feasible_duties(seed, (rule,))
        best, free = oracle(instance), oracle(instance, without=OFF[rule]).objective
        binding += best.objective > free + 1e-6 * max(1.0, abs(free))
        acting += any(s > 0 for _, _, s, _ in best.columns("stint"))
    assert min(binding, acting) >= LEAST_SHARE * 60


@pytest.mark.thorough
@pytest.mark.parametrize("rules", [("mandates", *BY_PERIOD), ("mandates", "conflicts", "diversity", "escalation")])
@pytest.mark.parametrize("seed", range(60))
def test_what_cannot_be_kept_is_found_on_hundreds(seed, rules):
    """Orders that the independent model finds no plan for are refused before solving, no others."""
    agrees(seed, rules)


@pytest.mark.parametrize(("rule", "key"), [("handover", "policy.handover_cost"), ("escalation", "escalation_delay")])
def test_large_cases_refuse_what_they_do_not_keep(rule, key, monkeypatch):
    """Cases planned area by area refuse to choose doers by period, by the key's name."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    with pytest.raises(UsageError, match=key):
        coordination.planning.plan(feasible_duties(4, (rule,)))
