"""The notation table of ``models/README.md``, read off the symbol tables of the concepts."""

import re
from pathlib import Path

from .golden_files import FILES, MODELS

README = MODELS.parent / "README.md"
FIRST, LAST = "<!-- notation: made by `python -m tests.models.remake` -->", "<!-- end of notation -->"


def symbols(path: Path) -> list[list[str]]:
    """Return symbol, meaning, unit, component of the symbol table of a concept file."""
    text = path.read_text(encoding="utf-8").split('"""')[1]
    found = re.search(r"^Symbols\n-+\n(.*?)^\w+\n-+\n", text, flags=re.MULTILINE | re.DOTALL)
    if found is None:
        return []
    lines = found.group(1).strip().splitlines()
    starts = [match.start() for match in re.finditer(r"=+", lines[0])]
    ends = [*starts[1:], None]
    rows = lines[lines.index(lines[0], 1) + 1 :]
    rows = rows[: rows.index(lines[0])]
    return [[row[start:end].strip() for start, end in zip(starts, ends, strict=True)] for row in rows]


def own_symbols(path: Path) -> list[list[str]]:
    """Return the rows whose component the file itself declares."""
    code = path.read_text(encoding="utf-8").split('"""', 2)[2]
    declared = set(re.findall(r"block\.([a-z]\w+) = pyo\.(?:Var|Param)", code))
    return [row for row in symbols(path) if set(re.findall(r"``(\w+)``", row[3])) & declared]


def table() -> str:
    """Return the notation as a Markdown table, by file."""
    lines = ["| component | symbol | meaning | unit | file |", "|---|---|---|---|---|"]
    for name in FILES:
        for symbol, meaning, unit, component in own_symbols(MODELS / f"{name}.py"):
            lines.append(f"| {component.replace('``', '`')} | {symbol} | {meaning} | {unit} | `{name}.py` |")
    return "\n".join(lines)


def with_table(text: str) -> str:
    """Return the README's text with the present table."""
    before, rest = text.split(FIRST)
    return before + FIRST + "\n\n" + table() + "\n\n" + LAST + rest.split(LAST)[1]


def remake() -> None:
    """Write the table into the README."""
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
