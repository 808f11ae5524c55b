"""A cycle in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.wording import amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from coordination.instance import Instance
    from coordination.plans import Plan
    from coordination.simulation import Step

WHAT = {
    "needs": "needs of {n} places and commodities",
    "reliability": "reliability of {n} parties",
    "probability": "probability of {n} scenarios",
    "floor": "stock floors of {n} commodities",
    "backups": "a backup more for {n} tasks",
}


def words_of(
    instance: Instance,
    scenario: str | None,
    steps: Sequence[Step],
    played: Plan,
    phases: pd.DataFrame,
    learned: pd.DataFrame,
) -> list[str]:
    """Return sentences on what struck, what each phase cost, how the city held, and what was learned."""
    named = "No scenario struck" if scenario is None else f"Scenario {scenario} struck"
    unit = instance.currency
    lines = [f"{named}; decided {len(steps)} times over {instance.periods} periods."]
    for row in phases.to_dict("records"):
        if row["phase"] == "prepare":
            lines.append(f"prepare: {amount(row['money'])} {unit} spent before it.")
        elif row["phase"] in ("resist", "recover"):
            lines.append(
                f"{row['phase']} (periods {row['start']:.0f} to {row['end']:.0f}): cost {amount(row['cost'])} {unit}, "
                f"of which deprivation {amount(row['deprivation'])}; worst off: {row['worst_off']:.0%} unserved; "
                f"function from {row['lowest']:.2f} at the lowest to {row['at_end']:.2f} at the end."
            )
    promised, given = (sum(float(step.record[name].sum()) for step in steps) for name in ("promised", "given"))
    if promised > 0:
        lines.append(f"Of {amount(promised)} hours promised {given / promised:.0%} were given.")
    assert played.objective is not None
    lines.append(f"The event cost {amount(played.objective)} {unit} in all.")
    counts = learned.groupby("what", sort=False).size().to_dict()
    parts = [text.format(n=counts[what]) for what, text in WHAT.items() if what in counts]
    lines.append(f"adapt: {'; '.join(parts)}." if parts else "adapt: nothing was there to learn from.")
    return lines
