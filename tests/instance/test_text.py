"""Encodings: UTF-8 and GB18030 are read, others refused."""

import pytest

from coordination.instance import load
from tests.instance.conftest import only_error_of


def test_gb18030_is_read_with_a_notice(folder):
    """A table saved by a Chinese spreadsheet is read, and the reading says so."""
    path = folder / "zones.csv"
    text = path.read_text(encoding="utf-8").replace("Riverside", "雁塔区𠀀")
    path.write_text(text, encoding="utf-8")
    plain = load(folder)
    path.write_bytes(text.encode("gb18030"))
    instance = load(folder)
    assert instance == plain
    assert instance.zones["name"][0] == "雁塔区𠀀"
    (notice,) = [finding for finding in instance.findings if finding.kind == "encoding"]
    assert notice.subject == "zones"
    assert "GB18030" in notice.message
    assert not [finding for finding in plain.findings if finding.kind == "encoding"]
    assert [finding for finding in instance.replace(title="t").findings if finding.kind == "encoding"]


def test_header_in_gb18030(folder):
    """The header file may be GB18030 too."""
    text = (folder / "instance.yaml").read_text(encoding="utf-8").replace("Two communities", "两个社区")
    (folder / "instance.yaml").write_bytes(text.encode("gb18030"))
    assert load(folder).title == "两个社区 and a depot"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_wide_encodings_are_refused(folder, encoding):
    """UTF-16 and UTF-32 are refused, with advice to save as UTF-8."""
    path = folder / "zones.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    problem = only_error_of(folder)
    assert problem.table == "zones"
    assert "UTF-8" in problem.advice


def test_bytes_of_no_known_encoding_are_refused_with_their_line(folder):
    """Bytes that are neither UTF-8 nor GB18030 are refused, with the line where they begin."""
    path = folder / "zones.csv"
    path.write_bytes(path.read_bytes().replace(b"South", b"S\xe9,"))
    problem = only_error_of(folder)
    assert (problem.table, problem.row) == ("zones", 4)


def test_damaged_utf8_is_not_taken_for_gb18030(folder):
    """UTF-8 with one byte lost would read as other names in GB18030: it is refused with its line."""
    path = folder / "zones.csv"
    text = path.read_text(encoding="utf-8").replace("South Gate", "南门社区居民委员会")
    path.write_bytes(text.encode().replace("居".encode(), "居".encode()[:2]))
    problem = only_error_of(folder)
    assert (problem.table, problem.row) == ("zones", 4)
    assert "damaged" in problem.found
