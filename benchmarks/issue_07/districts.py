"""The real city settled by districts: Owen's payoffs and a bound for every subset, within the time promised."""

import time

from benchmarks.bars import Measured, Run, two_cores

SECONDS = 1200.0
NEAR = 1e-6
"""Share of the joint cost within which the bound of what any subset gains must lie."""


def city(run: Run) -> Measured:
    """Settle the plan of the README's line, its 13 districts and the core, roads without an owner by law."""
    import coordination as co

    plan = co.Plan.load(run.plan.folder)
    two_cores()
    began = time.perf_counter()
    settled = co.settle(plan, by="district", rights="law")
    seconds = time.perf_counter() - began
    record, verdict = settled.settlement, co.verify(settled)
    within = record["bound"] <= NEAR * abs(record["joint"])
    text = (
        f"{record['players']} players in {seconds:.0f} s; of {record['joint']:,.0f} no subset gains more than "
        f"{record['bound']:,.2f}; verify {'holds' if verdict.ok else 'fails'}"
    )
    raw = {name: record[name] for name in ("players", "joint", "above", "alone", "excess", "bound", "stable")}
    return Measured(seconds <= SECONDS and within and verdict.ok, text, raw | {"seconds": seconds})
