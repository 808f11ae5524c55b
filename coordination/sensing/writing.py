"""What was sensed, written as a folder, all or nothing."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from coordination.errors import WriteError
from coordination.instance.writing import write_csv
from coordination.plans.sensing import SENSING_TABLES
from coordination.replacing import refuse_foreign, replacing

if TYPE_CHECKING:
    from pathlib import Path

    from coordination.sensing.sensing import Sensing

HEADER_FILE = "sensing.json"
INSTANCE_FOLDER = "instance"
OURS = frozenset({HEADER_FILE, INSTANCE_FOLDER, *(f"{name}.csv" for name in SENSING_TABLES)})
"""Everything that such a folder holds."""


def save(sensing: Sensing, path: Path) -> None:
    """Write what was sensed.

    Parameters
    ----------
    sensing : Sensing
        What is written.
    path : Path
        The folder: missing, empty, or one of sensing to be replaced.

    Raises
    ------
    WriteError
        If something else stands there, or it cannot be written.
    """
    refuse_to_overwrite(path)
    try:
        with replacing(path) as folder:
            sensing.instance.save(folder / INSTANCE_FOLDER)
            for name, table in sensing.tables.items():
                write_csv(table, folder / f"{name}.csv")
            text = json.dumps(header(sensing), ensure_ascii=False, indent=2) + "\n"
            (folder / HEADER_FILE).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise WriteError(f"Cannot write to {path}: {error.strerror} ({error.filename}).") from error


def header(sensing: Sensing) -> dict[str, object]:
    """Return the content of ``sensing.json``."""
    return {
        "kind": "sensing",
        "instance": sensing.instance.name,
        "sha256": sensing.instance.sha256,
        "now": sensing.now,
        "interval": sensing.interval,
        "rows": {name: len(table) for name, table in sensing.tables.items()},
        "versions": {name: _version(name) for name in ("coordination", "statsmodels", "numpy", "pandas")},
    }


def _version(package: str) -> str | None:
    """Return the version of a package; None where it is not there and was not needed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def refuse_to_overwrite(path: Path) -> None:
    """Check, before anything is computed, that nothing of somebody else's would be replaced.

    Parameters
    ----------
    path : Path
        The folder to write.

    Raises
    ------
    WriteError
        If it holds something else.
    """
    refuse_foreign(path, "sensing", OURS, known=(path / HEADER_FILE).exists())
