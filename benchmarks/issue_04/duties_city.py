"""A mega city's responsibility: 20,000 tasks and 15,000 parties, with supply and with supply held.

`city` asks two questions of one plan of 3,000 communities. Is the whole within 1 % of what is proven? And, whatever
supply is: are the responsibility terms within 10 % of the least that hands out, in every zone and period with an active
supply task, at least the tonnes that the plan serves (`held_bound`)? `apart` asks the second one of responsibility
alone: supply is held as the field rule's plan serves it, and only the stage that chooses roles is timed.
"""

import os
import time

from benchmarks.bars import Measured, Run
from benchmarks.issue_02.held import tonnes_served
from benchmarks.issue_03.cities import City, planned
from benchmarks.issue_04.held_bound import bound_by_district, chosen_with_supply_held

MOST_SECONDS, MOST_GAP, MOST_APART, MOST_MIB = 1200.0, 0.01, 0.10, 8 * 1024
SLACK = 0.03
"""Share of its bound that choosing roles may leave on the table, all streets together."""


def _folder(run: Run):
    """Make the city in the run's scratch folder, once: 3,000 communities, with ``--quick`` 100 and 700 tasks."""
    from coordination.generation import generate

    communities, tasks, parties = (100, 700, 500) if run.quick else (3000, 20_000, 15_000)
    path = run.scratch / f"city-of-{tasks}-tasks"
    if not path.exists():
        generate(
            communities=communities, commodities=10, periods=14, shortage=0.1, tasks=tasks, parties=parties
        ).save(path)  # fmt: skip
    return path


CITY = City("20,000 tasks", _folder, ("--gap", "0.01", "--time-limit", "1120"))


def city(run: Run) -> Measured:
    """Plan the city; the gap of the whole, of the responsibility terms, time, memory."""
    from coordination.planning.case import Case
    from coordination.planning.model import ResponseModel
    from coordination.plans import Plan
    from coordination.terms import RESPONSIBILITY_TERMS

    found = planned(CITY, run)
    assert found is not None
    if not found.header:
        return Measured(False, f"no plan: ended with {found.code}: {found.said}", {"seconds": found.seconds})
    plan = Plan.load(found.folder)
    model = ResponseModel.of(Case.of(plan.instance))
    terms = {name: plan.terms[name] for name in RESPONSIBILITY_TERMS}
    cost = sum(terms.values())
    bounds = bound_by_district(model, tonnes_served(model, plan.service) * (1.0 - 1e-9), cost, os.cpu_count() or 1)
    apart, gap = _apart(cost, max(bounds)), float(found.header["gap"])
    passed = gap <= MOST_GAP and apart <= MOST_APART and found.seconds <= MOST_SECONDS and found.mib <= MOST_MIB
    text = (
        f"{found.seconds:.0f} s, {found.mib:,.0f} MiB, gap {gap:.2%}; responsibility terms {cost:,.0f}, bound "
        f"{max(bounds):,.0f}: {apart:.2%} apart"
    )
    raw = {"seconds": found.seconds, "mib": found.mib, "gap": gap, "terms": terms, "bounds": bounds, "apart": apart}
    return Measured(passed, text, raw | {"objective": plan.objective, "stages": found.header["seconds"]})


def apart(run: Run) -> Measured:
    """Hold supply as the field rule serves it, choose roles, prove their cost."""
    import resource

    import coordination as co
    from coordination.planning.clock import Clock
    from coordination.planning.options import PlanOptions
    from coordination.planning.ways import begun

    instance = co.load(_folder(run))
    service = co.dispatch(instance).service
    session, _ = begun(instance, PlanOptions(threads=2), Clock(None), None)
    tonnes = tonnes_served(session.model, service) * (1.0 - 1e-9)
    begin, work = time.perf_counter(), time.process_time()
    first = bound_by_district(session.model, tonnes, 0.0, session.workers, rounds=1)[0]
    proven, cpu = time.perf_counter() - begin, time.process_time() - work
    begin, work = time.perf_counter(), time.process_time()
    cost, short, shares = chosen_with_supply_held(session, session.model, tonnes, SLACK * abs(first))
    seconds, spent = time.perf_counter() - begin, time.process_time() - work
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bounds = [first, *bound_by_district(session.model, tonnes, cost, session.workers)[1:]]
    gap = _apart(cost, max(bounds))
    passed = gap <= MOST_APART and short <= 1e-6 * tonnes.sum() and seconds <= MOST_SECONDS and mib <= MOST_MIB
    text = (
        f"{len(instance.tasks):,} tasks, {len(instance.parties):,} parties: roles in {seconds:.0f} s ({spent:.0f} s of "
        f"the processor), {mib:,.0f} MiB; {cost:,.0f}, bound {max(bounds):,.0f}: {gap:.2%} apart"
    )
    raw = {
        "seconds": seconds, "cpu": spent, "bound_seconds": proven, "bound_cpu": cpu, "mib": mib, "cost": cost,
        "in_shares": shares, "bounds": bounds, "gap": gap, "short": short, "tonnes": float(tonnes.sum()),
    }  # fmt: skip
    return Measured(passed, text, raw)


def _apart(cost: float, bound: float) -> float:
    return max(0.0, cost - bound) / max(1e-10, abs(cost))
