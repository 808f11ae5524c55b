"""Each concept alone, written as LP, is the golden file of its name (remake: ``python -m tests.models.remake``)."""

import pytest

from .golden_files import FILES, HERE, concepts, file_of, golden_names, written


@pytest.mark.parametrize("name", golden_names())
def test_golden_file(name, tmp_path):
    """What a concept declares on the small town is what its golden file says."""
    golden = (HERE / f"{name}.lp").read_text(encoding="utf-8")
    assert written(name, tmp_path / "model.lp") == golden


def test_every_file_has_a_golden_file():
    """No concept file, and no golden file, stands alone."""
    covered = {file_of(name) for name in concepts() if (HERE / f"{name}.lp").exists()}
    assert set(FILES) - {"response"} == covered
    assert {path.stem for path in HERE.glob("*.lp")} == set(golden_names())
