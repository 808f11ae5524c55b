"""Bytes of a file become text: UTF-8 with or without mark, or GB18030 with a notice."""

import codecs
from pathlib import Path

from coordination.instance.raw import Finding, Raw

WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SAVE_AS_UTF8 = "Save the file as UTF-8 (in a spreadsheet: CSV UTF-8)."


def read_text(path: Path, table: str, raw: Raw) -> str | None:
    """Read a text file, noting on `raw` what is wrong or unusual.

    Parameters
    ----------
    path : Path
        The file.
    table : str
        What it holds, for messages.
    raw : Raw
        Receives problems and notices.

    Returns
    -------
    str or None
        The text without byte order mark; None when it cannot be read.
    """
    try:
        data = path.read_bytes()
    except IsADirectoryError:
        raw.cannot_read(table, f"a folder named {path.name}", "a file", "Rename or remove the folder.")
        return None
    except OSError as error:
        raw.cannot_read(table, f"{path.name}, which cannot be read ({error.strerror})", "a readable file")
        return None
    if not data.strip():
        expected = "keys and values" if table == "instance" else "a header row"
        raw.cannot_read(table, f"the empty file {path.name}", expected, "Fill it, or remove the file.")
        return None
    return decode(data, path.name, table, raw)


def decode(data: bytes, file: str, table: str, raw: Raw) -> str | None:
    """Decode the bytes of a file, noting on `raw` what is wrong or unusual.

    Parameters
    ----------
    data : bytes
        The file's content.
    file : str
        Its name, for messages.
    table : str
        What it holds.
    raw : Raw
        Receives problems and notices.

    Returns
    -------
    str or None
        The text without byte order mark; None when it is in no known encoding.
    """
    if data.startswith(WIDE_MARKS):
        raw.cannot_read(table, f"{file} in UTF-16", "UTF-8 or GB18030", SAVE_AS_UTF8)
        return None
    if (place := data.find(b"\0")) >= 0:
        row = data.count(b"\n", 0, place) + 1
        raw.cannot_read(table, f"a NUL byte in {file}", "text", SAVE_AS_UTF8, row)
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
    if _is_damaged_utf8(data):
        raw.cannot_read(table, f"a damaged character in {file}", "whole UTF-8", SAVE_AS_UTF8, row)
        return None
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raw.cannot_read(table, f"bytes in {file} that are neither", "UTF-8 or GB18030", SAVE_AS_UTF8, row)
        return None
    notice = f"{file} is not UTF-8 and was read as GB18030; check its names, or save it as UTF-8."
    raw.notices.append(Finding("encoding", table, notice))
    return text


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8 but for a few: read as GB18030 they would give other names without a word."""
    text = data.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    right = len(text) - len(text.encode("ascii", errors="ignore")) - wrong
    return right > 2 * wrong  # in GB18030 text about one character in ten is valid UTF-8 by chance
