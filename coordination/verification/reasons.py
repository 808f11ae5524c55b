"""Reasons: each speaks of a place and a commodity that go short, by the share and the quantity stated."""

from typing import TYPE_CHECKING

import pandas as pd

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check what reasons say is lacking; the limits they name and the savings took a solver to find."""
    findings = Findings("reasons")
    table = _lacking(case)
    lacking = dict(zip(table.index.tolist(), table.to_numpy(dtype=float).tolist(), strict=True))
    for reason in case.plan.reasons:
        place, commodity = str(reason["place"]), str(reason["commodity"])
        where = f"{place}, {commodity}"
        known = (place, commodity) in lacking
        findings.one(where, known, f"a reason speaks of {where}, where nothing is needed")
        if known:
            asked, served = lacking[place, commodity]
            named = {"place": [place], "commodity": [commodity]}
            text = "{place}, {commodity}: a reason says that {found} are lacking, expected {expected}"
            findings.equal(named, [reason["quantity"]], [max(0.0, asked - served)], text, [asked])
            findings.equal(named, [reason["short"]], [1.0 - served / asked if asked > 0 else 0.0], text)
    return findings


def _lacking(case: "Case") -> pd.DataFrame:
    """Return ``asked`` and ``served`` by place and commodity, backlogs from before the horizon included."""
    keys = ["place", "commodity"]
    service = case.decided["service"].groupby(keys)[["need", "served"]].sum()
    before = case.given["backlogs"].groupby(keys)["quantity"].sum()
    both = service.join(before, how="outer").fillna(0.0)
    return pd.DataFrame({"asked": both["need"] + both["quantity"], "served": both["served"]})
