"""What the summary of a preparation says of assurances, losses, and what more at each depot would save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from coordination.plans import Preparation

SHOWN = 5
"""Depots, and losses, that the summary lists before it counts the rest."""


def risky(preparation: Preparation) -> list[str]:
    """Return lines for people on what bounds the risk, and why it comes out so.

    Parameters
    ----------
    preparation : Preparation
        What was decided.
    """
    return [*_assured(preparation), *_lost(preparation), *_marginal(preparation)]


def _assured(preparation: Preparation) -> list[str]:
    rows = preparation.instance.assurances.to_dict("records")
    table, lines = preparation.tables["assured"], []
    for told in preparation.assured:
        row = rows[told["row"] - 2]
        own = table[table["row"] == told["row"]]
        over = own["unmet"] > told["limit"] * own["need"] + 1e-6 * own["need"].clip(lower=1.0)
        missed = own.loc[over, "scenario"].tolist()
        if told["measure"] == "probability":
            kept = f"kept with probability {told['found']:.4g}, asked for {told['asked']:.4g}"
            kept += f"; given up in {_listed(missed)}" if missed else "; kept in every scenario"
        else:
            kept = f"{100 * told['found']:.4g} % {_where(told['asked'])}"
        lines.append(f"{_said(row)}: {kept}")
    if lines:
        lines.append(
            "  Responses keep these limits; a plan of one scenario that only minimises cost may leave more unmet."
        )
    return lines


def _where(level: float) -> str:
    """Return in which scenarios a limit in CVaR holds: at 0 it is the mean, at 1 the worst case."""
    if level in (0, 1):
        return "in the worst scenario" if level else "in the mean"
    return f"in the worst scenarios (CVaR at {level:g})"


def _said(row: Any) -> str:
    of = f" of {row['commodity']}" if isinstance(row["commodity"], str) else ""
    who = f" of group {row['group']}" if isinstance(row["group"], str) else ""
    where = f" in {row['zone']}" if isinstance(row["zone"], str) else ""
    return f"at most {100 * row['unmet']:g} % of the need{of}{who}{where} unmet"


def _lost(preparation: Preparation) -> list[str]:
    table = preparation.tables["loss_costs"]
    if table.empty:
        return []
    unit, most = preparation.instance.currency, int(preparation.instance.policy.risk["losses"])
    order = table.sort_values("cost", ascending=False, kind="stable")
    calm = float(preparation.figures.get("nothing_lost_cost") or 0.0)
    lines = [
        f"losses of at most {most} of {len(preparation.instance.losses)} things, all {len(table):,} of them answered:"
    ]
    for lost, cost in zip(order["lost"].tolist()[:SHOWN], order["cost"].tolist()[:SHOWN], strict=True):
        what = _listed(str(lost).split(";")) if isinstance(lost, str) else "nothing"
        lines.append(f"  {what} lost: {cost:,.2f} {unit}, {cost - calm:+,.2f} against nothing lost")
    listed = int(table["round"].notna().sum())
    lines.append(f"  The first stage is best against the dearest, found from {listed} of them; no other costs more.")
    return lines


def _marginal(preparation: Preparation) -> list[str]:
    rows = pd.DataFrame(preparation.marginal, columns=["place", "commodity", "value"])
    rows = rows[rows["value"] > 0].sort_values("value", ascending=False, kind="stable")
    if rows.empty:
        return []
    records = rows.head(SHOWN).to_dict("records")
    text = "; ".join(f"{row['commodity']} at {row['place']} {row['value']:,.4g}" for row in records)
    more = f"; and {len(rows) - SHOWN} more in plan.json" if len(rows) > SHOWN else ""
    return [f"one more unit before the event would save, in the mean: {text}{more}"]


def _listed(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
