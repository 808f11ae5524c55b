"""Batches: what is sent or kept bears an expiry that some stock or arrival has."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check the expiry of every row of ``shipments`` and ``inventory``."""
    findings = Findings("batches")
    known = case.goods.batches
    for name in ("shipments", "inventory"):
        table = case.decided[name]
        expires = table["expires"].to_numpy(np.float64)
        labels = np.where(np.isnan(expires), np.inf, expires)
        commodity = case.commodities.get_indexer(pd.Index(table["commodity"]))
        exists = known.get_indexer(pd.MultiIndex.from_arrays([commodity, labels])) >= 0
        where = {key: table[key].to_numpy(object) for key in table.columns[:4]} | {"expires": expires}
        message = name + ": there is no {commodity} that expires {expires}"
        findings.require(where, exists, message)
    return findings
