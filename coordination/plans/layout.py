"""What a plan folder holds, by name, and which folders may be replaced by one."""

from __future__ import annotations

import os
from pathlib import Path

from coordination.errors import PlanError
from coordination.plans.tables import ALL_TABLES

HEADER_FILE = "plan.json"
INSTANCE_FOLDER = "instance"
REPORT_FILE = "report.html"
PLANS_FOLDER = "plans"
ORDERS_FOLDER = "orders"
ORDERS_INDEX = "index.csv"


def table_file(name: str) -> str:
    """Return the file name of a plan table."""
    return f"{name}.csv"


OURS = frozenset(
    {HEADER_FILE, INSTANCE_FOLDER, REPORT_FILE, ORDERS_FOLDER, *(table_file(name) for name in ALL_TABLES)}
    | {PLANS_FOLDER, *(table_file(name) for name in ("first_stage", "scenario_costs", "adaptive"))}
    | {table_file(name) for name in ("assured", "loss_costs")}
)
"""Everything that a plan folder holds."""

LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What file managers leave in folders; nobody misses it."""


PREPARATION = "preparation"
"""The kind of plan folder that answers another question than all others."""


def refuse_to_overwrite(path: Path, *, preparation: bool = False) -> Path:
    """Check that a plan may be written to `path`: before planning, so that no work is lost for want of a place.

    Parameters
    ----------
    path : Path
        The folder to write: missing, empty, or a plan folder without anything of somebody else's in it.
    preparation : bool
        Whether a preparation is to be written there: it replaces no plan, and no plan replaces a preparation.

    Returns
    -------
    Path
        The same without links.

    Raises
    ------
    PlanError
        It is a file, holds something else, or the folder to write it in is none or cannot be written. Folders above
        it that are missing are made when it is written.
    """
    target = path.resolve()
    above = next(folder for folder in target.parents if folder.exists())
    if not above.is_dir():
        raise PlanError(f"Cannot write a plan to {path}: {above} is a file. Name a folder that can be made.")
    if not os.access(above, os.W_OK | os.X_OK):
        raise PlanError(f"Cannot write a plan to {path}: the folder {above} cannot be written.")
    if target.exists():
        _check_replaceable(path, target, preparation)
    return target


def _check_replaceable(path: Path, target: Path, preparation: bool) -> None:
    from coordination.plans.reading import contents, read_header

    refused = f"Cannot write a {'preparation' if preparation else 'plan'} to {path}: "
    advice = "Choose another folder, or move it away."
    if not target.is_dir():
        raise PlanError(f"{refused}found a file; expected a plan folder, or nothing. {advice}")
    try:
        names = {entry.name for entry in target.iterdir()} - LITTER
        if not names:
            return
        if HEADER_FILE not in names:
            raise PlanError(f"{refused}found {contents(target)}; expected a plan folder, or nothing. {advice}")
        foreign = sorted((names - OURS) | _foreign_below(target))
    except OSError as error:
        raise PlanError(f"{refused}{target} cannot be read ({error.strerror}).") from error
    try:
        kind = read_header(target).kind
    except PlanError as error:
        raise PlanError(f"{refused}its {HEADER_FILE} is not a plan's. {error}") from error
    if (kind == PREPARATION) is not preparation:
        raise PlanError(f"{refused}a {kind} is there, which would be lost. {advice}")
    if foreign:
        listed = ", ".join(foreign[:5]) + (", …" if len(foreign) > 5 else "")
        raise PlanError(f"{refused}with the plan there {listed} would go, which is not a plan's. {advice}")


def _foreign_below(target: Path) -> set[str]:
    """Return what lies in the folders of a plan folder and was not written there."""
    expected = {ORDERS_FOLDER: {".csv"}, INSTANCE_FOLDER: {".csv", ".yaml"}}
    return {
        f"{folder}/{entry.name}"
        for folder, suffixes in expected.items()
        if (target / folder).is_dir()
        for entry in (target / folder).iterdir()
        if entry.suffix not in suffixes and entry.name not in LITTER
    }
