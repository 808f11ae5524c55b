"""File names made from ids, which are text and never paths.

An id may be anything: ``../x``, ``CON``, a sentence, another script. One that is harmless as a file name on
every common system keeps its name; any other gets a readable stem and a hash of the id.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

_HARMLESS = re.compile(r"\w[\w.-]{0,59}")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|index)(\..*)?", re.IGNORECASE)


def filenames(ids: Iterable[str], suffix: str = ".csv") -> dict[str, str]:
    """Return one file name for each id, no two alike on systems that do not tell cases apart.

    The name ``index`` is kept free for a table of contents.

    Parameters
    ----------
    ids : iterable of str
        Distinct ids.
    suffix : str
        What every name ends with.

    Returns
    -------
    dict of str to str
        Id to file name, the same for the same ids in whatever order they come.

    Examples
    --------
    >>> filenames(["core", "居委会-7"])
    {'core': 'core.csv', '居委会-7': '居委会-7.csv'}
    >>> filenames(["../x"])
    {'../x': 'x-d6b96a97.csv'}
    """
    ordered = sorted(ids)
    taken: set[str] = set()
    names: dict[str, str] = {}
    for name in filter(_is_harmless, ordered):
        if name.casefold() not in taken:
            taken.add(name.casefold())
            names[name] = name + suffix
    for name in ordered:
        if name not in names:
            stem = _hashed(name, taken)
            taken.add(stem.casefold())
            names[name] = stem + suffix
    return names


def _is_harmless(name: str) -> bool:
    return (
        _HARMLESS.fullmatch(name) is not None
        and _DEVICE.fullmatch(name) is None
        and not name.endswith(".")
        and unicodedata.normalize("NFC", name) == name
    )


def _hashed(name: str, taken: set[str]) -> str:
    """Return a readable stem of `name` with as much of its hash as tells it from all `taken`."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", name))
    readable = "-".join(words)[:40] or "party"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    stems = (f"{readable}-{digest[:length]}" for length in range(8, len(digest) + 1))
    return next(stem for stem in stems if stem.casefold() not in taken)
