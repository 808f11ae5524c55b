"""Losses: every loss of at most so many things has its cost, and the dearest is what the figures say."""

from itertools import combinations

from coordination.plans import Preparation
from coordination.verification.findings import Findings


def check(preparation: Preparation) -> Findings:
    """Check that no loss is missing among those whose cost is told."""
    findings = Findings("losses")
    instance, table = preparation.instance, preparation.tables["loss_costs"]
    risk = instance.policy.risk
    if "losses" not in risk:
        findings.one("loss_costs", table.empty, "losses have costs, but policy.risk reckons with none")
        return findings
    things = [f"{row['table']}:{row['id']}" for row in instance.losses.to_dict("records")]
    most = min(len(things), int(risk["losses"]))
    expected = {frozenset(one) for size in range(most + 1) for one in combinations(things, size)}
    told = [frozenset(lost.split(";")) if isinstance(lost, str) else frozenset() for lost in table["lost"].tolist()]
    findings.one("loss_costs", len(told) == len(set(told)), "a loss has two rows")
    for missing in sorted(";".join(sorted(one)) for one in expected - set(told)):
        findings.one("loss_costs", False, f"the loss of {missing or 'nothing'} has no cost")
    for strange in sorted(";".join(sorted(one)) for one in set(told) - expected):
        findings.one("loss_costs", False, f"{strange or 'nothing'} is no loss of at most {most} things of table losses")
    findings.compared += len(told)
    if len(table):
        dearest = [float(table["cost"].max())]
        message = "{figure} {found}, expected {expected} as the dearest of loss_costs"
        told_worst = preparation.figures.get("worst_loss_cost")
        found = [float("nan") if told_worst is None else told_worst]
        findings.equal({"figure": ["worst_loss_cost"]}, found, dearest, message)
    return findings
