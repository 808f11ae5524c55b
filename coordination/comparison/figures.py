"""Draws summed up: means with their intervals, paired differences, ratios, and where each way is best.

Intervals hold the mean in 95 of 100 cases (Student's t over draws). Differences are paired: of the same draws. A ratio
is given only over draws in which both costs exceed 1e-6 of what doing nothing costs there; of costs it is the price of
anarchy of deciding otherwise than the core would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.comparison.drawn import LESS_IS_BETTER, MEASURES, PHASES
from coordination.comparison.ways import LADDER, NOTHING, REFERENCE
from coordination.instance.vocabulary import RUNGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SURE = 0.95
OF_NOTHING = 1e-6
RATIOS = ("deprivation", "cost")
COLUMNS = ["way", "measure", "draws", "mean", "lower", "upper", "difference", "difference_lower", "difference_upper"]


def interval(values: Floats) -> tuple[float, float, float]:
    """Return mean, lower and upper end; of fewer than two values the ends are not known.

    Examples
    --------
    >>> [round(value, 3) for value in interval(np.array([1.0, 2.0, 3.0]))]
    [2.0, -0.484, 4.484]
    """
    mean = float(values.mean()) if len(values) else float("nan")
    if len(values) < 2:
        return mean, float("nan"), float("nan")
    from scipy.special import stdtrit

    half = float(stdtrit(len(values) - 1, (1 + SURE) / 2) * values.std(ddof=1) / np.sqrt(len(values)))
    return mean, mean - half, mean + half


def draws_table(draws: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return ``draw``, ``scenario``, ``hazard``, ``way``, measures and costs by phase, a row for each play."""
    told = (*MEASURES, *PHASES)
    rows = [
        {"draw": draw["draw"], "scenario": draw["scenario"], "hazard": draw["hazard"], "way": way}
        | {name: found[name] for name in told}
        for draw in sorted(draws, key=lambda draw: int(draw["draw"]))
        for way, found in draw["ways"].items()
    ]
    return pd.DataFrame(rows, columns=["draw", "scenario", "hazard", "way", *told])


def comparison_table(draws: pd.DataFrame) -> pd.DataFrame:
    """Return means and paired differences to the reference, by way and measure."""
    rows = list[dict[str, Any]]()
    wide = draws.pivot(index="draw", columns="way", values=list(MEASURES))
    ways = draws["way"].drop_duplicates().tolist()
    reference = REFERENCE if REFERENCE in ways else ways[0]
    for way in ways:
        for measure in MEASURES:
            values = wide[measure, way].to_numpy(dtype=float)
            row: dict[str, Any] = {"way": way, "measure": measure, "draws": len(values)}
            row |= dict(zip(("mean", "lower", "upper"), interval(values), strict=True))
            if way != reference:
                apart = interval(values - wide[measure, reference].to_numpy(dtype=float))
                row |= dict(zip(COLUMNS[6:], apart, strict=True))
            rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)


def ratios_table(draws: pd.DataFrame) -> pd.DataFrame:
    """Return ratios to the reference, by way and measure; those that no draw allows are left out."""
    columns = ["way", "measure", "draws", "ratio", "lower", "upper"]
    ways = draws["way"].drop_duplicates().tolist()
    if REFERENCE not in ways or NOTHING not in ways:
        return pd.DataFrame(columns=columns)
    rows = list[dict[str, Any]]()
    wide = draws.pivot(index="draw", columns="way", values=list(RATIOS))
    for way in ways:
        for measure in RATIOS:
            mine, its, none = (wide[measure, name].to_numpy(dtype=float) for name in (way, REFERENCE, NOTHING))
            least = OF_NOTHING * np.abs(none)
            some = (mine > least) & (its > least)
            if way != REFERENCE and some.any():
                found = dict(zip(columns[3:], interval(mine[some] / its[some]), strict=True))
                rows.append({"way": way, "measure": measure, "draws": int(some.sum())} | found)
    return pd.DataFrame(rows, columns=columns)


def best_table(draws: pd.DataFrame) -> pd.DataFrame:
    """Return, by scenario, measure and way, the share of draws in which a way is best; equal ones all are."""
    rows = list[dict[str, Any]]()
    for scenario, part in draws.groupby("scenario", sort=True):
        for measure in MEASURES:
            wide = part.pivot(index="draw", columns="way", values=measure)
            values = wide if measure in LESS_IS_BETTER else -wide
            least = values.min(axis=1)
            near = values.le(least + 1e-9 * least.abs().clip(lower=1.0), axis=0)
            for way in draws["way"].drop_duplicates().tolist():
                row = {"scenario": scenario, "measure": measure, "way": way, "draws": len(part["draw"].unique())}
                rows.append(row | {"best": float(near[way].mean()), "mean": float(wide[way].mean())})
    return pd.DataFrame(rows, columns=["scenario", "measure", "way", "draws", "best", "mean"])


