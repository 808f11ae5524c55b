"""What was said: by round and coalition, kind of message, fields, rows and bytes."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

BYTES = 8
"""Bytes of a number as said."""
COLUMNS = ("round", "party", "message", "fields", "rows", "bytes")


@dataclass
class Messages:
    """What the core and the coalitions said to each other.

    Attributes
    ----------
    said : list of tuple
        Round, coalition, message, fields, rows.
    """

    said: list[tuple[int, str, str, tuple[str, ...], int]] = field(default_factory=list)

    def say(self, number: int, party: str, message: str, fields: tuple[str, ...], rows: int) -> None:
        """Note that a coalition said something in a round, or was told it (message begins with told)."""
        if rows:
            self.said.append((number, party, message, fields, rows))

    def table(self) -> pd.DataFrame:
        """Return what was said, one row for each round, coalition and message: those alike are added up."""
        rows = pd.DataFrame(
            [
                (n, party, text, ";".join(fields), rows, rows * len(fields) * BYTES)
                for n, party, text, fields, rows in self.said
            ],
            columns=list(COLUMNS),
        )
        keys = ["round", "party", "message", "fields"]
        return rows.groupby(keys, as_index=False)[["rows", "bytes"]].sum()
