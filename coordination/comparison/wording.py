"""A comparison in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.comparison.ways import LADDER, REFERENCE
from coordination.wording import amount, counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from coordination.instance import Instance

SAME = 1e-9
"""Share of a cost below which a difference is rounding."""


def words_of(
    instance: Instance,
    figures: pd.DataFrame,
    ratios: pd.DataFrame,
    best: pd.DataFrame,
    left_out: Mapping[str, str],
) -> list[str]:
    """Return sentences on what each way costs, what deciding otherwise than centrally costs, and where each wins."""
    lines = list[str]()
    # Of rungs and delays sentences of their own tell.
    figures, ratios = (table[~table["way"].str.contains(":", regex=False)] for table in (figures, ratios))
    cost = figures[figures["measure"] == "cost"].set_index("way")
    for way, row in cost.iterrows():
        draws = counted(int(row["draws"]), "draw")
        line = f"{way}: social cost {amount(row['mean'])} {instance.currency} in the mean of {draws}"
        if row["difference"] == row["difference"]:
            ends = f"{amount(row['difference_lower'])} to {amount(row['difference_upper'])}"
            more = "more" if row["difference"] >= 0 else "less"
            line += f", {amount(abs(row['difference']))} {more} than {REFERENCE} (difference {ends} in 95 of 100 cases)"
        lines.append(line + ".")
    for ratio in ratios[ratios["measure"] == "cost"].to_dict("records"):
        lines.append(
            f"price of anarchy of {ratio['way']}: {ratio['ratio']:.3f} ({ratio['lower']:.3f} to {ratio['upper']:.3f}, "
            f"{counted(int(ratio['draws']), 'draw')})."
        )
    for scenario, rows in best[best["measure"] == "cost"].groupby("scenario"):
        parts = [
            f"{way} in {share:.0%}"
            for way, share in zip(rows["way"].tolist(), rows["best"].tolist(), strict=True)
            if share > 0
        ]
        lines.append(
            f"where {scenario} strikes ({counted(int(rows['draws'].iloc[0]), 'draw')}) least cost: {', '.join(parts)}."
        )
    return lines + [f"{way} is left out: {why}." for way, why in left_out.items()]


def words_of_steps(instance: Instance, ladder: pd.DataFrame, speed: pd.DataFrame, exchange: pd.DataFrame) -> list[str]:
    """Return sentences on what each rung of information is worth, each delay costs, and how late the core may be."""
    lines = list[str]()
    for name, table, what in (
        ("rung", ladder, "seeing {step} saves {worth} beside the rung below"),
        ("delay", speed, "approval that takes {step} periods costs {worth} beyond the shorter delay"),
    ):
        for row in table[table["worth"].notna()].to_dict("records"):
            said = what.format(step=row[name], worth=f"{amount(row['worth'])} {instance.currency}")
            ends = f"{amount(row['worth_lower'])} to {amount(row['worth_upper'])}"
            lines.append(f"{said} in the mean ({ends} in 95 of 100 cases, {counted(int(row['draws']), 'draw')}).")
    for rung, rows in exchange.groupby("rung", sort=False):
        beaten = rows[(rows["lower"] > 0).to_numpy()]
        if len(beaten):
            late = int(beaten["delay"].min())
            lines.append(
                f"{LADDER} seeing {rung} costs less than {REFERENCE} with approval that takes {late} periods or more "
                "(95 % interval of the difference above 0)."
            )
        elif len(rows) > 1:
            lines.append(
                f"these draws do not tell whether {LADDER} seeing {rung} costs less than {REFERENCE}, at any delay."
            )
    return lines
