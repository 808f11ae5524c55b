"""Inequality: served shares by place and commodity keep within the bounds that the policy sets on them."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check the Gini coefficient of served shares, and the largest against the smallest."""
    findings = Findings("inequality")
    gini, ratio = case.policy.max_gini, case.policy.max_ratio
    if gini is None and ratio is None:
        return findings
    shares = served_shares(case)
    if gini is not None and len(shares):
        message = "served shares have a Gini coefficient of {found}, at most {expected} allowed"
        findings.at_most({"figure": ["max_gini"]}, [coefficient(shares)], [gini], message)
    if ratio is not None and len(shares):
        message = "the largest served share is {found}, at most {expected} allowed beside the smallest"
        findings.at_most({"figure": ["max_ratio"]}, [shares.max()], [ratio * shares.min()], message)
    return findings


def served_shares(case: "Case") -> npt.NDArray[np.float64]:
    """Return served over need, backlogs counted in need, of every place and commodity with need."""
    keys = ["place", "commodity"]
    service = case.decided["service"].groupby(keys)[["need", "served"]].sum()
    before = case.given["backlogs"].groupby(keys)["quantity"].sum()
    both = service.join(before, how="outer").fillna(0.0)
    need: pd.Series[float] = both["need"] + both["quantity"]
    return np.asarray((both["served"] / need)[need > 0], dtype=np.float64)


def coefficient(shares: npt.NDArray[np.float64]) -> float:
    """Return the Gini coefficient by mean differences; 0 where nobody has anything."""
    total = float(shares.sum()) * len(shares)
    differences = np.abs(shares[:, None] - shares[None, :]).sum() / 2.0
    return float(differences / total) if total > 0.0 else 0.0
