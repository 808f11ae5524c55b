"""Windows: roles are held for a task's whole window, and a doer's rows say its hours once per period."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.verification.doers import named
from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

ROW = "task {task}: {party} as {role} from period {start} to {end}"


def check(case: "Case") -> Findings:
    """Check start, end and hours of every row of ``responsibilities``."""
    findings = Findings("windows")
    rows = case.coverage.roles
    where = {key: rows[key].to_numpy(object) for key in ("task", "party", "role", "start", "end")}
    doing = np.asarray(rows["role"] == "responsible")
    tasks = case.given["tasks"].iloc[rows["task_code"]]
    start, end = rows["start"].to_numpy(), rows["end"].to_numpy()
    first, last = tasks["start"].to_numpy(), tasks["end"].to_numpy()
    window = {**where, "first": first, "last": last}
    whole = (start == first) & (end == last)
    message = ROW + ", expected the whole window from {first} to {last}"
    findings.require(window, doing | whole, message)
    inside = (start >= first) & (end <= last) & (start <= end)
    findings.require(window, ~doing | inside, ROW + ", outside the window from {first} to {last}")
    blank = rows["hours"].isna().to_numpy()
    findings.require(where, blank != doing, ROW + ": hours stand with doers, and only with them")
    _ranges(case, findings)
    return findings


def _ranges(case: "Case", findings: Findings) -> None:
    """Check that no two rows of a doer give hours for the same period."""
    coverage = case.coverage
    pair, period = np.nonzero(coverage.times > 1)
    where = {**named(case, coverage.doers.iloc[pair]), "period": period}
    message = "task {task}: {party} has hours for period {period} in several rows"
    findings.require(where, np.zeros(len(pair), dtype=bool), message)
    findings.compared += coverage.times.size
    # Ranges of 0 hours may be left out, but not some of them: else a wrong end of one would go unseen. Where doers come
    # and go, what is in no row is no period of a doer.
    rows = coverage.of("responsible")
    rows = rows[~coverage.by_period[rows["task_code"]]]
    idle = rows[rows["hours"] == 0][["task_code", "party_code"]].drop_duplicates()
    at = pd.MultiIndex.from_frame(coverage.doers).get_indexer(pd.MultiIndex.from_frame(idle))
    missing = (coverage.times[at] == 0) & coverage.active[idle["task_code"]]
    message = "task {task}: {party} has a row of 0 hours, but {amount} periods of the window are in no row"
    findings.require(named(case, idle), ~missing.any(axis=1), message, missing.sum(axis=1))
