"""Plan folders as they are written: rows in the order of the files."""

from pathlib import Path

import pandas as pd

from coordination.plans.tables import PLAN_TABLES


def written_tables(path: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a plan folder in the order of its rows.

    Parameters
    ----------
    path : Path
        A plan folder that `Plan.load` could read; it sorts rows, and so hides their order.

    Returns
    -------
    dict of str to DataFrame
        Contract columns with their declared types; a table without a file is empty.
    """
    tables = {}
    for name, table in PLAN_TABLES.items():
        file = path / f"{name}.csv"
        columns = list(table.columns)
        if not file.is_file():
            cells = pd.DataFrame(columns=columns, dtype="str")
        else:
            # Text first: "NA" and "001" are ids, only an empty cell is blank.
            cells = pd.read_csv(file, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8-sig")
        typed = {c.name: _typed(cells[c.name], c.dtype) for c in table.columns.values()}
        tables[name] = pd.DataFrame(typed, columns=columns)
    return tables


def _typed(cells: pd.Series, dtype: str) -> pd.Series:
    if dtype == "str":
        return cells
    return cells.astype("float64") if dtype == "float64" else cells.astype("int64")
