"""Rules about indicators: one function and one sentence each."""

from collections.abc import Callable

import numpy as np

from coordination.instance.draft import Check


def check_scale_of_severity(check: Check) -> None:
    """No indicator is severe at its normal value.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    indicators = check["indicators"]
    same = indicators.usable("normal", "severe") & (indicators.numbers("normal") == indicators.numbers("severe"))
    check.report("indicators", same, "severe", "another value than normal", "Severity grows from normal to severe.")


def check_scaled_needs(check: Check) -> None:
    """Needs are scaled by the forecast over a normal value above 0, and those of a commodity by one indicator.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    indicators = check["indicators"]
    scaling = indicators.usable("scales")
    check.report(
        "indicators", scaling & ~(indicators.numbers("normal") > 0), "normal", "a value above 0 where it scales needs",
        "Needs are multiplied by forecast over normal.",
    )  # fmt: skip
    scales, commodities = indicators.texts("scales"), list(check["commodities"].ids("commodity"))
    first: dict[str, int] = {}
    wrong, advice = [], []
    for row in np.flatnonzero(scaling).tolist():
        meant = commodities if scales[row] == "*" else scales[row].split(";")
        taken = [commodity for commodity in meant if first.setdefault(commodity, row) != row]
        if taken:
            wrong.append(row)
            advice.append(f"Row {indicators.lines[first[taken[0]]]} scales {taken[0]!r} already.")
    check.report("indicators", wrong, "scales", "commodities that no other indicator scales", advice)


INDICATOR_RULES: tuple[Callable[[Check], None], ...] = (check_scale_of_severity, check_scaled_needs)
"""All rules of this file, in the order in which they are checked."""
