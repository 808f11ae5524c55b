"""Minimum-cost flows as plans, by the embedding of ``tests/test_mcf.py``."""

from benchmarks.bars import Measured, Run

MOST = 1e-6


def compare(cases: dict) -> Measured:
    """Plan each case and compare with networkx."""
    from coordination.planning import plan
    from tests.test_mcf import embed, flow_cost

    found = {}
    for name, (supplies, arcs) in cases.items():
        ours, theirs = plan(embed(supplies, arcs), gap=0.0).objective, flow_cost(supplies, arcs)
        found[name] = {"ours": ours, "networkx": theirs, "difference": abs(ours - theirs) / max(1.0, abs(theirs))}
    largest = max(case["difference"] for case in found.values())
    return Measured(largest <= MOST, f"{len(found)} cases, largest difference {largest:.1e}", found)


def published(run: Run) -> Measured:
    """Compare the DIMACS cases beside the repository."""
    from tests.test_mcf import CASES, DIMACS, read_dimacs

    if not DIMACS.exists():
        return Measured(None, "the DIMACS cases are not beside the repository")
    names = [name for name in CASES if not run.quick or "40x30" not in name]
    return compare({name: read_dimacs(DIMACS / f"{name}.min") for name in names})


def random(run: Run) -> Measured:
    """Compare random cases of up to twenty nodes."""
    from tests.test_mcf import random_flow

    return compare({seed: random_flow(seed, nodes=5 + seed % 16) for seed in range(8 if run.quick else 108)})
