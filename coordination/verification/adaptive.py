"""What is decided while a forecast sharpens: within all limits along every way, at the money of its time."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from coordination.verification.findings import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from coordination.instance import Instance
    from coordination.plans import Preparation
    from coordination.verification.findings import Findings

    Row = dict[str, Any]

KEY = ["what", "place", "party", "commodity", "origin", "id", "expires"]
"""What tells decisions of one way apart."""


def check_adaptive(
    findings: Findings, preparation: Preparation, limits: Callable[[Findings, Instance, list[Row]], float]
) -> None:
    """Check the decisions at every node, and what is said of the policies.

    Parameters
    ----------
    findings : Findings
        Taking what is found.
    preparation : Preparation
        What was decided.
    limits : callable
        Checks what has been done by the time of the event, at plain money; returns the price of missing floors.
    """
    instance, table = preparation.instance, preparation.tables["adaptive"]
    _policies(findings, preparation)
    if table.empty:
        return
    ways = _ways(instance)
    for row in table.to_dict("records"):
        where = f"adaptive {row['forecasts']}"
        known = row["forecasts"] in ways
        findings.one(where, known, f"{where}: no such way through table forecasts")
        if not known:
            return
        chance = ways[row["forecasts"]]
        message = "{row}: probability {found}, expected {expected}"
        findings.equal({"row": [where]}, [row["probability"]], [chance], message)
        findings.one(
            where, row["stage"] == row["forecasts"].count(";"), f"{where}: stage {row['stage']} is another one"
        )
    factor = dict(zip(instance.forecasts["forecast"], instance.forecasts["money_factor"], strict=True))
    times = table["forecasts"].map(lambda names: float(factor[names.rsplit(";", 1)[-1]]))
    _money_of_gifts(findings, table, times)
    plain = table.assign(money=table["money"].div(times.where(times > 0, 1.0)), paid=table["money"])
    last = int(instance.forecasts["stage"].max())
    for way in ways:
        if way.count(";") != last:
            continue
        prefixes = [way.rsplit(";", cut)[0] for cut in range(1, last + 1)]
        own = plain[plain["forecasts"].isin([way, *prefixes])]
        budget = instance.policy.budget
        if budget is not None:
            message = f"{way}: money {{found}} is above the budget {{expected}}"
            findings.at_most({"row": [way]}, [float(own["paid"].sum())], [budget], message)
        done = own.groupby(KEY, as_index=False, dropna=False, sort=False)[["quantity", "money"]].sum()
        rows: Any = done.astype(object).where(done.notna(), None).to_dict("records")
        limits(findings, instance, rows)


def _money_of_gifts(findings: Findings, table: pd.DataFrame, times: pd.Series[float]) -> None:
    """Check that what costs nothing at its time costs nothing."""
    for row in table[(times == 0).to_numpy()].to_dict("records"):
        findings.one(f"adaptive {row['forecasts']}", row["money"] == 0.0, "money is paid where the factor is 0")


def _ways(instance: Instance) -> dict[str, float]:
    """Return how likely each way through the forecasts is."""
    forecasts, outlooks = instance.forecasts, instance.outlooks
    ways = {str(name): 1.0 for name in forecasts.loc[forecasts["stage"] == 0, "forecast"]}
    new = dict(ways)
    while new:
        further: dict[str, float] = {}
        for way, chance in new.items():
            rows = outlooks[(outlooks["forecast"] == way.rsplit(";", 1)[-1]) & outlooks["next"].notna()]
            for following, p in zip(rows["next"], rows["probability"], strict=True):
                further[f"{way};{following}"] = further.get(f"{way};{following}", 0.0) + chance * float(p)
        ways |= further
        new = further
    return ways


def _policies(findings: Findings, preparation: Preparation) -> None:
    """Check what policies save, and that knowing more costs no more where that is promised."""
    rows = {row["policy"]: row for row in preparation.adapting}
    if not rows:
        return
    static = rows["static"]["cost"]
    slack = 1e-4 * max(1.0, abs(static))  # each is right up to the gap that it was solved to
    for name, row in rows.items():
        found = abs(row["saves"] - (static - row["cost"])) <= TOLERANCE * max(1.0, abs(static))
        findings.one(f"policy {name}", found, f"policy {name} saves {row['saves']}, which is not static less its cost")
        if row.get("simulated") is not None:
            inside = row["low"] <= row["simulated"] <= row["high"]
            findings.one(f"policy {name}", inside, f"policy {name}: the mean lies outside its interval")
    mean = preparation.instance.policy.risk["lambda"] == 0
    order = ["static", "rolling", "tree", "wait and see"] if mean else ["static", "tree"]
    for dear, cheap in pairwise(order):
        right = rows[cheap]["cost"] <= rows[dear]["cost"] + slack
        findings.one(f"policy {cheap}", right, f"policy {cheap} costs more than {dear}, which knows less")
