"""Shares: what players of a settlement bear sums to the plan's cost, by every method, and to what they pay."""

from typing import TYPE_CHECKING

import numpy as np

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

CENT = 0.01
NEAREST = 1e-8
"""Share of the joint cost as which a gain may count as none in a large case."""
CASH = ("transport", "work", "conversion")
"""Terms that are paid in money."""
WITHOUT = ("deprivation", "lapsed", "worst_off")
"""Terms for what people go without."""


def check(case: "Case") -> Findings:
    """Check the table of shares and the record of the settlement."""
    findings = Findings("shares")
    plan, record = case.plan, case.plan.settlement
    if plan.kind != "settlement":
        findings.one("settlement", record is None, f"plan.json speaks of a settlement, but kind is {plan.kind}")
        return findings
    if record is None or "shares" not in case.decided:
        findings.one("settlement", False, "kind is settlement, but plan.json has no record of it")
        return findings
    shares = case.decided["shares"]
    names = [position["party"] for position in record["positions"]]
    findings.one("players", len(names) == record["players"] == len(set(names)), "positions: not one for each player")
    terms = plan.terms
    cash = sum(terms.get(term, 0.0) for term in CASH)
    without = sum(terms.get(term, 0.0) for term in WITHOUT)
    total = {"cash": cash, "supplies": without}.get(record["settle_in"], sum(terms.values()))
    for method in record["methods"]:
        rows = shares[shares["method"] == method]
        findings.one(method, sorted(rows["party"]) == sorted(names), f"shares, method {method}: not one row a player")
        for column, sum_to, what in (("share", total, "the plan's cost"), ("cost_together", total, "the plan's cost"),
                                     ("cost_alone", record["alone"], "what all would pay alone")):  # fmt: skip
            message = f"shares, method {method}: {column} sums to {{found}}, expected {{expected}}: {what}"
            largest = float(np.abs(rows[column]).max()) if len(rows) else 0.0
            findings.equal({"method": [method]}, [rows[column].sum()], [sum_to], message, [largest])
    findings.one(
        "methods", set(shares["method"]) == set(record["methods"]), "shares: methods that plan.json does not name"
    )
    findings.equal({"figure": ["cash"]}, [sum(p["cash"] for p in record["positions"])], [cash],
                   "positions: cash sums to {found}, expected {expected} from the plan's terms", [total])  # fmt: skip
    paid = shares[shares["method"] == record["method"]].set_index("party")
    rest = paid["share"] - paid["cost_together"]
    pays = {position["party"]: position["pays"] for position in record["positions"]}
    findings.equal({"party": list(rest.index)}, rest.to_numpy(float), [pays.get(name, np.nan) for name in rest.index],
                   "shares, party {party}: share less cost_together is {found}, pays {expected}",
                   paid["share"].to_numpy(float), paid["cost_together"].to_numpy(float))  # fmt: skip
    _figures(findings, record, total)
    return findings


def _figures(findings: Findings, record: dict[str, object], total: float) -> None:
    """Check the figures of the record that follow from each other."""
    numbers = {name: float(str(record[name])) for name in ("joint", "above", "epsilon", "excess", "bound", "players")}
    message = "settlement: above is {found}, expected {expected} from joint and the plan's cost"
    findings.equal({"figure": ["above"]}, [numbers["above"]], [total - numbers["joint"]], message, [total])
    findings.at_most({"figure": ["excess"]}, [numbers["excess"]], [numbers["bound"]],
                     "settlement: excess {found} is above its bound {expected}")  # fmt: skip
    cents = CENT * numbers["players"]
    tolerance = cents if record.get("tolerance") is None else float(str(record["tolerance"]))
    most = max(cents, NEAREST * abs(numbers["joint"]))
    findings.at_most({"figure": ["tolerance"]}, [tolerance], [most],
                     "settlement: a gain up to {found} counts as none, expected at most {expected}")  # fmt: skip
    stable = numbers["bound"] <= tolerance
    findings.one(
        "stable", record["stable"] == stable, f"settlement: stable is {record['stable']}, the bound says {stable}"
    )
    findings.one("epsilon", numbers["epsilon"] >= 0.0, "settlement: epsilon is below 0")
    # Whatever the shares, some coalition gains epsilon.
    empty = numbers["players"] > 1.0 and numbers["epsilon"] > 0.0
    fits = not empty or numbers["bound"] >= numbers["epsilon"] - cents
    findings.one("epsilon", fits, "settlement: the bound is below epsilon, which some coalition gains in any case")
