"""The front door of resilience: from a plan to its curves, figures and indices, by zone."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance.areas import Areas
from coordination.resilience.curve import curves, read_off
from coordination.resilience.dimensions import Dimensions
from coordination.wording import counted, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coordination.plans import Plan

INDICES = ("infrastructure", "economic", "social", "institutional")
MEANINGS = (
    "robustness: lowest share of wants met in any period; rapidity: share regained per period after it;",
    "area_lost: shares missing, summed over periods; time_to_90: periods below 90 %; –: nothing there, or not back;",
    "the others are indices from 0 (nothing) to 1 (all): the parts that pull one down stand in resilience.csv (--out).",
)
"""What the columns of the wide table are, for people."""
INDEX = "index"
"""The part that stands for the whole: the mean of the others."""


@dataclass(frozen=True)
class Resilience:
    """How resilient a plan lets the city and its zones be.

    Attributes
    ----------
    curve : DataFrame
        ``zone``, ``period``, ``function`` (0 to 1).
    table : DataFrame
        ``zone``, ``dimension`` (function, redundancy and the four indices), ``part``, ``value``; part ``index`` is the
        mean of a dimension's parts. Absent parts have no row.
    """

    curve: pd.DataFrame = field(repr=False)
    table: pd.DataFrame = field(repr=False)

    def wide(self) -> pd.DataFrame:
        """Return a row for each zone: the figures of its curve, redundancy and the four indices, NaN where absent."""
        rows = self.table
        rows = rows[(rows["dimension"] == "function") | (rows["part"] == INDEX)]
        name = rows["part"].where(rows["dimension"] == "function", rows["dimension"])
        wide = rows.assign(name=name).pivot(index="zone", columns="name", values="value")
        columns = ["robustness", "rapidity", "area_lost", "time_to_90", "redundancy", *INDICES]
        return wide.reindex(index=rows["zone"].drop_duplicates(), columns=columns)

    def lines(self) -> list[str]:
        """Return in sentences what the table's columns are, and when and how deep the first zone falls."""
        if self.curve.empty:
            return []
        whole = self.curve[self.curve["zone"] == self.curve["zone"].iloc[0]].reset_index(drop=True)
        worst = whole.loc[whole["function"].idxmin()]
        figures = self.wide().iloc[0]
        fell = f"In {worst['zone']}, {percent(float(worst['function']))} of what was wanted is met"
        fell += f" at worst, in period {int(worst['period'])}"
        time = float(figures["time_to_90"])
        if np.isnan(time):
            back = "it does not come back to 90 % before the end: see `coordination explain DIR --place P` for why"
        elif time == 0:
            back = "it never falls below 90 %"
        else:
            back = f"it is back at 90 % after {counted(int(time), 'period')}"
        return [f"{fell}; {back}.", *MEANINGS, ""]

    def save(self, path: str | Path) -> None:
        """Write ``curve.csv`` and ``resilience.csv`` into a folder, which is made if it is missing.

        Parameters
        ----------
        path : str or Path
            The folder; other files in it stay.

        Raises
        ------
        WriteError
            If it cannot be written.
        """
        from coordination.errors import WriteError
        from coordination.instance.writing import write_csv

        folder = Path(path)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, table in (("curve", self.curve), ("resilience", self.table)):
                # Beside the target first, then renamed: whoever reads finds the old table or the new one.
                write_csv(table, folder / f".{name}.csv.part")
                (folder / f".{name}.csv.part").replace(folder / f"{name}.csv")
        except OSError as error:
            raise WriteError(f"Cannot write to {path}: {error.strerror} ({error.filename}).") from error


def measure_resilience(plan: Plan, zones: Sequence[str] | None = None) -> Resilience:
    """Measure the resilience of a plan, from what it serves and who acts in it.

    Parameters
    ----------
    plan : Plan
        A feasible plan.
    zones : sequence of str, optional
        Zones to measure; all by default.

    Returns
    -------
    Resilience
        Curves and figures of every zone, each with the zones within it; see ``curve`` and ``dimensions`` for what each
        figure says.

    Raises
    ------
    PlanError
        If the plan has no feasible solution.
    """
    from coordination.errors import PlanError

    if not plan.feasible:
        raise PlanError("The plan has no feasible solution, so nothing is served and nothing can be measured.")
    zones = plan.instance.zones["zone"].tolist() if zones is None else list(zones)
    within = containment(plan, zones)
    course, dimensions = curves(plan, within), Dimensions(plan)
    rows: list[tuple[str, str, str, float]] = []
    for code, zone in enumerate(zones):
        rows += [(zone, "function", part, value) for part, value in read_off(course[code]).items()]
        for dimension, parts in dimensions.of(within[code]).items():
            there = [value for value in parts.values() if not np.isnan(value)]
            whole = float(np.mean(there)) if there else float("nan")
            rows += [(zone, dimension, part, value) for part, value in {**parts, INDEX: whole}.items()]
    table = pd.DataFrame(rows, columns=["zone", "dimension", "part", "value"]).dropna(ignore_index=True)
    return Resilience(_tabled(plan, zones, course), table)


def function_curve(plan: Plan, zones: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the function of zones by period alone: ``zone``, ``period``, ``function``.

    Parameters
    ----------
    plan : Plan
        A feasible plan.
    zones : sequence of str, optional
        Zones to measure; all by default.
    """
    zones = plan.instance.zones["zone"].tolist() if zones is None else list(zones)
    return _tabled(plan, zones, curves(plan, containment(plan, zones)))


def _tabled(plan: Plan, zones: Sequence[str], course: NDArray[np.float64]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "zone": np.repeat(np.array(zones, dtype=object), plan.instance.periods),
            "period": np.tile(np.arange(plan.instance.periods), len(zones)),
            "function": course.ravel(),
        }
    )


def containment(plan: Plan, outer: Sequence[str]) -> NDArray[np.bool_]:
    """Return whether each zone of the instance is, or lies within, one of `outer`, shape (outer, zones)."""
    zones = plan.instance.zones
    parents = zones["parent"].astype(object).where(zones["parent"].notna(), None)
    ids = zones["zone"].to_numpy(dtype=object)
    areas = Areas(dict(zip(ids.tolist(), parents.tolist(), strict=True)))
    around = np.repeat(np.array(outer, dtype=object), len(ids))
    return areas.contains(around, np.tile(ids, len(outer))).reshape(len(outer), len(ids))
