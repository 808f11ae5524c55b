"""Read an instance from wherever it lies: a folder, a workbook, or a JSON document."""

from pathlib import Path

from coordination.errors import InstanceError, Problem
from coordination.instance.csv_tables import read_csv
from coordination.instance.document import read_json
from coordination.instance.names import nearest
from coordination.instance.raw import Raw
from coordination.instance.text import read_text
from coordination.instance.workbook import read_workbook
from coordination.instance.yaml_header import read_header

HEADER_FILE = "instance.yaml"


def read(path: Path) -> Raw:
    """Read an instance without checking it.

    Parameters
    ----------
    path : Path
        A folder, an ``.xlsx`` or a ``.json`` file.

    Returns
    -------
    Raw
        Header and tables as read, with what could not be read.

    Raises
    ------
    InstanceError
        If there is nothing at `path` that could be an instance.
    """
    raw = Raw()
    if path.is_dir():
        _read_folder(path, raw)
    elif not path.exists():
        raise InstanceError([_nothing(path)])
    elif path.suffix.lower() == ".xlsx":
        read_workbook(path, raw)
    elif path.suffix.lower() == ".json":
        text = read_text(path, path.name, raw)
        if text is None:
            raise InstanceError(raw.problems)
        read_json(text, path.name, raw)
    else:
        advice = "Give the folder that holds instance.yaml." if path.name == HEADER_FILE else ""
        expected = "a folder, an .xlsx workbook or a .json document"
        raise InstanceError([Problem("instance", None, None, f"the file {path.name!r}", expected, advice)])
    return raw


def _nothing(path: Path) -> Problem:
    near = nearest(path.name, [other.name for other in path.parent.iterdir()]) if path.parent.is_dir() else ""
    return Problem("instance", None, None, f"nothing at {str(path)!r}", "a folder, an .xlsx or a .json file", near)


def _plan_advice(folder: Path) -> str:
    """Return where the instance is when the folder is a plan's."""
    inside = folder / "instance"
    plan = (folder / "plan.json").exists() and (inside / HEADER_FILE).exists()
    return f"This is a plan; the instance that it answers is in {inside}." if plan else ""


def _read_folder(folder: Path, raw: Raw) -> None:
    """Read ``instance.yaml`` and every CSV table of a folder; other files are passed over."""
    try:
        files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raw.cannot_read("instance", f"a folder that cannot be read ({error.strerror})", "a readable folder")
        return
    header = next((path for path in files if path.name == HEADER_FILE), None)
    if header is None:
        near = _plan_advice(folder) or next(
            (f"Rename {path.name}." for path in files if path.suffix.lower() in (".yaml", ".yml")), ""
        )
        raw.cannot_read("instance", f"no {HEADER_FILE} in the folder", "a header file with that name", near)
    elif (text := read_text(header, "instance", raw)) is not None:
        read_header(text, raw)
    for path in files:
        if path.suffix.lower() != ".csv":
            continue
        if path.stem in raw.tables or path.stem in raw.unreadable:
            raw.cannot_read(path.stem, f"a second file {path.name}", "one file per table", "Remove one of them.")
        elif (text := read_text(path, path.stem, raw)) is not None:
            read_csv(text, path.stem, raw)
