"""Rules about forecasts that sharpen: one function and one sentence each."""

from collections.abc import Callable

import numpy as np

from coordination.instance.draft import Check

SUM = 1e-6
"""Rounding of written probabilities."""


def check_stages(check: Check) -> None:
    """Stages run from 0, where there is one forecast, without a gap.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    forecasts = check["forecasts"]
    if not len(forecasts):
        return
    stage = forecasts.numbers("stage")
    now = int((stage == 0).sum())
    if now != 1:
        check.problem("forecasts", "stage", f"{now} forecasts of stage 0", "exactly one: what is known now")
    known = set(stage[~np.isnan(stage)].tolist())
    wrong = forecasts.usable("stage") & np.array(
        [one > 0 and one - 1 not in known for one in stage.tolist()], dtype=bool
    )
    check.report("forecasts", wrong, "stage", "a stage after one that has forecasts", "Number stages without a gap.")


def check_outlooks(check: Check) -> None:
    """Forecasts lead to those of the next stage, those of the last one to scenarios; what follows sums to 1.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    forecasts, outlooks = check["forecasts"], check["outlooks"]
    given = [~outlooks.typed[name].absent for name in ("next", "scenario")]
    count = given[0].astype(int) + given[1]
    found = {int(row): f"{count[row]} of them" for row in np.flatnonzero(count != 1)}
    check.report(
        "outlooks", count != 1, "next", "exactly one of next, scenario", "Fill one and empty the other.", found
    )
    stage = dict(zip(forecasts.texts("forecast"), forecasts.numbers("stage").tolist(), strict=True))
    last = max(stage.values(), default=0.0)
    here, after = outlooks.texts("forecast"), outlooks.texts("next")
    rows = np.flatnonzero(outlooks.usable("forecast", "next") & (count == 1)).tolist()
    wrong = [row for row in rows if stage.get(after[row], -1.0) != stage.get(here[row], 0.0) + 1.0]
    check.report("outlooks", wrong, "next", "a forecast of the next stage", "Correct the forecast or its stage.")
    rows = np.flatnonzero(outlooks.usable("forecast", "scenario") & (count == 1)).tolist()
    wrong = [row for row in rows if stage.get(here[row], last) != last]
    check.report(
        "outlooks", wrong, "scenario", "nothing: the forecast is not of the last stage", "Say what comes next."
    )
    totals = dict.fromkeys([name for name in forecasts.texts("forecast") if name is not None], 0.0)
    for name, chance in zip(here, outlooks.numbers("probability").tolist(), strict=True):
        if name in totals:
            totals[name] += chance
    row_of = forecasts.ids("forecast")
    wrong = [row_of[name] for name, total in totals.items() if abs(total - 1.0) > SUM]
    sums = {row_of[name]: f"{name!r}, whose outlooks sum to {total:.9g}" for name, total in totals.items()}
    check.report("forecasts", wrong, "forecast", "outlooks that sum to 1", "Say how likely each is.", sums)


FORECAST_RULES: tuple[Callable[[Check], None], ...] = (check_stages, check_outlooks)
"""All of them, in the order in which they are checked."""
