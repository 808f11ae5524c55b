"""A comparison as data: how each way of deciding does through the same events."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coordination.comparison.chart import chart
from coordination.comparison.winners import winners
from coordination.errors import WriteError
from coordination.instance.writing import write_csv
from coordination.replacing import is_of_kind, refuse_foreign, replacing

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from coordination.instance import Instance

HEADER_FILE = "plan.json"
CHART_FILE = "chart.svg"
MAP_FILE = "map.svg"
REPORT_FILE = "report.html"
TABLES = ("comparison", "ratios", "best", "curves", "draws", "map", "ladder", "speed", "exchange")
OURS = frozenset(
    {HEADER_FILE, CHART_FILE, MAP_FILE, REPORT_FILE, "instance", "truth", *(f"{name}.csv" for name in TABLES)}
)
"""Everything that the folder of a comparison holds."""


@dataclass(frozen=True)
class Comparison:
    """Ways of deciding, played through the same drawn events.

    Attributes
    ----------
    instance, truth : Instance
        What was believed, and what was true but for the events.
    options : mapping
        Draws, seed, how often it was decided, gap.
    comparison : DataFrame
        ``way``, ``measure``, ``draws``, ``mean`` with its 95 % interval, and the paired difference to the reference.
    ratios : DataFrame
        ``way``, ``measure``, ``draws`` (in which both costs count), ``ratio`` to the reference with its interval.
    best : DataFrame
        ``scenario``, ``measure``, ``way``, ``draws``, ``best`` (share of draws in which it is), ``mean``.
    curves : DataFrame
        ``way``, ``period``, ``function`` of the city with its interval.
    draws : DataFrame
        ``draw``, ``scenario``, ``hazard``, ``way``, the measures and the social cost by phase.
    map : DataFrame
        ``phase``, ``hazard``, ``delay``, ``way``, ``draws``, ``best`` (share of draws in which it costs least),
        ``mean``: of the core with that delay of approval and all other ways.
    ladder, speed : DataFrame
        ``rung`` or ``delay``, ``way``, ``draws``, ``mean`` cost with its interval, and ``worth``: of a rung what it
        saves beside the one below, of a delay what it costs beside the shorter one, paired, with its interval.
    exchange : DataFrame
        ``delay``, ``rung``, ``draws``, ``difference``: what the core so late costs beyond coalitions that see so much.
    left_out : mapping of str to str
        Ways that could not be played, and why.
    words : list of str
        All this in sentences.
    """

    instance: Instance
    truth: Instance
    options: Mapping[str, Any]
    comparison: pd.DataFrame
    ratios: pd.DataFrame
    best: pd.DataFrame
    curves: pd.DataFrame
    draws: pd.DataFrame
    map: pd.DataFrame
    ladder: pd.DataFrame
    speed: pd.DataFrame
    exchange: pd.DataFrame
    left_out: Mapping[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def header(self) -> dict[str, Any]:
        """Return the content of ``plan.json``."""
        return {
            "kind": "comparison",
            "sha256": self.instance.sha256,
            "sha256_truth": self.truth.sha256,
            "options": dict(self.options),
            "left_out": dict(self.left_out),
            "versions": {name: version(name) for name in ("coordination", "highspy", "numpy", "pandas", "pyomo")},
            "words": self.words,
        }

    def save(self, path: str | Path) -> None:
        """Write the folder, all or nothing.

        Parameters
        ----------
        path : str or Path
            The folder; one of a comparison is replaced, in one step.

        Raises
        ------
        WriteError
            Something else stands there, or it cannot be written.
        """
        from coordination.report.comparison import render_comparison

        target = Path(path)
        refuse_to_overwrite(target)
        try:
            with replacing(target) as folder:
                self.instance.save(folder / "instance")
                self.truth.save(folder / "truth")
                for name in TABLES:
                    write_csv(getattr(self, name), folder / f"{name}.csv")
                drawing = chart(self.comparison, self.curves, self.instance.currency)
                (folder / CHART_FILE).write_text(drawing, encoding="utf-8", newline="")
                winning = winners(self.map)
                (folder / MAP_FILE).write_text(winning, encoding="utf-8", newline="")
                page = render_comparison(self, drawing, winning)
                (folder / REPORT_FILE).write_text(page, encoding="utf-8", newline="")
                text = json.dumps(self.header(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
                (folder / HEADER_FILE).write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise WriteError(f"Cannot write a comparison to {path}: {error.strerror} ({error.filename}).") from error


def refuse_to_overwrite(path: Path) -> None:
    """Check, before anything is computed, that nothing of somebody else's would be replaced.

    Raises
    ------
    WriteError
        It holds something else.
    """
    refuse_foreign(path, "a comparison", OURS, known=is_of_kind(path / HEADER_FILE, "comparison"))
