"""Plans with rules on roles against the independent model: each rule in turn, and all together."""

import pytest

import coordination.planning
from coordination.errors import InstanceError, UsageError
from coordination.instance import Instance
from coordination.instance.vocabulary import ROLES
from coordination.planning.disagreement import roles_that_keep_rules
from coordination.plans import Plan
from coordination.verification import verify
from tests.support.duties import has_stake, informed, meant, most_consulted
from tests.support.oracle import oracle
from tests.support.random_duties import RULES, feasible_duties, random_duties
from tests.support.reading import Plain
from tests.support.thorough import often

EACH = [(rule,) for rule in RULES]
OFF = frozenset(
    {
        "must", "must not", "may", "conflict", "diversity", "waiting", "consulted apart", "most consulted", "chain",
        "redundancy", "reliability",
    }
)  # fmt: skip
"""Families of rows of the rules on roles."""
LEAST_SHARE = 0.05


def check(seed: int, rules: tuple[str, ...]) -> None:
    """Compare the plan's objective with the optimum, and ask for a second opinion on the plan."""
    instance = feasible_duties(seed, rules)
    best, plan = oracle(instance), coordination.planning.plan(instance, gap=0)
    message = f"{instance.name} with {rules}: plan {plan.terms}, optimum {best.terms}"
    assert plan.objective == pytest.approx(best.objective, rel=1e-6, abs=1e-6), message
    verdict = verify(plan)
    assert verdict.ok, f"{instance.name} with {rules}: {verdict}"
    check_told(instance, plan)


def check_told(instance: Instance, plan: Plan) -> None:
    """Compare who is informed and how many are consulted with what the other roles ask for."""
    world, held = Plain(instance), {role: set() for role in ROLES}
    for task, party, role in plan.responsibilities[["task", "party", "role"]].itertuples(index=False, name=None):
        held[role].add((task, party))
    assert held["informed"] == informed(world, held)
    busy = held["accountable"] | held["responsible"] | held["backup"]
    for task in world.tables["tasks"]:
        name = task["task"]
        free = [p for p in world.parties if has_stake(world, task, p) and (name, p) not in busy and may(world, name, p)]
        number = sum(of == name for of, _ in held["consulted"])
        assert number == min(most_consulted(world, task), len(free))


def may(world: Plain, task: str, party: str) -> bool:
    """Whether mandates let a party be consulted on a task."""
    rows = [row for row in world.tables["mandates"] if row["role"] == "consulted" and task in meant(world, row)[0]]
    alone = [party in meant(world, row)[1] for row in rows if row["rule"] == "may"]
    barred = any(party in meant(world, row)[1] for row in rows if row["rule"] == "must_not")
    return not barred and (not alone or any(alone))


@pytest.mark.parametrize("rules", [*EACH, RULES], ids="-".join)
@pytest.mark.parametrize("seed", [104, *often(105, 106)])
def test_plan_equals_the_independent_model(seed, rules):
    """With each rule alone, and with all of them, the plan is the optimum and holds."""
    check(seed, rules)


@pytest.mark.thorough
@pytest.mark.parametrize("rules", [*EACH, RULES], ids="-".join)
@pytest.mark.parametrize("seed", range(200, 260))
def test_plan_equals_the_independent_model_on_hundreds(seed, rules):
    """The same on hundreds of instances."""
    check(seed, rules)


@pytest.mark.thorough
@pytest.mark.parametrize("rules", [*EACH, RULES], ids="-".join)
def test_every_rule_binds(rules):
    """Over forty instances each rule makes the optimum dearer in at least one of twenty."""
    binding = 0
    for seed in range(300, 340):
        instance = feasible_duties(seed, rules)
        best, free = oracle(instance).objective, oracle(instance, without=OFF).objective
        binding += best > free + 1e-6 * max(1.0, abs(free))
    assert binding >= LEAST_SHARE * 40


def agrees(seed: int, rules: tuple[str, ...]) -> None:
    """Say that rules cannot be kept if and only if the independent model has no plan."""
    try:
        instance = random_duties(seed, rules)
    except InstanceError:
        return  # an order against a ban: found when reading
    try:
        oracle(instance)
    except AssertionError:
        with pytest.raises(InstanceError) as caught:
            coordination.planning.plan(instance)
        problems = caught.value.problems
        assert problems
        assert all(problem.advice and problem.found for problem in problems)
        assert any(problem.table in ("mandates", "conflicts") for problem in problems)
    else:
        roles_that_keep_rules(instance)


@pytest.mark.parametrize("rules", [("mandates",), ("conflicts", "chains"), RULES], ids="-".join)
@pytest.mark.parametrize("seed", range(3))
def test_what_cannot_be_kept_is_found_before_solving(seed, rules):
    """Rules that the independent model finds no plan for are refused, those that it finds one for are not."""
    agrees(seed, rules)


@pytest.mark.thorough
@pytest.mark.parametrize("rules", [("mandates",), ("conflicts", "chains"), RULES], ids="-".join)
@pytest.mark.parametrize("seed", range(3, 60))
def test_what_cannot_be_kept_is_found_on_hundreds(seed, rules):
    """The same on hundreds of instances."""
    agrees(seed, rules)


@pytest.mark.parametrize("rule", ["diversity", "reliability", "coverage"])
@pytest.mark.parametrize("seed", [104, *often(106, 107)])
def test_large_cases_keep_what_stays_within_a_task(seed, rule, monkeypatch):
    """Planned the large way, diversity, expected hours and coverage hold; bound and plan enclose the optimum."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    instance = feasible_duties(seed, (rule,))
    plan, best = coordination.planning.plan(instance, gap=1e-6), oracle(instance).objective
    tolerance = 1e-6 * max(1.0, abs(best))
    assert plan.bound - tolerance <= best <= plan.objective + tolerance, plan.notes
    assert verify(plan).ok, str(verify(plan))


@pytest.mark.parametrize("rule", ["depends", "conflicts", "consulted"])
def test_large_cases_refuse_what_they_do_not_keep(rule, monkeypatch):
    """What the large way does not keep is refused by name, not forgotten."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    with pytest.raises(UsageError, match="mandates" if rule == "consulted" else rule):
        coordination.planning.plan(feasible_duties(104, (rule,)))
