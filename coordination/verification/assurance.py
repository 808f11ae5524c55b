"""Assurance: need by scenario from the raw tables, the limits kept often enough, CVaR of the share unmet."""

import math
from typing import Any

import numpy as np
import pandas as pd

from coordination.instance import Instance
from coordination.plans import Preparation
from coordination.verification.effects import Effects
from coordination.verification.findings import TOLERANCE, Findings
from coordination.verification.zones import Zones


def check(preparation: Preparation) -> Findings:
    """Check what each row of table assurances counts in each scenario, and whether it holds over all."""
    findings = Findings("assurance")
    instance, table = preparation.instance, preparation.tables["assured"]
    scenarios = instance.scenarios
    known = scenarios["scenario"].tolist() if len(scenarios) else preparation.scenario_costs["scenario"].tolist()
    p = scenarios["probability"].to_numpy(dtype=float) if len(scenarios) else np.ones(len(known))
    p = p / p.sum()
    told = {int(row["row"]): row for row in preparation.assured}
    rows = list(enumerate(instance.assurances.to_dict("records"), start=2))
    findings.one("assured", set(table["row"]) == {number for number, _ in rows}, "not every assurance is told, or more")
    findings.one("assured", set(told) == {number for number, _ in rows}, "plan.json does not tell every assurance")
    for number, row in rows:
        own = table[table["row"] == number].set_index("scenario")
        where = f"assurances, row {number}"
        every = set(own.index) == set(known) and own.index.is_unique
        findings.one(where, every, f"{where}: not every scenario has its need")
        if not every or number not in told:
            continue
        own = own.reindex(known)
        need, unmet = own["need"].to_numpy(dtype=float), own["unmet"].to_numpy(dtype=float)
        expected = [_need(instance, name if len(scenarios) else None, row) for name in known]
        message = where + ", scenario {scenario}: need {found} t, expected {expected} t"
        findings.equal({"scenario": known}, need, expected, message)
        message = where + ", scenario {scenario}: {found} t unmet of {expected} t"
        findings.at_most({"scenario": known}, unmet, need, message)
        _held(findings, where, row, told[number], need, unmet, p)
    return findings


def _held(findings: Findings, where: str, row: Any, told: Any, need: Any, unmet: Any, p: Any) -> None:
    """Check that the assurance holds, and what is said of it."""
    limit = float(row["unmet"])
    chance = not pd.isna(row["probability"])
    if chance:
        found = float(p[unmet <= limit * need + TOLERANCE * np.maximum(1.0, need)].sum())
        message = "{row}: kept with probability {found}, at least {expected} is asked for"
        findings.at_least({"row": [where]}, [found], [row["probability"]], message)
    else:
        found = _worst_mean(unmet / np.where(need > 0.0, need, 1.0), p, float(row["level"]))
        message = "{row}: CVaR of the share unmet is {found}, at most {expected} is asked for"
        findings.at_most({"row": [where]}, [found], [limit], message)
    findings.equal({"row": [where]}, [told["found"]], [found], "{row}: found {found} is said, expected {expected}")
    asked = float(row["probability"] if chance else row["level"])
    right = told["measure"] == ("probability" if chance else "level") and math.isclose(told["asked"], asked)
    findings.one(where, right and math.isclose(told["limit"], limit), f"{where}: told as another one")


def _need(instance: Instance, scenario: str | None, row: Any) -> float:
    """Return the tonnes of need over the horizon that a row counts, waiting need included, straight from the tables."""
    zones = Zones(instance.zones)
    zone = pd.Series(zones.codes(instance.places["zone"]), index=instance.places["place"])
    kg = instance.commodities.set_index("commodity")["kg"].astype(float)
    needs, backlogs = instance.needs, instance.backlogs
    nothing = instance.effects.iloc[:0]
    effects = Effects(instance.effects, scenario, zones, instance.periods, nothing)
    at = zone.reindex(needs["place"]).to_numpy(dtype=np.int64)
    quantity = needs["quantity"].to_numpy(dtype=float) * effects.by_row("needs", needs, at)
    total = 0.0
    for table, amount in ((needs, quantity), (backlogs, backlogs["quantity"].to_numpy(dtype=float))):
        counted = np.ones(len(table), dtype=bool)
        for column in ("group", "commodity"):
            if isinstance(row[column], str):
                counted &= (table[column] == row[column]).to_numpy()
        if isinstance(row["zone"], str):
            inner = zone.reindex(table["place"]).to_numpy(dtype=np.int64)
            outer = zones.codes(pd.Series([row["zone"]], dtype="str"))[0]
            counted &= zones.contains(outer, inner)
        total += float((amount * kg.reindex(table["commodity"]).to_numpy() / 1000.0)[counted].sum())
    return total


def _worst_mean(share: Any, p: Any, level: float) -> float:
    """Return the mean share of the worst 1 − level of the probability; at level 1 the worst share."""
    if level >= 1.0:
        return float(share[p > 0].max())
    return float(min(eta + float(p @ np.maximum(share - eta, 0.0)) / (1.0 - level) for eta in share.tolist()))
