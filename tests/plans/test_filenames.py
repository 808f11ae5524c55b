"""File names made from ids."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from coordination.plans.filenames import filenames

HOSTILE = ["../x", "..", ".", "a/b", "a\\b", "CON", "nul.txt", "com1", "x" * 400, "index", ".hidden", "é", "é"]


def test_harmless_ids_keep_their_names():
    """An id that is a good file name everywhere is its own file name, in any script."""
    assert filenames(["core", "rc-7", "居委会_3"]) == {k: f"{k}.csv" for k in ("core", "rc-7", "居委会_3")}


def test_an_id_never_becomes_a_path():
    """No id leaves its folder, hides, names a device, or takes the index's name."""
    for name in filenames(HOSTILE).values():
        stem = name.removesuffix(".csv")
        assert not set(name) & set('/\\:*?"<>|\0') and not name.startswith(".")
        assert stem.split(".")[0].casefold() not in {"con", "nul", "com1", "index"}
        assert len(name.encode()) <= 255


def test_names_that_differ_in_case_alone_do_not_collide():
    """Two ids never share a file, even where the file system does not tell cases or forms of letters apart."""
    names = filenames(["A", "a", "café", unicodedata.normalize("NFD", "café")]).values()
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == 4


def test_an_id_that_looks_like_a_made_name_is_told_apart():
    """An id spelled as the name made for another id does not take that id's file."""
    made = filenames(["../x"])["../x"].removesuffix(".csv")
    names = filenames(["../x", made])
    assert len(set(names.values())) == 2 and names[made] == f"{made}.csv"


@given(st.sets(st.text(min_size=1, max_size=80), max_size=12))
def test_any_ids_get_distinct_names_in_any_order(ids):
    """Names are distinct and do not depend on the order of the ids."""
    names = filenames(ids)
    assert len({name.casefold() for name in names.values()}) == len(ids)
    assert filenames(sorted(ids, reverse=True)) == names
    assert all("/" not in name and "\0" not in name for name in names.values())
