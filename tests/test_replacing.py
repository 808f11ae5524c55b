"""Folders put in their place all or nothing."""

import signal
import subprocess
import sys
import time

import pytest

from coordination import replacing as module
from coordination.replacing import replacing, whole

WRITER = """
import sys
from pathlib import Path
from coordination.replacing import replacing

target, generation = Path(sys.argv[1]), 0
while True:
    generation += 1
    with replacing(target) as folder:
        for number in range(12):
            (folder / f"{number}.txt").write_text(str(generation))
        (folder / "sub").mkdir()
        (folder / "sub" / "last.txt").write_text(str(generation))
"""


def held(folder):
    """Give the names of what a folder holds."""
    return {path.name for path in folder.iterdir()}


def generations(folder):
    """Give the generations of all files in a folder."""
    return {path.read_text() for path in folder.rglob("*.txt")}


def fill(target, text):
    """Write a folder of one file."""
    with replacing(target) as folder:
        (folder / "a.txt").write_text(text)


def test_a_folder_is_made_and_replaced(tmp_path):
    """What was there is gone, what was written is there, nothing else lies beside it."""
    fill(tmp_path / "x", "old")
    fill(tmp_path / "x", "new")
    assert generations(tmp_path / "x") == {"new"} and held(tmp_path) == {"x"}


def test_an_error_leaves_everything_as_it_was(tmp_path):
    """An exception while writing keeps the old folder and removes the unfinished one."""
    fill(tmp_path / "x", "old")
    with pytest.raises(RuntimeError), replacing(tmp_path / "x") as folder:
        (folder / "a.txt").write_text("half")
        raise RuntimeError
    assert generations(tmp_path / "x") == {"old"} and held(tmp_path) == {"x"}


@pytest.mark.parametrize("exchanges", [True, False], ids=["exchanged", "renamed twice"])
def test_killed_at_any_time_the_folder_is_whole(tmp_path, monkeypatch, exchanges):
    """A writer killed again and again leaves one whole generation each time, never a mixture, and no litter grows."""
    switch = "" if exchanges else "import coordination.replacing as r; r._exchange = lambda one, other: False\n"
    seen = set()
    for run in range(8):
        writer = subprocess.Popen([sys.executable, "-c", switch + WRITER, str(tmp_path / "x")])
        while not whole(tmp_path / "x").exists():
            time.sleep(0.01)
        time.sleep(0.25 + 0.017 * run)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        found = generations(whole(tmp_path / "x"))
        assert len(found) == 1 and len(list(whole(tmp_path / "x").rglob("*.txt"))) == 13
        seen |= found
    monkeypatch.setattr(module, "_exchange", module._exchange if exchanges else lambda one, other: False)
    fill(tmp_path / "x", "end")
    assert len(seen) > 1 and held(tmp_path) == {"x"}


def test_a_folder_another_writer_works_on_is_not_swept_away(tmp_path):
    """Two writers at once do not take each other's unfinished folder for litter."""
    with replacing(tmp_path / "x") as first:
        fill(tmp_path / "x", "second")
        (first / "a.txt").write_text("first")
    assert generations(tmp_path / "x") == {"first"} and held(tmp_path) == {"x"}


def test_where_folders_cannot_be_exchanged_the_old_one_is_found_aside(tmp_path, monkeypatch):
    """A death between two renames leaves the old folder, which readers find and the next writer puts back."""
    fill(tmp_path / "x", "old")
    (tmp_path / "x").rename(tmp_path / ".x.previous")
    assert generations(whole(tmp_path / "x")) == {"old"}
    monkeypatch.setattr(module, "_exchange", lambda one, other: False)
    fill(tmp_path / "x", "new")
    assert generations(whole(tmp_path / "x")) == {"new"} and held(tmp_path) == {"x"}


def test_names_with_wildcards_are_taken_literally(tmp_path):
    """A target called a*[1] does not sweep the temporary folders of others."""
    (tmp_path / ".ab1.0.partial").mkdir()
    fill(tmp_path / "a*[1]", "text")
    assert (tmp_path / ".ab1.0.partial").is_dir()
