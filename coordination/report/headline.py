"""The first thing on the page: how well people are served, at what cost, and how far that is proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coordination.metrics import hours_covered, need_met, vulnerable_group
from coordination.report.numbers import amount, compact, percent, precise_percent

if TYPE_CHECKING:
    from coordination.report.view import View


@dataclass(frozen=True)
class Card:
    """A figure with what it says.

    Attributes
    ----------
    label, value, note : str
        Texts for people.
    exact : float or None
        The figure itself.
    share : float or None
        0..1 to draw as a bar under the figure.
    unit : str
        What stands small behind the figure.
    """

    label: str
    value: str
    note: str
    exact: float | None = None
    share: float | None = None
    unit: str = ""


def verdict(view: View) -> str:
    """Return one sentence on how good the plan is proven to be."""
    plan, texts = view.plan, view.texts
    words = texts.named("status", str(plan.status))
    if not plan.feasible:
        return texts("headline.no_plan", status=words)
    if plan.gap is None:
        return texts("headline.unproven", status=words)
    if plan.rules is not None:  # plans that do not keep the rules on fairness or order may cost less
        return texts("headline.proven_with_rules", status=words, gap=precise_percent(plan.gap))
    return texts("headline.proven", status=words, gap=precise_percent(plan.gap))


def cards(view: View) -> list[Card]:
    """Return the headline figures; empty without a feasible plan."""
    if not view.plan.feasible:
        return []
    found = [_all(view), _group(view), _worst(view), _hours(view), _cost(view), _saved(view), _gap(view)]
    return [card for card in found if card is not None]


def _all(view: View) -> Card:
    met = need_met(view.plan).iloc[0]
    note = view.texts("headline.met_note", served=amount(met["served"]), asked=amount(met["asked"]))
    return Card(view.texts("headline.met"), percent(met["share"]), note, met["share"], met["share"])


def _group(view: View) -> Card | None:
    group = vulnerable_group(view.plan)
    if group is None:
        return None
    by_group = need_met(view.plan, ["group"])
    share, short = float(by_group["share"][group]), float(by_group["short"][group])
    weight = amount(view.instance.policy.group_weights[group])
    label = view.texts("headline.met_group", group=view.texts.named("groups", group))
    note = view.texts("headline.group_note", weight=weight, short=amount(short))
    return Card(label, percent(share), note, share, share)


def _worst(view: View) -> Card | None:
    met = need_met(view.plan, ["place"])
    met = met[met["asked"] > 0]
    if met.empty:
        return None
    place, share = str(met["share"].idxmin()), float(met["share"].min())
    note = view.texts("headline.worst_note", place=view.places[place], spread=percent(float(met["share"].median())))
    return Card(view.texts("headline.worst"), percent(share), note, share, share)


def _hours(view: View) -> Card | None:
    hours = hours_covered(view.plan)[["asked", "covered"]].sum()
    if not hours["asked"] > 0:
        return None
    share = float(hours["covered"] / hours["asked"])
    note = view.texts("headline.hours_note", covered=amount(hours["covered"]), asked=amount(hours["asked"]))
    return Card(view.texts("headline.hours"), percent(share), note, share, share)


def _cost(view: View) -> Card:
    plan, texts = view.plan, view.texts
    value, power = compact(plan.objective)
    unit = " ".join(filter(None, [texts(f"powers.{power}") if power else "", view.instance.currency]))
    least = "" if plan.bound is None else amount(plan.bound)
    note = texts("headline.cost_note", bound=least)
    if plan.rules is not None:
        note = texts("headline.cost_note_with_rules", bound=least)
    return Card(texts("headline.cost"), value, note if least else "", plan.objective, unit=unit)


def _saved(view: View) -> Card | None:
    """Return what the plan saves against the field rule, where it saves anything."""
    baseline = view.plan.baseline
    share = None if baseline is None else baseline["share"]
    if baseline is None or share is None or share <= 0.0:
        return None
    note = view.texts("headline.saved_note", rule=amount(baseline["objective"]))
    return Card(view.texts("headline.saved"), percent(share), note, share)


def _gap(view: View) -> Card | None:
    plan = view.plan
    if plan.gap is None:
        return None
    asked = plan.options.get("gap")
    note = view.texts("headline.gap_note", asked=precise_percent(asked)) if isinstance(asked, float | int) else ""
    return Card(view.texts("headline.gap"), precise_percent(plan.gap), note, plan.gap)
