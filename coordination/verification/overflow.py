"""Storage: tonnes above what a place can store at a period's end are priced."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check the term ``overflow``."""
    findings = Findings("overflow")
    above = np.maximum(stored(case) - storage(case), 0.0)
    compare(findings, case, "overflow", case.policy.overflow_cost * float(above.sum()))
    return findings


def storage(case: "Case") -> npt.NDArray[np.float64]:
    """Return tonnes that can be stored, facilities in that use included, shape (places, periods)."""
    total = case.storage.copy()
    for place, capacity in case.halls.added("storage"):
        total[place] += capacity
    return total


def stored(case: "Case") -> npt.NDArray[np.float64]:
    """Return tonnes at each period's end, after what expired left, shape (places, periods)."""
    goods = case.goods
    total = np.zeros((len(case.places), case.periods))
    tonnes = case.tonnes[goods.lots["commodity"].to_numpy()]
    np.add.at(total, goods.lots["place"].to_numpy(), goods.level * tonnes[:, None])
    return total
