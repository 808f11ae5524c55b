"""The page of a preparation: what to place where, what scenarios cost then, what knowing and adapting are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coordination.instance.titles import titles
from coordination.report import numbers
from coordination.report.strings import strings

if TYPE_CHECKING:
    from coordination.plans.preparation import Preparation
    from coordination.report.strings import Strings

MOST_ROWS = 60
"""Rows of a table on the page; the folder has all."""
WORTHS = ("evpi", "vss", "ignoring_disruption", "balance")
"""Figures on what knowing is worth, in their order on the page."""
CARDS = ("money", "expected_cost", "cvar_cost", "worst_cost")


def render_preparation(preparation: Preparation) -> str:
    """Return the report of a preparation: one self-contained HTML page.

    Parameters
    ----------
    preparation : Preparation
        Any; one without a first stage gets its status only.

    Returns
    -------
    str
        The page, to be written as UTF-8. It asks for nothing from anywhere and runs no script.
    """
    from coordination.report.rendering import environment

    texts, instance = strings(), preparation.instance
    names = _Names(preparation)
    context = {
        "t": texts,
        "preparation": preparation,
        "title": instance.title,
        "currency": instance.currency,
        "verdict": _verdict(preparation, texts),
        "version": preparation.versions.get("coordination", ""),
        "most": MOST_ROWS,
    }
    if preparation.feasible:
        context |= {
            "cards": [
                {"label": texts(f"preparation.cards.{name}"), "exact": preparation.figures[name]} for name in CARDS
            ],
            "decided": names.decisions(preparation.first_stage.to_dict("records")),
            "scenarios": _scenarios(preparation),
            "worths": [
                {"text": texts(f"preparation.worths.{name}"), "value": preparation.figures[name]}
                for name in WORTHS
                if preparation.figures.get(name) is not None
            ],
            "marginal": names.marginal(),
            "unmet": preparation.unmet,
            "adapting": [row | {"text": texts.named("policies", row["policy"])} for row in preparation.adapting],
            "adaptive": names.decisions(
                preparation.tables["adaptive"].sort_values(["stage", "forecasts"], kind="stable").to_dict("records")
            ),
        }
    return environment().get_template("preparation.html.j2").render(context)


def _verdict(preparation: Preparation, texts: Strings) -> str:
    status = texts.named("status", str(preparation.status))
    if preparation.objective is None or preparation.gap is None:
        return texts("preparation.nothing", status=status)
    return texts(
        "preparation.proven", status=status, cost=numbers.money(preparation.objective),
        currency=preparation.instance.currency, gap=numbers.percent(preparation.gap),
    )  # fmt: skip


def _scenarios(preparation: Preparation) -> list[dict[str, Any]]:
    """Return scenarios, the dearest first, with bars relative to the dearest."""
    named = titles(preparation.instance.scenarios, "scenario")
    rows = preparation.scenario_costs.sort_values("cost", ascending=False, kind="stable").to_dict("records")
    largest = max((abs(row["cost"]) for row in rows), default=0.0) or 1.0
    return [
        {
            "name": named.get(row["scenario"], row["scenario"]),
            "probability": row["probability"],
            "cost": row["cost"],
            "width": abs(row["cost"]) / largest,
        }
        for row in rows
    ]


class _Names:
    """Decisions with the names of what they are about."""

    def __init__(self, preparation: Preparation) -> None:
        instance = preparation.instance
        self.preparation, self.texts = preparation, strings()
        self.places = titles(instance.places, "place")
        self.parties = titles(instance.parties, "party")
        self.goods = titles(instance.commodities, "commodity")
        self.units = dict(zip(instance.commodities["commodity"], instance.commodities["unit"], strict=True))
        self.forecasts = titles(instance.forecasts, "forecast")

    def decisions(self, rows: list[Any]) -> list[dict[str, Any]]:
        """Return rows of decisions for people."""
        return [self._decision(row) for row in rows]

    def _decision(self, row: Any) -> dict[str, Any]:
        good = row["commodity"] if isinstance(row["commodity"], str) else None
        unit = self.units.get(good) if good else None
        kind = row["what"] if row["what"] != "standby" else "standby_" + self._ready(row)
        what = self.goods[good] if good else str(row["id"] or "").replace(";", ", ")
        known = str(row.get("forecasts", "")).split(";")
        return {
            "what": self.texts.named("decisions", row["what"]),
            "of": what,
            "where": self.places.get(row["place"], "") if isinstance(row["place"], str) else "",
            "origin": self.places.get(row["origin"], "") if isinstance(row["origin"], str) else "",
            "party": self.parties.get(row["party"], "") if isinstance(row["party"], str) else "",
            "quantity": row["quantity"],
            "unit": unit if isinstance(unit, str) else self.texts.named("decision_units", kind),
            "money": row["money"],
            "known": " → ".join(self.forecasts.get(name, name) for name in known),
            "stage": row.get("stage"),
            "probability": row.get("probability"),
        }

    def _ready(self, row: Any) -> str:
        return "fleet" if row["id"] in set(self.preparation.instance.fleets["fleet"]) else "skill"

    def marginal(self) -> list[dict[str, Any]]:
        """Return what one more unit at each depot would save, the most first."""
        rows = [row for row in self.preparation.marginal if row["value"] > 0]
        rows.sort(key=lambda row: (-row["value"], row["place"], row["commodity"]))
        return [
            {"place": self.places[row["place"]], "goods": self.goods[row["commodity"]], "value": row["value"]}
            for row in rows
        ]
