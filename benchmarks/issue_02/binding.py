"""How often each rule binds over random instances: the table, and its rarest row."""

from benchmarks.bars import Measured, Run

LEAST = 0.05


def shares(run: Run) -> Measured:
    """Return the rarest rule (with few instances, ``--quick``, only a figure)."""
    from tests.support.binding import RULES, count_binding
    from tests.support.random_instances import random_instance

    number = 8 if run.quick else 200
    counts = count_binding([random_instance(seed) for seed in range(number)])
    rarest = min(counts, key=counts.get)
    share = counts[rarest] / number
    passed = None if run.quick else share >= LEAST and len(counts) == len(RULES)
    text = f"{len(counts)} rules over {number} instances, rarest: {rarest}, {share:.1%}"
    return Measured(passed, text, {"instances": number, "counts": counts})
