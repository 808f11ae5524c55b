"""The tables explained for people, made from the declarations."""

from collections.abc import Iterable

from coordination.instance.columns import Column
from coordination.instance.header import HEADER
from coordination.instance.policy import POLICY
from coordination.instance.tables import TABLES, Table


def describe_column(column: Column) -> str:
    """Say on one line what a column holds.

    Parameters
    ----------
    column : Column
        Its declaration.

    Returns
    -------
    str
        Sentence, what a cell must be, and what an absent one means.
    """
    absent = "required" if column.required else f"absent: {column.absent}"
    return f"{column.description} {_capital(column.expected)}; {absent}."


def describe_table(table: Table) -> str:
    """Explain a table in Markdown.

    Parameters
    ----------
    table : Table
        Its declaration.

    Returns
    -------
    str
        Heading, sentence, and a table of its columns.
    """
    unique = f" No two rows share {', '.join(table.unique)}." if table.unique else ""
    return f"### {table.name}\n\n{table.meaning}{unique}\n\n{_columns(table.columns.values())}"


def describe_all() -> str:
    """Explain header, policy and every table in Markdown.

    Returns
    -------
    str
        One section each, in contract order.
    """
    header = f"### instance.yaml\n\nName, calendar and policy.\n\n{_columns(HEADER.values())}"
    policy = f"### policy (in instance.yaml)\n\nPrices and rules that hold everywhere.\n\n{_columns(POLICY.values())}"
    return "\n".join([header, policy, *(describe_table(table) for table in TABLES.values())])


def _columns(columns: Iterable[Column]) -> str:
    lines = ["| column | meaning | what it must be | absent |", "|---|---|---|---|"]
    for column in columns:
        name = f"**{column.name}**" if column.required else column.name
        absent = "required" if column.required else column.absent
        lines.append(f"| {name} | {column.description} | {column.expected} | {absent} |")
    return "\n".join([*lines, ""])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
