"""Numbers as people read them: thousands separated, rounded to what matters, never to a false 0 or 100 %.

The thousands separator is a narrow no-break space and the minus sign a true one, so that columns align and
lines do not break inside a number.
"""

import math

SEPARATOR = "\u202f"
MINUS = "\u2212"
NOTHING = "–"


def amount(value: float | None) -> str:
    """Return a quantity with about three significant digits, whole from 100 on.

    Examples
    --------
    >>> [amount(x) for x in (0, 0.0004, 1.25, 12.34, 1234.5)]
    ['0', '<0.01', '1.25', '12.3', '1\u202f234']
    """
    if value is None or math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    size = abs(value)
    if 0 < size < 0.005:
        return f"<{'' if value > 0 else MINUS}0.01"
    decimals = 0 if size >= 99.95 else 1 if size >= 9.995 else 2
    text = f"{size:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if value < 0 else "") + text.replace(",", SEPARATOR)


def money(value: float | None) -> str:
    """Return an amount of money: whole from 100 on, else as `amount`."""
    return amount(value)


def compact(value: float | None) -> tuple[str, str]:
    """Return a number of at most four digits and the power of ten it is of ("", "thousand", "million", …).

    The power is the key of a string, not the string itself.
    """
    if value is None or not math.isfinite(value):
        return amount(value), ""
    for power, key in ((1e9, "billion"), (1e6, "million")):
        if abs(value) >= power:
            return amount(value / power), key
    return amount(value), ""


def percent(share: float | None) -> str:
    """Return a share as a percentage with one decimal; only all is 100 % and only nothing is 0 %.

    Examples
    --------
    >>> [percent(x) for x in (0.0, 0.00001, 0.5, 0.99999, 1.0)]
    ['0\u202f%', '<0.1\u202f%', '50\u202f%', '>99.9\u202f%', '100\u202f%']
    """
    if share is None or not math.isfinite(share):
        return NOTHING
    if 0 < share < 0.0005:
        return f"<0.1{SEPARATOR}%"
    # Shares within rounding of the solver's tolerance of all are all.
    if 0.9995 <= share < 1 - 1e-9:
        return f">99.9{SEPARATOR}%"
    text = f"{100 * share:.1f}".removesuffix(".0").replace("-", MINUS)
    return f"{text}{SEPARATOR}%"


def precise_percent(share: float | None) -> str:
    """Return a small share, such as a gap, as a percentage with two significant digits.

    Examples
    --------
    >>> [precise_percent(x) for x in (0.0, 0.00042, 3e-9)]
    ['0\u202f%', '0.042\u202f%', '<0.0001\u202f%']
    """
    if share is None or not math.isfinite(share):
        return NOTHING
    if 0 < share < 1e-6:
        return f"<0.0001{SEPARATOR}%"
    if share == 0:
        return f"0{SEPARATOR}%"
    decimals = min(4, max(0, 1 - math.floor(math.log10(abs(100 * share)))))
    text = f"{100 * share:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text.replace('-', MINUS)}{SEPARATOR}%"


def seconds(value: float | None) -> str:
    """Return a duration in seconds with one decimal, two below one second."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}"
