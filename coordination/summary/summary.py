"""The lines of the summary, from what matters most on down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coordination.instance.facility_rules import CONVERTING, RESTORING
from coordination.instance.titles import titles
from coordination.metrics import SHORT, hours_covered, need_met, shortest, vulnerable_group
from coordination.status import Status
from coordination.summary import strings
from coordination.summary.changed import changed_lines
from coordination.summary.repaired import repaired_lines
from coordination.summary.scarce import scarce_lines
from coordination.summary.switched import switched_lines
from coordination.wording import amount, gap_percent, listed, percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.plans import Plan

MOST_LINES = 25
WIDEST = 400
"""Longer lines, as from very long names, are cut: they could not be read aloud."""
MOST_TERMS = 8
MOST_GOODS = 2
"""Goods named as those of which the least is met."""


def summarise(plan: Plan) -> str:
    """Return what a plan amounts to, in at most 25 lines.

    Parameters
    ----------
    plan : Plan
        Any plan, also one without a feasible solution.

    Returns
    -------
    str
        Lines: how it ended and what is proven; need met and how it spreads; what is scarce and what one more unit of
        it would save; hours covered and gaps; cost by term; seconds; why the ten places that go most short do; notes.
    """
    lines = [_head(plan)]
    if plan.feasible:
        lines += [
            *changed_lines(plan),
            _saves(plan),
            *_rules(plan),
            *_need(plan),
            *repaired_lines(plan),
            *switched_lines(plan),
            *scarce_lines(plan),
            _tasks(plan),
            *_facilities(plan),
            _costs(plan),
        ]
    lines.append(_seconds(plan))
    why = _shortest(plan) if plan.feasible else []
    lines += [*_notes(plan, MOST_LINES - len(lines) - len(why)), *why]
    return "\n".join(_plain(line) for line in lines)


def _plain(line: str) -> str:
    """Return one line without anything that a name could break it with."""
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in line).split())
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def _head(plan: Plan) -> str:
    status, instance = strings.STATUS[str(plan.status)], plan.instance
    title = instance.title or instance.name
    if plan.objective is None:
        return strings.NO_PLAN.format(title=title, status=status)
    proof = strings.NO_PROOF
    proven = strings.PROOF if plan.rules is None else strings.PROOF_WITH_RULES
    if plan.bound is not None and plan.bound > 0.0:
        above = max(0.0, plan.objective / plan.bound - 1.0)
        proof = proven.format(gap=gap_percent(above))
    elif plan.gap == 0.0:
        proof = proven.format(gap=gap_percent(0.0))
    return strings.HEAD.format(title=title, status=status, cost=_money(plan, plan.objective), proof=proof)


def _money(plan: Plan, value: float) -> str:
    currency = plan.instance.currency
    return f"{amount(value)} {currency}" if currency else amount(value)


def _saves(plan: Plan) -> str:
    """Return what the plan saves against what dispatchers do without a solver; theirs is beside itself."""
    if "way" not in plan.sizes and plan.baseline is not None:
        return strings.IS_RULE
    if plan.baseline is None or plan.objective is None:
        return strings.RULE_UNKNOWN
    words = {"cost": _money(plan, plan.objective), "rule": _money(plan, float(plan.baseline["objective"]))}
    share = plan.baseline["share"]
    if share is None or abs(share) < 1e-9:
        return strings.SAVES_NOTHING.format(**words)
    text = strings.SAVES if share > 0.0 else strings.COSTS_MORE
    return text.format(share=percent(abs(float(share))), **words)


def _rules(plan: Plan) -> list[str]:
    """Return what the policy's rules on fairness and order cost, where there are any."""
    if plan.rules is None or plan.rules["price"] is None:
        return []
    price, without = (_money(plan, float(plan.rules[name])) for name in ("price", "without"))
    return [strings.RULES.format(price=price, without=without)]


def _need(plan: Plan) -> list[str]:
    total = need_met(plan).iloc[0]
    if total["asked"] <= 0:
        return [strings.NO_NEED]
    group, text = vulnerable_group(plan), ""
    if group is not None:
        share = float(need_met(plan, ["group"])["share"].get(group, 1.0))
        text = strings.VULNERABLE.format(group=group, share=percent(share))
    line = strings.NEED.format(
        share=percent(float(total["share"])), asked=amount(float(total["asked"])), vulnerable=text,
        least=_least_met(plan),
    )  # fmt: skip
    places = need_met(plan, ["place"])
    shares = places.loc[places["asked"] > 0, "share"].to_numpy(dtype=float)
    return [line, _spread(shares)]


def _least_met(plan: Plan) -> str:
    """Return the goods of which the smallest shares are met: by weight alone, light ones would hide."""
    share = need_met(plan, ["commodity"])["share"]
    rows = share[share < 1.0 - SHORT].sort_values(kind="stable").head(MOST_GOODS)
    names = titles(plan.instance.commodities, "commodity")
    pairs = zip(rows.index.tolist(), rows.tolist(), strict=True)
    goods = [strings.SHARE_OF.format(goods=names[key], share=percent(value)) for key, value in pairs]
    return strings.LEAST_MET.format(goods=listed(goods)) if goods else ""


