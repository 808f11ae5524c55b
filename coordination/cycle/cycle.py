"""A cycle as data: what was prepared, what came of the event by phase, what was learned, and the next instance."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coordination.errors import WriteError
from coordination.instance.writing import write_csv
from coordination.replacing import is_of_kind, refuse_foreign, replacing

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from coordination.instance import Instance
    from coordination.plans import Plan, Preparation

HEADER_FILE = "plan.json"
TABLES = ("phases", "curve", "learned", "news")
FOLDERS = ("instance", "truth", "next", "played", "preparation", "steps")
OURS = frozenset({HEADER_FILE, *FOLDERS, *(f"{name}.csv" for name in TABLES)})
"""Everything that the folder of a cycle holds."""


@dataclass(frozen=True)
class Cycle:
    """Prepare, resist, recover, adapt, played once.

    Attributes
    ----------
    instance, truth : Instance
        What was believed, and what was true but for the event itself.
    scenario : str or None
        What struck.
    options : mapping
        Seeds, how often it was decided, and the options of planning.
    phases, curve, learned, news : DataFrame
        Cost, deprivation and curve by phase; ``zone``, ``period``, ``function``; what was learned; ``period``,
        ``news``.
    played : Plan
        What came of the event, as a plan of what was true.
    following : Instance
        The next instance: what is believed afterwards.
    preparation : Preparation or None
        What was done before; None where nothing could be.
    words : list of str
        All this in sentences.
    """

    instance: Instance
    truth: Instance
    scenario: str | None
    options: Mapping[str, Any]
    phases: pd.DataFrame
    curve: pd.DataFrame
    learned: pd.DataFrame
    news: pd.DataFrame
    played: Plan
    following: Instance
    preparation: Preparation | None = None
    words: list[str] = field(default_factory=list)

    def header(self) -> dict[str, Any]:
        """Return the content of ``plan.json``."""
        return {
            "kind": "cycle",
            "status": str(self.played.status),
            "objective": self.played.objective,
            "terms": dict(self.played.terms),
            "scenario": self.scenario,
            "sha256": self.instance.sha256,
            "sha256_truth": self.truth.sha256,
            "sha256_next": self.following.sha256,
            "options": dict(self.options),
            "versions": {name: version(name) for name in ("coordination", "highspy", "numpy", "pandas", "pyomo")},
            "words": self.words,
        }

    def save(self, path: str | Path, steps: Path | None = None) -> None:
        """Write the folder, all or nothing.

        Parameters
        ----------
        path : str or Path
            The folder; one of a cycle is replaced, in one step.
        steps : Path, optional
            Steps as they were kept; they go into it.

        Raises
        ------
        WriteError
            Something else stands there, or it cannot be written.
        """
        target = Path(path)
        refuse_to_overwrite(target)
        try:
            with replacing(target) as folder:
                self.instance.save(folder / "instance")
                self.truth.save(folder / "truth")
                self.following.save(folder / "next")
                self.played.save(folder / "played")
                if self.preparation is not None:
                    self.preparation.save(folder / "preparation")
                for name in TABLES:
                    write_csv(getattr(self, name), folder / f"{name}.csv")
                if steps is not None:
                    shutil.copytree(steps, folder / "steps")
                text = json.dumps(self.header(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
                (folder / HEADER_FILE).write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise WriteError(f"Cannot write a cycle to {path}: {error.strerror} ({error.filename}).") from error


def refuse_to_overwrite(path: Path) -> None:
    """Check, before anything is computed, that nothing of somebody else's would be replaced.

    Raises
    ------
    WriteError
        It holds something else.
    """
    refuse_foreign(path, "a cycle", OURS, known=is_of_kind(path / HEADER_FILE, "cycle"))
