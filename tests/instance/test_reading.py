"""Where an instance may lie, and what is said when it does not."""

import pytest

from coordination.errors import InstanceError
from coordination.instance import load
from tests.instance.conftest import only_error_of, problems_of


def test_nothing_there_names_the_nearest(folder):
    """A path that leads nowhere is told what lies beside it."""
    problem = only_error_of(folder.with_name("csae"))
    assert problem.found.startswith("nothing at")
    assert problem.advice == "Did you mean 'case'?"


def test_file_of_another_kind(folder):
    """Only folders, .xlsx and .json are read; a header file is told to be given by its folder."""
    assert "Give the folder" in only_error_of(folder / "instance.yaml").advice
    assert ".xlsx" in only_error_of(folder / "zones.csv").expected


def test_folder_without_header(folder):
    """A folder without instance.yaml says so, naming a file that only needs another name."""
    (folder / "instance.yaml").rename(folder / "instance.yml")
    problem = only_error_of(folder)
    assert "no instance.yaml" in problem.found
    assert problem.advice == "Rename instance.yml."


def test_folders_in_place_of_files(folder):
    """A folder with the name of a table or of the header is an error, not a crash."""
    (folder / "zones.csv").unlink()
    (folder / "zones.csv").mkdir()
    (folder / "instance.yaml").unlink()
    (folder / "instance.yaml").mkdir()
    assert problems_of(folder) == [("instance", None, None), ("zones", None, None)]


def test_other_files_are_passed_over(folder):
    """READMEs, hidden files and folders are nobody's business; suffixes count in any case."""
    before = load(folder)
    (folder / ".hidden.csv").write_text("a;b", encoding="utf-8")
    (folder / "notes").mkdir()
    (folder / "photo.png").write_bytes(b"\x89PNG")
    (folder / "zones.csv").rename(folder / "zones.CSV")
    assert load(folder) == before


def test_two_files_of_one_table(folder):
    """A table may not come from two files."""
    (folder / "zones.CSV").write_bytes((folder / "zones.csv").read_bytes())
    assert problems_of(folder) == [("zones", None, None)]


def test_dangling_link_is_an_error(folder):
    """A file that cannot be opened is named with the reason."""
    (folder / "zones.csv").unlink()
    (folder / "zones.csv").symlink_to("nowhere.csv")
    assert "cannot be read" in only_error_of(folder).found


def test_text_path_is_fine(folder):
    """A path may be text."""
    assert load(str(folder)).name == "two-communities"


def test_empty_json(tmp_path):
    """An empty document is one problem."""
    (tmp_path / "a.json").write_bytes(b"")
    with pytest.raises(InstanceError, match="empty file"):
        load(tmp_path / "a.json")
