"""Plan folders as they are written: rows and columns in the order of the files."""

import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from coordination.instance.raw import Raw
from coordination.instance.text import read_text
from coordination.plans import Plan
from coordination.plans.tables import tables_of


def written_tables(path: Path, plan: Plan) -> Mapping[str, pd.DataFrame]:
    """Return the tables of a plan folder in the order of its rows and columns.

    Parameters
    ----------
    path : Path
        A plan folder.
    plan : Plan
        What was read from it; a plan sorts its rows, and so hides how they were written.

    Returns
    -------
    Mapping of str to DataFrame
        Contract columns with their declared types; the plan's own table where a file cannot be told.
    """
    tables = dict(plan.tables)
    for name, table in tables_of(plan.kind).items():
        file = path / f"{name}.csv"
        text = read_text(file, name, Raw()) if file.is_file() else None
        if text is None:
            continue
        # Text first: "NA" and "001" are ids, only an empty cell is blank.
        cells = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False, na_values=[""])
        tables[name] = pd.DataFrame({c: _typed(cells[c], table.columns[c].dtype) for c in cells.columns})
    return tables


def _typed(cells: pd.Series, dtype: str) -> pd.Series:
    if dtype == "str":
        return cells
    numbers = cells.astype("float64")
    return numbers if dtype == "float64" else numbers.astype("int64")
