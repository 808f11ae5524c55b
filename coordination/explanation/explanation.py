"""An explanation: sentences for people, and the same as data."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """What one change would do to the social cost.

    Attributes
    ----------
    what : str
        The change: instead (another party holds the role), without (the holder may not hold it), joining (a party takes
        a role that is free), hours (one more hour of a party in every period), doers (one more doer allowed), limit
        (more of a limit on goods in one period), absent (the party does not show up),
        unused (the facility is not converted).
    task, role, party, holder : str
        Ids; empty where there is none. `holder` is who holds the role now.
    place, commodity, limit, id : str
        Of a limit on goods: where it is felt, for what, and what it is, as in ``prices``; empty elsewhere.
    periods : tuple of int
        Periods in which that limit has a price.
    more : float or None
        How much more of it was given, in one period.
    cost : float or None
        Social cost with the change less the social cost now, money; negative where it saves. None where the change
        cannot be (`why`), or there was no time.
    least, most : float or None
        Proven: the true difference of the two least social costs lies between them. None where nothing is proven.
    gap : float or None
        Proven gap of the plan made anew, relative to its social cost.
    short : float
        Tonnes handed out less with the change, on a case too large to be planned again: beside the cost.
    why : str
        Why there is no number; empty where there is one.
    sentence : str
        All this for people.
    """

    what: str
    sentence: str
    task: str = ""
    role: str = ""
    party: str = ""
    holder: str = ""
    place: str = ""
    commodity: str = ""
    limit: str = ""
    id: str = ""
    periods: tuple[int, ...] = ()
    more: float | None = None
    cost: float | None = None
    least: float | None = None
    most: float | None = None
    gap: float | None = None
    short: float = 0.0
    why: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return dataclasses.asdict(self)


@dataclass(frozen=True)
class Explanation:
    """Why something is as it is, and what else would cost.

    Attributes
    ----------
    about : str
        task, place or party.
    id : str
        Which.
    lines : tuple of str
        Sentences for people, in order, those of the findings among them.
    findings : tuple of Finding
        Each change that was tried.
    """

    about: str
    id: str
    lines: tuple[str, ...]
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "about": self.about,
            "id": self.id,
            "lines": list(self.lines),
            "findings": [finding.as_dict() for finding in self.findings],
        }
