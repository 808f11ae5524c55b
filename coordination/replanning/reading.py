"""Events from a file or from objects, checked as the table ``events`` of an instance."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coordination.errors import UsageError
from coordination.instance.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coordination.instance import Instance

COLUMNS = tuple(TABLES["events"].columns)


def read_events(
    instance: Instance, events: str | Path | pd.DataFrame | Sequence[Mapping[str, Any]] | None
) -> pd.DataFrame:
    """Return news: given rows first, then those of the instance itself.

    Parameters
    ----------
    instance : Instance
        Whose table ``events`` is read, too.
    events : path, DataFrame or sequence of mapping, or None
        A CSV file with the columns of ``events``, or its rows.

    Returns
    -------
    DataFrame
        Typed and checked; rows of the file keep their numbers.

    Raises
    ------
    UsageError
        The file cannot be read.
    InstanceError
        Cells are not what ``events`` asks for; all that is wrong is listed.
    """
    own = instance.given("events").astype(object)
    if events is None:
        return instance.events
    rows = _file(Path(events)) if isinstance(events, str | Path) else pd.DataFrame(events)
    rows = rows.astype(object).where(rows.notna(), None)
    return instance.replace(events=pd.concat([rows, own], ignore_index=True) if len(own) else rows).events


def _file(path: Path) -> pd.DataFrame:
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {error}; expected a CSV file with {', '.join(COLUMNS)}") from error
    return rows.astype(object).where(rows != "", None)
