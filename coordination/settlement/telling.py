"""A settlement in plain words: what pooling saves, who gains, who gives, who pays, and what is proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.wording import listed

if TYPE_CHECKING:
    import pandas as pd

MOST_NAMED = 3
"""Players that a sentence names."""
CENT = 0.01
WHAT = {
    "social_cost": "social cost (what people go without, gaps, driving, work)",
    "cash": "money laid out for transport and work",
    "supplies": "what people go without, at what that costs them",
}
"""What is shared, by ``settle_in``."""
SHARED = "Shared is {what}."
SAVES = (
    "Together the {count} players bear {together:,.2f} {currency}; each by itself would bear {alone:,.2f} in all: "
    "pooling saves {saves:,.2f}{percent}."
)
NOTHING_SAVED = (
    "Together the {count} players bear {together:,.2f} {currency}; each by itself would bear {alone:,.2f} in all: "
    "pooling saves nothing here."
)
GAIN = "Who gains: {names}; a gain is what a player would bear alone less what it bears after all payments."
NOBODY_GAINS = "Nobody bears less than alone."
LOSE = "Who loses: {names}: they bear more than alone. Look at the certificate before anybody signs."
GIVE = "Who gives: {names}; what they bring (goods, vehicles, hours, roads) serves others, and they are paid for it."
PAY = "Who pays: {names}; others' means serve the people they speak for, or others lay out money for them."
NO_PAYMENTS = "Nobody owes anybody anything: what falls on each in the plan is what it bears."
PROVEN = "Proven: nobody, and no group of players, does better by planning with its own means alone."
NOT_PROVEN = "Not proven: a group of players may do better by leaving; the certificate says which, and by how much."


def in_words(table: pd.DataFrame, settle_in: str, currency: str, stable: bool) -> list[str]:
    """Return a settlement in sentences for people who know nothing of games.

    Parameters
    ----------
    table : DataFrame
        By player: ``alone``, ``pays`` (negative: receives) and ``bears`` (after all payments), money.
    settle_in : str
        What is shared.
    currency : str
        Of the instance.
    stable : bool
        Whether no subset gains by leaving, proven.
    """
    together, alone = float(table["bears"].sum()), float(table["alone"].sum())
    saves = alone - together
    text = (SAVES if saves > CENT else NOTHING_SAVED).format(
        count=len(table), together=together, alone=alone, saves=saves, currency=currency,
        percent=f" ({saves / alone:.1%})" if alone > 0.0 else "",
    )  # fmt: skip
    lines = [SHARED.format(what=WHAT[settle_in]), text]
    gains = table["alone"] - table["bears"]
    lines.append(GAIN.format(names=_named(gains[gains > CENT])) if (gains > CENT).any() else NOBODY_GAINS)
    if (gains < -CENT).any():
        lines.append(LOSE.format(names=_named(-gains[gains < -CENT])))
    gives, pays = -table["pays"][table["pays"] < 0.0], table["pays"][table["pays"] > 0.0]
    if len(gives):
        lines += [GIVE.format(names=_named(gives)), PAY.format(names=_named(pays))]
    else:
        lines.append(NO_PAYMENTS)
    return [*lines, PROVEN if stable else NOT_PROVEN]


def _named(amounts: pd.Series[float]) -> str:
    """Return players with their amounts, the largest first."""
    ordered = amounts.sort_values(ascending=False, kind="stable")
    return listed([f"{name} ({money:,.2f})" for name, money in ordered.items()], most=MOST_NAMED)
