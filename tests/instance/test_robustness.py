"""Whatever is done to the files of an instance: it loads, or the problems are named."""

import json
import random
import shutil

import pytest

from coordination.errors import CoordinationError
from coordination.instance import load

CELLS = ["", "NaN", "inf", "-1", "x", "1e400", "-0", "0", "*", "a;b", " ", '"', "true", "北京", "\ufeff", "\x00", "\n",
         "\r", ",", ";", "9" * 400, "core", "water", "2.0", "supply", "metro", "\u2028", "&a", "*a", "!t", "- a", "{",
         "[", ": ", "# ", "---"]  # fmt: skip
VALUES = [None, True, 3, 2.5, "x", "", [], {}, [1], {"a": 1}, -1, 1e300, 10**400, float("nan"), "\ud800"]


def damaged(data, draw):
    """Return a file's bytes with something inserted, overwritten, cut out, shuffled or emptied."""
    place, end = sorted(draw.randrange(len(data) + 1) for _ in range(2))
    lines = data.split(b"\n")
    row = draw.randrange(len(lines))
    cells = lines[row].split(b",")
    cells[draw.randrange(len(cells))] = draw.choice(CELLS).encode()
    return draw.choice(
        [
            data[:place] + draw.choice(CELLS).encode() + data[place:],
            data[:place] + bytes([draw.randrange(256)]) + data[place + 1 :],
            data[:place] + data[end:],
            b"\n".join([*lines[:row], b",".join(cells), *lines[row + 1 :]]),
            b"\n".join(draw.sample(lines, len(lines))),
            b"",
        ]
    )


def loads_or_says_why(path):
    """Load an instance and use it, or see that the problems can be printed."""
    try:
        instance = load(path)
    except CoordinationError as error:
        assert str(error)
        return
    assert instance.sha256
    assert str(instance)
    assert isinstance(instance.findings, tuple)


def attack(folder, seeds):
    """Damage a copy of the folder and of its JSON document, seed by seed."""
    files = [path for path in folder.iterdir() if path.suffix in (".csv", ".yaml")]
    load(folder).save(folder.with_name("plain.json"))
    document = json.loads(folder.with_name("plain.json").read_text(encoding="utf-8"))
    for seed in seeds:
        draw = random.Random(seed)
        copy = folder.with_name(f"copy-{seed}")
        shutil.copytree(folder, copy)
        for path in draw.sample(sorted(files), draw.choice([1, 1, 2])):
            (copy / path.name).write_bytes(damaged(path.read_bytes(), draw))
        loads_or_says_why(copy)
        changed = json.loads(json.dumps(document))
        table = draw.choice(list(changed))
        target = changed[table] if isinstance(changed[table], dict) else draw.choice(changed[table])
        target[draw.choice([*target, "strange"])] = draw.choice(VALUES)
        (copy / "a.json").write_text(json.dumps(changed), encoding="utf-8")
        loads_or_says_why(copy / "a.json")


def test_damaged_files_never_crash(folder):
    """Tens of damaged folders and documents: no error but ours."""
    attack(folder, range(30))


@pytest.mark.thorough
def test_damaged_files_never_crash_by_the_thousand(folder):
    """The same, a thousand times."""
    attack(folder, range(1000))