def map_table(draws: pd.DataFrame, delays: Mapping[str, int]) -> pd.DataFrame:
    """Return where each way wins: by phase, hazard and delay the share of draws in which it costs least.

    Parameters
    ----------
    draws : DataFrame
        Of `draws_table`.
    delays : mapping of str to int
        Periods that approval takes, of each way in which the core decides. Against each of these all others stand.
    """
    others = [way for way in draws["way"].drop_duplicates() if way not in delays]
    rows = list[dict[str, Any]]()
    for phase in (*PHASES, "cost"):
        for hazard, part in draws.groupby("hazard", sort=True):
            wide = part.pivot(index="draw", columns="way", values=phase)
            for central, delay in sorted(delays.items(), key=lambda item: item[1]):
                values = wide[[central, *others]]
                least = values.min(axis=1)
                near = values.le(least + 1e-9 * least.abs().clip(lower=1.0), axis=0)
                rows += [
                    {"phase": "all" if phase == "cost" else phase, "hazard": hazard, "delay": delay, "way": way,
                     "draws": len(values), "best": float(near[way].mean()), "mean": float(values[way].mean())}
                    for way in values.columns
                ]  # fmt: skip
    return pd.DataFrame(rows, columns=["phase", "hazard", "delay", "way", "draws", "best", "mean"])


def ladder_table(draws: pd.DataFrame) -> pd.DataFrame:
    """Return what each rung of information costs and is worth: what it saves beside the rung below, paired."""
    names = {rung: f"{LADDER}:{rung}" for rung in RUNGS[:-1]} | {RUNGS[-1]: LADDER}
    return _steps(draws, {rung: way for rung, way in names.items() if way in set(draws["way"])}, "rung", -1.0)


def speed_table(draws: pd.DataFrame, delays: Mapping[str, int]) -> pd.DataFrame:
    """Return what each delay of approval costs, and is worth doing away with: what it costs beside the shorter one."""
    order = {str(delay): way for way, delay in sorted(delays.items(), key=lambda item: item[1])}
    return _steps(draws, order, "delay", 1.0)


def _steps(draws: pd.DataFrame, ways: Mapping[str, str], name: str, sign: float) -> pd.DataFrame:
    """Return means along some ways, and the paired difference of each to the one before."""
    wide, before = draws.pivot(index="draw", columns="way", values="cost"), None
    rows = list[dict[str, Any]]()
    for step, way in ways.items():
        values = wide[way].to_numpy(dtype=float)
        row: dict[str, Any] = {name: step, "way": way, "draws": len(values)}
        row |= dict(zip(("mean", "lower", "upper"), interval(values), strict=True))
        if before is not None:
            row |= dict(zip(("worth", "worth_lower", "worth_upper"), interval(sign * (values - before)), strict=True))
        rows.append(row)
        before = values
    columns = [name, "way", "draws", "mean", "lower", "upper", "worth", "worth_lower", "worth_upper"]
    return pd.DataFrame(rows, columns=columns)


def exchange_table(draws: pd.DataFrame, delays: Mapping[str, int]) -> pd.DataFrame:
    """Return speed against sight: what the core, so late, costs beyond coalitions that see so much, paired."""
    wide = draws.pivot(index="draw", columns="way", values="cost")
    rows = list[dict[str, Any]]()
    for rung in RUNGS:
        way = LADDER if rung == RUNGS[-1] else f"{LADDER}:{rung}"
        if way not in wide:
            continue
        for central, delay in sorted(delays.items(), key=lambda item: item[1]):
            apart = interval((wide[central] - wide[way]).to_numpy(dtype=float))
            row: dict[str, Any] = {"delay": delay, "rung": rung, "draws": len(wide)}
            rows.append(row | dict(zip(("difference", "lower", "upper"), apart, strict=True)))
    return pd.DataFrame(rows, columns=["delay", "rung", "draws", "difference", "lower", "upper"])


def curves_table(draws: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return the mean function curve of each way with its interval: ``way``, ``period``, ``function``, ends."""
    rows = list[dict[str, Any]]()
    ordered = sorted(draws, key=lambda draw: int(draw["draw"]))
    for way in ordered[0]["ways"]:
        courses = np.array([draw["ways"][way]["curve"] for draw in ordered], dtype=float)
        for period in range(courses.shape[1]):
            found = dict(zip(("function", "lower", "upper"), interval(courses[:, period]), strict=True))
            rows.append({"way": way, "period": period} | found)
    return pd.DataFrame(rows, columns=["way", "period", "function", "lower", "upper"])
