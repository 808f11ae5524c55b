"""Operating modes: every zone has one in every period, which is the policy's."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check that ``modes`` has exactly one row per zone and period, with the policy's mode."""
    findings = Findings("modes")
    table, mode = case.decided["modes"], case.policy.mode
    expected = pd.MultiIndex.from_product([case.zones.ids, range(case.periods)])
    written = pd.MultiIndex.from_arrays([table["zone"], table["period"]])
    cells = np.bincount(expected.get_indexer(written), minlength=len(expected))
    where = {
        "zone": expected.get_level_values(0).to_numpy(object),
        "period": expected.get_level_values(1).to_numpy(object),
    }
    findings.equal(where, cells, np.ones(len(cells)), "zone {zone}, period {period}: {found} modes, expected 1")
    shown = {key: table[key].to_numpy(object) for key in ("zone", "period", "mode")}
    message = f"zone {{zone}}, period {{period}}: mode {{mode}}, expected {mode} as in the policy"
    findings.require(shown, table["mode"] == mode, message)
    return findings
