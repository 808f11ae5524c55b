"""Numbers and lists in plain sentences, for summaries and reasons: readable aloud, no false 0 or 100 %."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def amount(value: float) -> str:
    """Return a quantity with about three significant digits, whole from 100 on.

    Examples
    --------
    >>> [amount(x) for x in (0, 0.0004, 1.25, 12.34, 1234.5)]
    ['0', '0.0004', '1.25', '12.3', '1,234']
    """
    size = abs(value)
    if size >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.3g}" if size >= 1e-9 else "0"


def exact(value: float, noise: float = 1e-9) -> str:
    """Return a number with six significant digits, whole from a million on, and never in powers of ten.

    Parameters
    ----------
    value : float
        The number.
    noise : float
        Sizes below it are rounding errors: 0.

    Examples
    --------
    >>> [exact(x) for x in (0, 0.00123456, 12.5, 197.755, 22648.61, 1234567.8, -1e-12)]
    ['0', '0.00123456', '12.5', '197.755', '22,648.6', '1,234,568', '0']
    """
    size = abs(value)
    if size < noise:
        return "0"
    if size >= 999999.5:
        return f"{value:,.0f}"
    decimals = 5 - math.floor(math.log10(size))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def counted(number: int, thing: str) -> str:
    """Return a count of things, of which there may be one.

    Examples
    --------
    >>> counted(1, "finding"), counted(2, "turning point"), counted(0, "signal")
    ('1 finding', '2 turning points', '0 signals')
    """
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def percent(share: float) -> str:
    """Return a share as a percentage; only all is 100 % and only nothing is 0 %.

    Examples
    --------
    >>> [percent(x) for x in (0.0, 0.00001, 0.5, 0.99999, 1.0)]
    ['0 %', 'under 0.1 %', '50 %', 'over 99.9 %', '100 %']
    """
    if 1e-9 < share < 0.0005:
        return "under 0.1 %"
    if 0.9995 <= share < 1 - 1e-9:
        return "over 99.9 %"
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def gap_percent(gap: float) -> str:
    """Return a small share, such as a gap, as a percentage with two significant digits, never rounded to 0.

    Examples
    --------
    >>> [gap_percent(x) for x in (0.0, 0.00042, 3e-9)]
    ['0 %', '0.042 %', 'under 0.0001 %']
    """
    if 0 < gap < 1e-6:
        return "under 0.0001 %"
    decimals = 0 if gap == 0 or gap >= 0.1 else min(4, 1 - math.floor(math.log10(100 * gap)))
    text = f"{100 * gap:.{max(decimals, 0)}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + " %"


def periods(numbers: Iterable[int]) -> str:
    """Return periods as ranges.

    Examples
    --------
    >>> periods([3]), periods([0, 1, 2, 5])
    ('period 3', 'periods 0-2, 5')
    """
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    texts = [str(first) if first == last else f"{first}-{last}" for first, last in spans]
    alone = len(spans) == 1 and spans[0][0] == spans[0][1]
    return f"{'period' if alone else 'periods'} {', '.join(texts)}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return names as a list in words, only the first `most` by name.

    Examples
    --------
    >>> listed(["a", "b"]), listed(["a", "b", "c", "d", "e"])
    ('a and b', 'a, b, c and 2 more')
    """
    shown = list(names[:most]) + ([f"{len(names) - most} more"] if len(names) > most else [])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""
