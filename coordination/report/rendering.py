"""The page: sections computed in Python, drawn by templates that escape every name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from coordination.metrics import need_met, vulnerable_group
from coordination.report import numbers
from coordination.report.citymap import SHARE_STEPS, city_map
from coordination.report.costs import costs
from coordination.report.facilities import facilities
from coordination.report.flows import flows
from coordination.report.governance import settlement
from coordination.report.headline import cards, verdict
from coordination.report.missing import gaps
from coordination.report.provenance import provenance
from coordination.report.resilient import resilient
from coordination.report.responsibilities import LETTERS, responsibility
from coordination.report.scarcities import scarcities
from coordination.report.shortfalls import shortfalls
from coordination.report.stocks import stocks
from coordination.report.timelines import timelines
from coordination.report.view import View

if TYPE_CHECKING:
    from jinja2 import Environment

    from coordination.plans import Plan

SECTIONS = (
    "map",
    "timelines",
    "resilience",
    "shortfalls",
    "responsibility",
    "gaps",
    "facilities",
    "prices",
    "stocks",
    "costs",
    "provenance",
)
"""Sections in their order on the page; each has a template and a ``title`` among the strings."""
GOVERNANCE = "governance"
"""Section of plans that say how to decide or who pays whom; it comes first there."""


def render(plan: Plan) -> str:
    """Return the report of a plan: one self-contained HTML page.

    Parameters
    ----------
    plan : Plan
        Any plan; one without a feasible solution gets its status and provenance only.

    Returns
    -------
    str
        The page, to be written as UTF-8. It asks for nothing from anywhere and runs no script.
    """
    view = View(plan)
    context = _head(view) | (_sections(view) if plan.feasible else {})
    return environment().get_template("report.html.j2").render(context)


def _head(view: View) -> dict[str, Any]:
    """Return what every page shows."""
    plan, instance, texts = view.plan, view.instance, view.texts
    return {
        "t": texts,
        "plan": plan,
        "title": instance.title or instance.name,
        "horizon": texts(
            "page.horizon",
            start=view.when(0),
            end=view.when(instance.periods),
            year=view.year(instance.periods),
            periods=texts.count("page.periods", instance.periods),
            hours=numbers.amount(instance.period_hours),
        ),
        "scenario": plan.options.get("scenario"),
        "verdict": verdict(view),
        "cards": cards(view),
        "sections": SECTIONS if view.plan.settlement is None else (GOVERNANCE, *SECTIONS),
        "version": plan.versions.get("coordination", ""),
        "currency": instance.currency,
        "provenance": provenance(view),
    }


def _sections(view: View) -> dict[str, Any]:
    """Return what the sections of a feasible plan show."""
    group = vulnerable_group(view.plan)
    return {
        "settlement": settlement(view),
        "costs": costs(view),
        "city_map": city_map(view),
        "flows": flows(view),
        "timelines": timelines(view),
        "resilience": resilient(view),
        "group": "" if group is None else view.texts.named("groups", group),
        "shortfalls": shortfalls(view),
        "reasons": view.plan.reasons,
        "stocks": stocks(view),
        "responsibility": responsibility(view),
        "letters": LETTERS,
        "gaps": gaps(view),
        "facilities": facilities(view),
        "scarcities": scarcities(view),
        "short": need_met(view.plan)["short"].iloc[0] > 0,
    }


@cache
def environment() -> Environment:
    """Return the templates' environment: everything escaped, nothing undefined passed over."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("coordination.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "amount": numbers.amount,
        "money": numbers.money,
        "percent": numbers.percent,
        "short": _short,
        "exact": _exact,
        "share_step": lambda share: sum(share >= limit - 1e-9 for limit in SHARE_STEPS),
    }
    return environment


def _exact(value: float) -> str:
    """Return a number that reads back exactly."""
    return repr(float(value))


def _short(value: float) -> str:
    """Return the label of a tick: 12k, 3.5M."""
    for power, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= power:
            return f"{value / power:g}{letter}"
    return f"{value:g}"
