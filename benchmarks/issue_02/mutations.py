"""Numbers of real plans changed beyond tolerance, one at a time: each must make verify fail.

The seeded draws of ``tests/verification/test_mutations.py``: cells of all tables that verify checks, and objective,
terms, gap, bound and hash of plan.json.
"""

import dataclasses

from benchmarks.bars import Measured, Run

CELLS = 12
"""Numbers changed in the tables of one plan."""


def header_changes(plan, more) -> list[dict]:
    """Return figures of plan.json, each changed."""
    changes = [{"objective": plan.objective + more(plan.objective)}, {"gap": plan.gap + 1e-5}]
    changes += [{"terms": {**plan.terms, term: value + more(value)}} for term, value in plan.terms.items()]
    changes += [{"bound": plan.objective + more(plan.objective)}]
    return [*changes, {"sha256": ("1" if plan.sha256[0] == "0" else "0") + plan.sha256[1:]}]


def noticed(run: Run) -> Measured:
    """Count the changes that verify noticed."""
    import numpy as np

    from coordination.verification import verify
    from tests.verification.test_mutations import cells, changed, more, planned

    tried, missed = 0, []
    for seed in range(2 if run.quick else 40):
        plan, generator = planned.__wrapped__(seed), np.random.default_rng(seed)
        every = cells(plan)
        for index in generator.permutation(len(every))[:CELLS]:
            wrong = changed(plan, *every[index], generator)
            tried += 1
            missed += [] if not verify(wrong).ok else [[seed, *map(str, every[index])]]
        for figures in header_changes(plan, more):
            tried += 1
            missed += [] if not verify(dataclasses.replace(plan, **figures)).ok else [[seed, *figures]]
    return Measured(not missed, f"{tried - len(missed)} of {tried} changes noticed", {"tried": tried, "missed": missed})
