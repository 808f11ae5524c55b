"""Plans of small random instances against the independent all-lanes model of the tests; verify on each."""

from benchmarks.bars import Measured, Run

MOST = 1e-6


def agree(run: Run) -> Measured:
    """Return the largest relative difference of objectives, and what verify says."""
    from coordination.planning import plan
    from coordination.verification import verify
    from tests.support.oracle import oracle
    from tests.support.random_instances import random_instance

    number, largest, apart, refused = 20 if run.quick else 400, 0.0, [], []
    for seed in range(number):
        instance = random_instance(seed)
        ours, best = plan(instance, gap=0.0), oracle(instance).objective
        difference = abs(ours.objective - best) / max(1.0, abs(best))
        largest = max(largest, difference)
        apart += [seed] if difference > MOST else []
        refused += [] if verify(ours).ok else [seed]
    text = f"{number} instances: largest difference {largest:.1e}, {len(refused)} refused by verify"
    raw = {"instances": number, "largest": largest, "apart": apart, "refused": refused}
    return Measured(not apart and not refused, text, raw)
