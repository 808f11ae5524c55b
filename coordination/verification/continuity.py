"""Continuity: doers come and go only as the policy lets them, hand over side by side, and each change is paid for."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.doers import named
from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case

Yes = npt.NDArray[np.bool_]


def check(case: "Case") -> Findings:
    """Check joining, leaving and handing over, the doers at a time, and the term ``handover``."""
    findings = Findings("continuity")
    joins, leaves = _changes(case)
    price = case.policy.handover_cost
    if price is None:
        _stay(case, findings, joins, leaves)
    else:
        _successors(case, findings, joins, leaves)
        _too_soon(case, findings, joins, leaves)
        _at_once(case, findings, leaves)
        _beside(case, findings, leaves)
    compare(findings, case, "handover", 0.0 if price is None else price * float(joins.sum()))
    return findings


def _changes(case: "Case") -> tuple[Yes, Yes]:
    """Return where doers join and where they are gone, after the first period of the window, (doers, periods)."""
    coverage, none = case.coverage, np.zeros((len(case.coverage.doers), 1), dtype=bool)
    active = coverage.active[coverage.doers["task_code"]]
    acting, later = coverage.acting & active, active & np.hstack([none, active[:, :-1]])
    before = np.hstack([none, acting[:, :-1]])
    return acting & ~before & later, before & ~acting & later


def _where(
    case: "Case", rows: npt.NDArray[np.int64], period: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[np.object_]]:
    return {**named(case, case.coverage.doers.iloc[rows]), "period": period.astype(object)}


def _stay(case: "Case", findings: Findings, joins: Yes, leaves: Yes) -> None:
    """Check that nobody leaves, and that nobody joins but from above."""
    row, period = np.nonzero(leaves)
    message = "task {task}: {party} is no doer any more in period {period}; without handover doers stay to the end"
    findings.require(_where(case, row, period), np.zeros(len(row), dtype=bool), message)
    row, period = np.nonzero(joins)
    message = (
        "task {task}: {party} is a doer only from period {period} on; without handover only those from above may be"
    )
    findings.require(_where(case, row, period), case.coverage.from_above[row], message)
    findings.compared += joins.size


def _by_task(case: "Case", rows: Yes) -> npt.NDArray[np.float64]:
    total = np.zeros((len(case.tasks), case.periods))
    np.add.at(total, case.coverage.doers["task_code"].to_numpy(), rows)
    return total


def _cells(case: "Case") -> dict[str, npt.NDArray[np.object_]]:
    periods = np.tile(np.arange(case.periods, dtype=object), len(case.tasks))
    return {"task": np.repeat(case.tasks.to_numpy(object), case.periods), "period": periods}


def _successors(case: "Case", findings: Findings, joins: Yes, leaves: Yes) -> None:
    """Check that for each who leaves somebody joined as many periods before as they work side by side."""
    overlap = case.policy.overlap_periods
    joined = np.zeros((len(case.tasks), case.periods))
    joined[:, overlap:] = _by_task(case, joins)[:, : max(case.periods - overlap, 0)]
    message = "task {task}: {found} doers leave at the start of period {period}, {expected} joined in time for them"
    findings.at_most(_cells(case), _by_task(case, leaves).ravel(), joined.ravel(), message)


def _too_soon(case: "Case", findings: Findings, joins: Yes, leaves: Yes) -> None:
    """Check that who joined does not leave before it worked a period after the handover."""
    row, period = np.nonzero(leaves)
    before = np.arange(case.periods)[None, :] < period[:, None]
    joined = np.where(joins[row] & before, np.arange(case.periods), -case.periods - 1).max(axis=1, initial=-1)
    stayed = period - joined
    message = "task {task}: {party} leaves at the start of period {period}, too soon after it joined"
    findings.require(_where(case, row, period), (joined < 0) | (stayed > case.policy.overlap_periods), message)


def _side_by_side(case: "Case", leaves: Yes) -> Yes:
    """Return in which periods doers hand over, (doers, periods)."""
    beside = np.zeros_like(leaves)
    for step in range(1, min(case.policy.overlap_periods, case.periods - 1) + 1):
        beside[:, :-step] |= leaves[:, step:]
    return np.asarray(beside & case.coverage.acting, dtype=bool)


def _at_once(case: "Case", findings: Findings, leaves: Yes) -> None:
    """Check that not too many are doers at a time, those handing over aside."""
    acting = _by_task(case, case.coverage.acting & ~_side_by_side(case, leaves))
    most = np.repeat(case.given["tasks"]["doers"].to_numpy(np.float64), case.periods)
    message = "task {task}: {found} doers in period {period}, those handing over aside, at most {expected} allowed"
    findings.at_most(_cells(case), acting.ravel(), most, message)


def _beside(case: "Case", findings: Findings, leaves: Yes) -> None:
    """Check that who hands over covers at least its least share beside the new one."""
    row, period = np.nonzero(_side_by_side(case, leaves))
    hours = case.given["tasks"]["hours"].to_numpy(np.float64)[case.coverage.doers["task_code"].to_numpy()[row]]
    message = (
        "task {task}: {party} hands over in period {period} and covers {found} hours, at least {expected} expected"
    )
    covered = case.coverage.hours[row, period]
    findings.at_least(_where(case, row, period), covered, case.policy.min_share * hours, message, hours)


def stints(case: "Case") -> pd.DataFrame:
    """Return every stint of a doer: ``row`` (of the doers), ``start``, ``end``."""
    acting = case.coverage.acting
    edge = np.zeros((len(acting), 1), dtype=np.int64)
    steps = np.diff(np.hstack([edge, acting.astype(np.int64), edge]), axis=1)
    row, start = np.nonzero(steps == 1)
    _, beyond = np.nonzero(steps == -1)
    return pd.DataFrame({"row": row, "start": start, "end": beyond - 1})