def _spread(shares: NDArray[np.float64]) -> str:
    if shares.min(initial=1.0) >= 1.0 - 1e-9:
        return strings.ALL_MET
    least, low, middle, most = (percent(float(value)) for value in np.quantile(shares, [0.0, 0.25, 0.5, 1.0]))
    return strings.SPREAD.format(
        places=amount(len(shares)), least=least, low=low, middle=middle, most=most, gini=f"{gini(shares):.2f}"
    )


def gini(shares: NDArray[np.float64]) -> float:
    """Return the Gini coefficient of shares: 0 where all have the same, towards 1 where one has all.

    Parameters
    ----------
    shares : ndarray, shape (n,)
        At least 0.

    Examples
    --------
    >>> gini(np.array([0.5, 0.5])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    total, n = float(shares.sum()), len(shares)
    if total <= 0:
        return 0.0
    ranks = np.arange(1, n + 1)
    return float((2 * ranks - n - 1) @ np.sort(shares)) / (n * total)


def _tasks(plan: Plan) -> str:
    hours = hours_covered(plan)
    if hours.empty:
        return strings.NO_TASKS
    asked, covered = float(hours["asked"].sum()), float(hours["covered"].sum())
    sums = plan.gaps.groupby("kind")["amount"].sum()
    gaps = [_gap(kind, float(sums[kind])) for kind in strings.GAPS if kind in sums.index]
    return strings.HOURS_COVERED.format(
        covered=amount(covered), asked=amount(asked), share=percent(covered / asked if asked > 0 else 1.0),
        gaps=listed(gaps) or strings.NO_GAPS,
    )  # fmt: skip


def _gap(kind: str, value: float) -> str:
    text = amount(value)
    return (
        strings.GAP_OF_ONE[kind]
        if text == "1" and kind in strings.GAP_OF_ONE
        else strings.GAPS[kind].format(amount=text)
    )


def _facilities(plan: Plan) -> list[str]:
    """Return which facilities are converted, and what that costs; nothing where none is."""
    used = plan.facilities.drop_duplicates(["place", "mode"])
    used = used[~used["mode"].str.startswith((CONVERTING, RESTORING))]
    if plan.facilities.empty:
        return []
    names = titles(plan.instance.places, "place")
    pairs = [
        f"{names[place]} ({mode})" for place, mode in used[["place", "mode"]].head(MOST_GOODS).itertuples(index=False)
    ]
    lost, cost = (_money(plan, plan.terms[name]) for name in ("everyday_value", "conversion"))
    more = len(used) - len(pairs)
    return [
        strings.FACILITIES.format(
            count=amount(plan.facilities["place"].nunique()), names=listed(pairs) or strings.UNDER_WAY,
            more=strings.AND_MORE.format(count=amount(more)) if more > 0 else "", lost=lost, cost=cost,
        )
    ]  # fmt: skip


def _costs(plan: Plan) -> str:
    """Return the terms that are anything, the largest first."""
    terms = sorted(plan.terms.items(), key=lambda item: -abs(item[1]))
    texts = [f"{name.replace('_', ' ')} {amount(value)}" for name, value in terms if abs(value) >= 0.005]
    return strings.COST.format(terms=", ".join(texts[:MOST_TERMS])) if texts else strings.NO_COST


def _seconds(plan: Plan) -> str:
    stages = [f"{name} {seconds:.1f}" for name, seconds in plan.seconds.items()]
    return strings.SECONDS.format(stages=", ".join(stages) or "0")


def _notes(plan: Plan, room: int) -> list[str]:
    """Return the honest remarks, as many as there is room for."""
    notes = [strings.NOTE.format(note=note) for note in plan.notes]
    if len(notes) <= room:
        return notes
    return [*notes[: max(0, room - 1)], strings.NOTES_LEFT.format(count=len(notes) - max(0, room - 1))][: max(room, 0)]


def _shortest(plan: Plan) -> list[str]:
    """Return a line for each of the places that go most short: why, where that is known."""
    rows = shortest(plan)
    if rows.empty:
        return []
    said = {(reason["place"], reason["commodity"]): str(reason["sentence"]) for reason in plan.reasons}
    places, goods = titles(plan.instance.places, "place"), titles(plan.instance.commodities, "commodity")
    units = plan.instance.commodities.set_index("commodity")["unit"].fillna(strings.UNIT).to_dict()
    lines = []
    for place, commodity, met, share, quantity in zip(
        *(rows[name].tolist() for name in ("place", "commodity", "met", "share", "short")), strict=True
    ):
        plain = strings.LACKS.format(
            place=places[place], met=percent(met), commodity=goods[commodity], share=percent(1.0 - share),
            quantity=amount(quantity), unit=units[commodity],
        )  # fmt: skip
        lines.append(said.get((place, commodity), plain))
    if all((place, goods_) in said for place, goods_ in zip(rows["place"], rows["commodity"], strict=True)):
        return [strings.SHORTEST, *lines]
    unpriced = any(note.startswith("Prices are missing") for note in plan.notes)
    cause = strings.UNPRICED if unpriced else strings.NO_TIME
    cause = strings.INTERRUPTED if plan.status is Status.INTERRUPTED else cause
    return [strings.WHY_UNKNOWN.format(cause=cause), *lines]
