"""Plan folders are verified as they are written."""

import json

import pandas as pd
import pytest

from coordination.errors import PlanError
from coordination.verification import verify
from tests.verification import town


@pytest.fixture
def folder(tmp_path):
    """Return the folder of the plan worked out by hand."""
    town.plan().save(tmp_path / "plan")
    return tmp_path / "plan"


def edit(path, old, new):
    """Replace text in a file, which must be there once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_folder_holds(folder):
    """A plan written to a folder verifies from the folder alone, given as text or path."""
    assert verify(folder).ok, str(verify(folder))
    assert verify(str(folder)).ok


def test_changed_cell(folder):
    """A number changed in a file is found."""
    edit(folder / "service.csv", "north,meal,general,1,40", "north,meal,general,1,41")
    assert "need 41, expected 40" in str(verify(folder))


def test_order_of_rows(folder):
    """Rows out of the contract's order are found in the file, by their line."""
    file = folder / "modes.csv"
    header, first, second, *rest = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([header, second, first, *rest]) + "\n", encoding="utf-8")
    found = verify(folder).violations
    assert [violation.message for violation in found] == ["modes, row 3: not in the order of the contract"]


def test_order_of_columns(folder):
    """Columns out of the contract's order are found in the file."""
    table = pd.read_csv(folder / "modes.csv", dtype=str)
    table[["period", "zone", "mode"]].to_csv(folder / "modes.csv", index=False)
    found = verify(folder).violations
    assert [violation.message for violation in found] == [
        "modes: columns period, zone, mode; expected zone, period, mode"
    ]


def test_changed_instance(folder):
    """An instance that is not the one planned for is found by its hash, and by what no longer fits."""
    edit(folder / "instance" / "needs.csv", "south,water,0,40", "south,water,0,39")
    rules = {violation.rule for violation in verify(folder).violations}
    assert {"figures", "service"} <= rules


def test_damaged_table(folder):
    """A table that cannot be read, or is missing, is a violation that names file, row and column."""
    edit(folder / "gaps.csv", "handout,hours,2,1.5,carry", "handout,hours,2,many,carry")
    verdict = verify(folder)
    assert not verdict.ok
    assert "gaps" in str(verdict)
    assert "many" in str(verdict)
    (folder / "gaps.csv").unlink()
    assert "gaps.csv" in str(verify(folder))


def test_damaged_header(folder):
    """A plan.json that cannot be read is a violation; figures of the wrong kind are, too."""
    header = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    for wrong in ({"terms": []}, {"objective": "much"}, {"status": "splendid"}):
        (folder / "plan.json").write_text(json.dumps(header | wrong), encoding="utf-8")
        assert not verify(folder).ok
    (folder / "plan.json").write_text("{", encoding="utf-8")
    assert not verify(folder).ok


def test_no_plan_folder(tmp_path):
    """A folder that is no plan folder is refused."""
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(PlanError):
            verify(path)
