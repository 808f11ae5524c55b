"""Cycles: what came of one is a plan of the truth, phases add up. Comparisons: figures are those of the draws."""

import json
import math
import statistics
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from coordination.verification.findings import Findings
from coordination.verification.verdict import Verdict, Violation

SHOWING_UP = {"doers"}
"""Rules that only plans can keep: who does not show up covers no least share."""
WITH_NEWS = {
    "inventory", "service", "scenario", "deprivation", "lapsed", "worst_off", "overflow", "fleets", "roads",
    "shipments", "hours", "held",
}  # fmt: skip
"""Rules that look at what news has changed since the beginning, of which the folder holds the words alone."""
NOT_CHECKED = (
    "what was decided on the way: each step's plan can be verified by itself",
    "the simulation: only that what came of it keeps the rules of the world it was played in, and that figures add up",
)
MEASURES = ("deprivation", "worst_off", "cost", "hours", "area")
REFERENCE, NOTHING = "centralised", "nothing"
SMALL = 1e-6


def kind_of(path: Path) -> str | None:
    """Return what a folder says it holds; None where it does not."""
    try:
        content = json.loads((path / "plan.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(content.get("kind")) if isinstance(content, dict) else None


def cycle(path: Path, played: Verdict, objective: float) -> Verdict:
    """Check a cycle, given the verdict on what came of it.

    Parameters
    ----------
    path : Path
        The folder.
    played : Verdict
        Of its folder ``played``.
    objective : float
        Social cost of that.
    """
    heard = len(pd.read_csv(path / "news.csv")) > 0
    excused = SHOWING_UP | (WITH_NEWS if heard else set())
    kept = [one for one in played.violations if one.rule not in excused]
    findings, phases = Findings("phases"), pd.read_csv(path / "phases.csv").set_index("phase")
    acted = phases.loc[phases.index.isin(["resist", "recover"]), "cost"]
    message = "phases cost {found} in all, what came of them {expected}"
    findings.equal({"figure": ["cost"]}, [math.fsum(acted)], [objective], message, [float(acted.abs().max())])
    header = json.loads((path / "plan.json").read_text(encoding="utf-8"))
    findings.equal({"figure": ["objective"]}, [header["objective"]], [objective], "objective {found}, not {expected}")
    checked = {rule: count for rule, count in played.checked.items() if rule not in excused}
    left = (f"rules {', '.join(sorted(excused))}: news and who shows up may break them", *NOT_CHECKED)
    return Verdict((*kept, *findings), checked | {"phases": findings.compared}, left, played.name)


def comparison(path: Path) -> Verdict:
    """Check the tables of a comparison against its draws.

    Parameters
    ----------
    path : Path
        The folder.
    """
    try:
        draws, told, ratios = (pd.read_csv(path / f"{name}.csv") for name in ("draws", "comparison", "ratios"))
        findings = Findings("comparison")
        values = {
            (str(way), measure): rows.set_index("draw")[measure]
            for way, rows in draws.groupby("way")
            for measure in MEASURES
        }
        for row in told.to_dict("records"):
            mine, key = values[row["way"], row["measure"]], f"{row['way']}, {row['measure']}"
            _same(findings, key, row, ("mean", "lower", "upper"), mine)
            if (REFERENCE, row["measure"]) in values and row["way"] != REFERENCE:
                apart = mine - values[REFERENCE, row["measure"]]
                _same(findings, key, row, ("difference", "difference_lower", "difference_upper"), apart)
        for row in ratios.to_dict("records"):
            mine, its, none = (values[way, row["measure"]] for way in (row["way"], REFERENCE, NOTHING))
            some = (mine > SMALL * none.abs()) & (its > SMALL * none.abs())
            _same(findings, f"{row['way']}, {row['measure']}", row, ("ratio", "lower", "upper"), mine[some] / its[some])
        return Verdict(tuple(findings), {"comparison": findings.compared}, NOT_CHECKED, path.name)
    except (OSError, ValueError, KeyError) as error:
        damage = Violation("tables", str(path), 1.0, f"{path} is damaged: {error}")
        return Verdict((damage,), {"tables": 1}, ("everything else: the folder cannot be read",), path.name)


def _same(
    findings: Findings, key: str, row: dict[Any, Any], names: tuple[str, ...], values: "pd.Series[float]"
) -> None:
    from scipy.special import stdtrit

    numbers = values.tolist()
    mean, half, largest = statistics.fmean(numbers), math.nan, max(map(abs, numbers))
    if len(numbers) > 1:
        half = float(stdtrit(len(numbers) - 1, 0.975)) * statistics.stdev(numbers) / math.sqrt(len(numbers))
    for name, expected in zip(names, (mean, mean - half, mean + half), strict=True):
        found = float(row[name])
        if math.isnan(expected) and math.isnan(found):
            findings.compared += 1
            continue
        message = "{figure}: found {found}, the draws make it {expected}"
        findings.equal({"figure": np.array([f"{key}, {name}"], dtype=object)}, [found], [expected], message, [largest])
