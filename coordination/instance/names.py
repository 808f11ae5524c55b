"""The nearest known name, for messages."""

import difflib
from collections.abc import Iterable

LONGEST_LIST = 8
"""Known names that a message lists when none is near."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Suggest what a name was meant to be.

    Parameters
    ----------
    name : str
        The unknown name.
    known : iterable of str
        The names that exist.

    Returns
    -------
    str
        ``Did you mean 'x'?``, or a short list of what exists, or an empty string when nothing does.
    """
    names = list(known)
    folded = {other.casefold(): other for other in names}
    near = difflib.get_close_matches(name.strip().casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {folded[near[0]]!r}?"
    if not names:
        return ""
    listed = ", ".join(names[:LONGEST_LIST])
    return f"Known: {listed}, …" if len(names) > LONGEST_LIST else f"Known: {listed}."
