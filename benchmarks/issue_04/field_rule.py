"""The field rule: how long it takes for the city, whether its plan holds, and what the city's plan saves against it."""

import time

from benchmarks.bars import Measured, Run

MOST_SECONDS = 10.0
SEEDS = 300


def city(run: Run) -> Measured:
    """Dispatch the city and look at its plan a second time."""
    import coordination as co

    instance = co.load(run.city)
    begin = time.perf_counter()
    plan = co.dispatch(instance)
    seconds = time.perf_counter() - begin
    ok = co.verify(plan).ok
    text = f"{seconds:.1f} s, social cost {plan.objective:,.0f}, verify {'passes' if ok else 'refuses'}"
    raw = {"seconds": seconds, "objective": plan.objective, "terms": plan.terms, "verify": ok}
    return Measured(seconds <= MOST_SECONDS and ok, text, raw)


def random(run: Run) -> Measured:
    """Dispatch random instances and look at every plan a second time."""
    import coordination as co
    from tests.support.random_instances import random_instance

    number = 20 if run.quick else SEEDS
    refused = [seed for seed in range(number) if not co.verify(co.dispatch(random_instance(seed))).ok]
    return Measured(not refused, f"{number} instances, {len(refused)} refused by verify", {"refused": refused})
