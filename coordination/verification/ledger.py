"""Ledger: whole cents, payers other than receivers, and each player's payments those that its share asks for."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

REQUISITIONED = ("enterprise", "social_enterprise", "supplier")
"""Kinds of parties that only receive where they have neither needs nor tasks."""


def check(case: "Case") -> Findings:
    """Check the ledger of a settlement: it balances exactly, and pays what the shares say."""
    findings = Findings("ledger")
    record = case.plan.settlement
    if case.plan.kind != "settlement" or record is None or "ledger" not in case.decided:
        return findings
    table = case.decided["ledger"]
    names = [position["party"] for position in record["positions"]]
    where = {name: table[name].to_numpy(object) for name in ("from", "to", "reason")}
    money = table["money"].to_numpy(np.float64)
    cents = np.round(money * 100)
    message = "ledger, from {from} to {to}: "
    findings.require(where, np.abs(money * 100 - cents) <= 1e-6 * np.maximum(1.0, cents), message + "not whole cents")
    for end in ("from", "to"):
        findings.require(where, np.asarray(table[end].isin(names)), message + f"{{{end}}} is no player")
    findings.require(where, (table["from"] != table["to"]).to_numpy(), message + "nobody pays itself")
    net = pd.Series(0.0, index=pd.Index(names))
    for sign, end in ((1.0, "from"), (-1.0, "to")):
        known = table[end].isin(names).to_numpy()
        net = net.add(sign * pd.Series(cents[known], table[end][known]).groupby(level=0).sum(), fill_value=0.0)
    pays = [round(100 * float(position["pays"])) for position in record["positions"]]
    message = "ledger, party {party}: pays {found} cents in all, expected {expected}"
    findings.require({"party": names, "found": net[names].to_numpy(object), "expected": np.array(pays, dtype=object)},
                     net[names].to_numpy(np.float64) == np.array(pays, dtype=np.float64), message)  # fmt: skip
    findings.one("balance", sum(pays) == 0, f"positions: payments sum to {sum(pays)} cents, expected 0", abs(sum(pays)))
    if record["by"] == "party":
        _signs(findings, case, dict(zip(names, pays, strict=True)))
    return findings


def _signs(findings: Findings, case: "Case", pays: dict[str, int]) -> None:
    """Check that requisitioned parties, who bring and have neither needs nor tasks of their own, only receive.

    Only those are looked at of which this is plain: nobody names them in needs or tasks, and they own no place.
    """
    given = case.given
    named = {*given["needs"]["party"].dropna(), *given["tasks"]["party"].dropna(), *given["places"]["owner"].dropna()}
    parties = given["parties"]
    mine = parties[
        parties["kind"].isin(REQUISITIONED) & ~parties["party"].isin(named) & parties["party"].isin(list(pays))
    ]
    where = {"party": mine["party"].to_numpy(object)}
    fine = np.array([pays[party] <= 0 for party in mine["party"]], dtype=bool)
    findings.require(where, fine, "ledger, party {party}: requisitioned, and pays")
