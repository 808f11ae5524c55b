"""A complete instance folder to damage, and the problems that reading it finds."""

import shutil
from pathlib import Path

import pytest

from coordination.errors import InstanceError
from coordination.instance import load
from coordination.instance.template import write_template

HEADER = {"name": "tiny", "periods": 4, "period_hours": 12}


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """Write the template once; tests damage copies of it."""
    path = tmp_path_factory.mktemp("template") / "case"
    write_template(path)
    return path


@pytest.fixture
def folder(template, tmp_path):
    """Copy a complete, working instance folder: the template, which uses almost every table."""
    return Path(shutil.copytree(template, tmp_path / "case"))


def problems_of(path):
    """Return the problems of an instance, each as (table, row, column)."""
    return [(problem.table, problem.row, problem.column) for problem in errors_of(path)]


def errors_of(path):
    """Return the problems of an instance that must not load."""
    with pytest.raises(InstanceError) as caught:
        load(path)
    assert str(caught.value)
    return caught.value.problems


def only_error_of(path):
    """Return the one problem of an instance that must have exactly one."""
    problems = errors_of(path)
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def edit(folder: Path, table: str, row: int, /, **cells: str) -> None:
    """Overwrite cells of one row, given by its line in the file, the header being line 1."""
    path = folder / f"{table}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    values = lines[row - 1].split(",")
    for name, value in cells.items():
        column = name.removesuffix("_")
        if column not in names:
            names.append(column)
            lines[0] = ",".join(names)
            lines[1:] = [f"{line}," for line in lines[1:]]
            values = lines[row - 1].split(",")
        values[names.index(column)] = value
    lines[row - 1] = ",".join(values)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def append(folder: Path, table: str, line: str) -> int:
    """Add a line to a table and return its number."""
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8") + line + "\n"
    path.write_text(text, encoding="utf-8")
    return text.count("\n")


def tiny_tables():
    """Return the smallest tables that have a need, a fleet and a task."""
    return {
        "zones": [{"zone": "z", "level": "street"}, {"zone": "y", "level": "community", "parent": "z"}],
        "places": [{"place": "d", "kind": "depot", "zone": "z"}, {"place": "p", "kind": "community", "zone": "y"}],
        "roads": [{"road": "r", "from": "d", "to": "p", "km": 1, "minutes": 2}],
        "parties": [
            {"party": "core", "kind": "core", "zone": "z"},
            {"party": "v", "kind": "volunteers", "zone": "y", "superior": "core", "hours": 4},
        ],
        "skills": [{"party": "v", "skill": "carry", "hours": 3}],
        "commodities": [{"commodity": "water", "kg": 1, "cost_without": 20}],
        "stocks": [{"place": "d", "commodity": "water", "quantity": 9, "owner": "core"}],
        "needs": [{"place": "p", "commodity": "water", "period": 1, "quantity": 5.5}],
        "fleets": [{"fleet": "f", "party": "core", "base": "d", "vehicles": 1, "payload_tonnes": 3, "hours": 8}],
        "tasks": [
            {"task": "t", "domain": "supply", "zone": "y", "skill": "carry", "hours": 2},
            {"task": "u", "domain": "safety", "zone": "y", "skill": "carry", "hours": 2},
        ],
    }
