"""Hours: what parties work and keep free, per skill and over all skills, in normal mode and emergency."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coordination.verification.findings import Findings
from coordination.verification.loads import Load

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check hours by skill and over all skills."""
    findings = Findings("hours")
    skills, parties = case.given["skills"], case.given["parties"]
    where = {"party": skills["party"].to_numpy(object), "skill": skills["skill"].to_numpy(object)}
    _compare(case, findings, case.loads.by_skill, where, "{party} as {skill}")
    where = {"party": parties["party"].to_numpy(object)}
    _compare(case, findings, case.loads.overall, where, "{party} over all skills")
    return findings


def _compare(case: "Case", findings: Findings, load: Load, named: dict[str, npt.NDArray[np.object_]], who: str) -> None:
    rows = len(load.all)
    where = {key: np.repeat(cells, case.periods) for key, cells in named.items()}
    where["period"] = np.tile(np.arange(case.periods, dtype=object), rows)
    message = who + ", period {period}: {found} hours taken or kept free in zones in normal mode, {expected} there"
    findings.at_most(where, load.normal.ravel(), load.normal_limit.ravel(), message)
    message = who + ", period {period}: {found} hours taken or kept free, {expected} there"
    findings.at_most(where, load.all.ravel(), load.all_limit.ravel(), message)
