"""The report's texts, all of them in ``strings.json`` beside this file, so that they can be translated.

Texts with a number or a name in them hold ``{placeholders}``.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from coordination.report.numbers import amount


class Strings:
    """Texts by key; a missing key is an error, never an empty place on the page.

    Parameters
    ----------
    texts : mapping of str to str or mapping
        Texts, grouped: ``{"map": {"title": …}}``.
    """

    def __init__(self, texts: Mapping[str, Any]) -> None:
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a dotted key, its placeholders filled.

        Parameters
        ----------
        key : str
            Such as ``map.title``.
        **values : object
            What the placeholders stand for.

        Raises
        ------
        KeyError
            No such text, or a placeholder without a value.
        """
        text: Any = self._texts
        for part in key.split("."):
            text = text[part]
        if not isinstance(text, str):
            raise KeyError(key)
        return text.format(**values) if values else text

    def count(self, key: str, number: int) -> str:
        """Return a number with its noun: the text ``one`` of a group for one, ``many`` for any other.

        Parameters
        ----------
        key : str
            Group of the two texts, each with a placeholder ``{number}``.
        number : int
            How many.
        """
        return self(f"{key}.{'one' if number == 1 else 'many'}", number=amount(number))

    def named(self, group: str, name: str) -> str:
        """Return the text `name` of a group, or the name itself where the group has none.

        For words that data bring along: kinds, domains, terms of later capabilities.
        """
        text = self._texts[group].get(name)
        return text if isinstance(text, str) else name.replace("_", " ")


@cache
def strings() -> Strings:
    """Return the texts of the report."""
    return Strings(json.loads(files(__package__).joinpath("strings.json").read_text("utf-8")))
