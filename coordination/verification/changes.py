"""Changes: what was chosen before and is not kept costs its price."""

from collections import defaultdict
from typing import TYPE_CHECKING

from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case

SENT = ("fleet", "origin", "destination", "commodity", "depart")


def check(case: "Case") -> Findings:
    """Check the term ``change``: the price of each doer gone, and of each tonne not sent as chosen."""
    findings = Findings("changes")
    compare(findings, case, "change", changes(case))
    return findings


def changes(case: "Case") -> float:
    """Return the prices of pins that are not kept."""
    roles = case.decided["responsibilities"]
    doing = roles[roles["role"] == "responsible"]
    doers = set(zip(doing["task"], doing["party"], strict=True))
    kg = dict(zip(case.given["commodities"]["commodity"], case.given["commodities"]["kg"], strict=True))
    sent: defaultdict[tuple[str, ...], float] = defaultdict(float)
    shipments = case.decided["shipments"]
    columns = (shipments[name].astype(str) for name in SENT)
    for key, quantity in zip(zip(*columns, strict=True), shipments["quantity"], strict=True):
        sent[key] += float(quantity)
    total, pins = 0.0, case.given["pins"]
    for pin in pins[pins["price"].notna()].to_dict("records"):
        parts = (part.partition("=") for part in str(pin["where"]).split(";"))
        cells = {name.strip(): value.strip() for name, _, value in parts}
        if pin["table"] == "responsibilities":
            total += float(pin["price"]) * ((cells["task"], str(pin["value"])) not in doers)
        else:
            key = (*(cells[name] for name in SENT[:-1]), str(int(float(cells["depart"]))))
            missing = max(0.0, float(pin["value"]) - sent[key])
            total += float(pin["price"]) * missing * float(kg.get(cells["commodity"], 0.0)) / 1000
    return total
