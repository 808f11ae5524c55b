"""Dependencies: a task is worked in a period only once enough of what came before of the others is covered."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.verification.findings import TOLERANCE, Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check every row of ``depends`` in every period in which its task is worked."""
    findings = Findings("dependencies")
    table, coverage = case.given["depends"], case.coverage
    covered, wanted = coverage.covered(len(case.tasks)), coverage.wanted
    done, asked = (np.cumsum(hours, axis=1) - hours for hours in (covered, wanted))
    task, on = (case.tasks.get_indexer(pd.Index(table[name])) for name in ("task", "on"))
    working = covered[task] > TOLERANCE * np.maximum(1.0, wanted[task])
    row, period = np.nonzero(working)
    where = {
        "task": table["task"].to_numpy(object)[row],
        "on": table["on"].to_numpy(object)[row],
        "period": period.astype(object),
    }
    passed, before = case.coverage.elapsed, case.coverage.before
    asked = asked + (case.given["tasks"]["hours"].to_numpy(np.float64) * passed)[:, None]
    done = done + before[:, None]
    need = case.policy.depends_share * asked[on[row], period]
    message = (
        "task {task} is worked in period {period}, but of {on} only {found} hours were covered before, of {expected}"
    )
    findings.at_least(where, done[on[row], period], need, message, asked[on[row], period])
    held = case.given["held"]
    barred = case.tasks.get_indexer(pd.Index(held.loc[held["mode"] == "barred", "id"], dtype="str"))
    barred = barred[barred >= 0]
    idle = covered[barred].sum(axis=1) <= TOLERANCE * np.maximum(1.0, wanted[barred].sum(axis=1))
    message = "task {task} is worked, but what it waits for has ended without the hours it waits for"
    findings.require({"task": case.tasks.to_numpy(object)[barred]}, idle, message)
    return findings
