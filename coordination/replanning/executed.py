"""What the periods carried out have cost: the plan's terms, as far as they fall into them.

Terms that a task costs once (levels, backups and kinds missing) count with its last period, the worst off with the last
period of all: then what was carried out and what is left add up to the whole. What was decided otherwise than in a plan
before has been decided: its price is paid in full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coordination.planning.case import Case
from coordination.planning.conversions import Conversions
from coordination.replanning.backlogs import dense
from coordination.terms import TERM_NAMES
from coordination.verification.accountability import party_levels
from coordination.verification.case import Case as Written
from coordination.verification.overflow import storage, stored

if TYPE_CHECKING:
    from coordination.plans import Plan


def executed_terms(plan: Plan, periods: int, look: Written | None = None) -> dict[str, float]:
    """Return the terms of the social cost of the first periods of a plan.

    Parameters
    ----------
    plan : Plan
        A feasible plan.
    periods : int
        Periods carried out.
    look : Written, optional
        The plan as written, where somebody has looked at it already.

    Returns
    -------
    dict of str to float
        Every term, money, with the sign it enters with.
    """
    terms = dict.fromkeys(TERM_NAMES, 0.0)
    if periods == 0:
        return terms
    written, case = Written(plan, plan.tables) if look is None else look, Case.of(plan.instance)
    goods = _waiting(case, plan, periods) | _goods(written, periods) | {"change": plan.terms.get("change", 0.0)}
    return terms | goods | _work(written, periods) | _once(written, periods) | _facilities(case, plan, periods)


def _waiting(case: Case, plan: Plan, periods: int) -> dict[str, float]:
    backlog = dense(case, plan.service, "backlog")
    return {
        "deprivation": float(case.waiting.deprivation(backlog)[:, :periods].sum()),
        "lapsed": float(case.waiting.lapsed(backlog)[:, :periods].sum()),
    }


def _goods(written: Written, periods: int) -> dict[str, float]:
    above = np.maximum(stored(written) - storage(written), 0.0)[:, :periods]
    trips, per_km = written.trips, written.given["fleets"]["cost_per_km"].to_numpy(np.float64)
    gone = trips.depart < periods
    driven = (trips.loads * trips.km * np.append(per_km, 0.0)[trips.fleet])[gone]
    return {"overflow": written.policy.overflow_cost * float(above.sum()), "transport": float(driven.sum())}


def _facilities(case: Case, plan: Plan, periods: int) -> dict[str, float]:
    """Return what facilities have lost and cost: what begins in a period is paid in it."""
    if plan.instance.facilities.empty:
        return {"everyday_value": 0.0, "conversion": 0.0}
    conversions = Conversions.of_plan(case, plan)
    lost, paid = conversions.by_period()
    return {"everyday_value": float(lost[:periods].sum()), "conversion": float(paid[:periods].sum())}


def _work(written: Written, periods: int) -> dict[str, float]:
    coverage, pairs = written.coverage, written.coverage.doers
    task = pairs["task_code"].to_numpy()
    mine, now = slice(len(pairs)), slice(periods)
    covered = coverage.hours[:, now].sum(axis=1)
    wages = np.append(written.given["skills"]["cost_per_hour"].to_numpy(np.float64), 0.0)
    work = covered * coverage.factors[mine] * wages[coverage.skill_rows[mine]]
    work += coverage.effort_costs[mine] * coverage.active[:, now].sum(axis=1)[task]
    interests = written.given["interests"].set_index(["party", "domain"])["benefit"].to_dict()
    domains = written.given["tasks"]["domain"].to_numpy(object)[task]
    parties = written.parties.to_numpy(object)[pairs["party_code"]]
    benefit = np.array([interests.get(key, 0.0) for key in zip(parties, domains, strict=True)], dtype=np.float64)
    missing = np.maximum(coverage.wanted - coverage.covered(len(written.tasks)), 0.0)[:, now].sum(axis=1)
    return {
        "work": float(work.sum()),
        "interest": -float((covered * benefit).sum()),
        "gap_hours": float((missing * written.given["tasks"]["gap_cost"].to_numpy(np.float64)).sum()),
    }


def _once(written: Written, periods: int) -> dict[str, float]:
    tasks, policy = written.given["tasks"], written.policy
    ended = tasks["end"].to_numpy() < periods
    gaps = written.decided["gaps"]
    gaps = gaps[gaps["task"].isin(tasks.loc[ended, "task"])]
    amount = gaps.groupby("kind")["amount"].sum().reindex(["backup", "kind", "coverage"], fill_value=0.0)
    rows = written.coverage.of("accountable")
    rows = rows[ended[rows["task_code"].to_numpy()]]
    levels = party_levels(written)[rows["party_code"].to_numpy()]
    climbed = levels - written.zones.level[written.task_zone[rows["task_code"].to_numpy()]]
    return {
        "gap_backups": policy.backup_cost * float(amount["backup"]),
        "gap_kinds": policy.kind_cost * float(amount["kind"]),
        "gap_coverage": policy.coverage_cost * float(amount["coverage"]),
        "levels": policy.level_cost * float(climbed.sum()),
    }
