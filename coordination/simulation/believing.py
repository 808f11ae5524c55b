"""What the planner's side knows after some periods of a simulation.

=====================  ===============================================================================================
what                   known
=====================  ===============================================================================================
what stands            stock and whose, goods on their way, what waits and for how long, roles under way, hours
                       covered: as they really are
what can be looked at  roads, places, fleets, skills, and effects of the scenario that have begun: as they really are
needs ahead            as believed, times (1 + Σ r) / (1 + n) of the commodity, r being what was needed in each of the n
                       periods over what had been believed
all else               as believed: arrivals ahead, reliabilities, probabilities, effects to come
=====================  ===============================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from coordination.replanning import state_after
from coordination.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coordination.instance import Instance
    from coordination.plans import Plan

STANDS = ("stocks", "backlogs", "held", "mandates")
LOOKED_AT = ("roads", "places", "fleets", "skills")


@dataclass(frozen=True)
class Seen:
    """Needs as they were seen beside what had been believed at first.

    Attributes
    ----------
    ratios : mapping of str to float
        Sum over the periods seen of need over believed need, by commodity.
    periods : mapping of str to int
        Periods seen in which some was believed to be needed, by commodity.
    """

    ratios: Mapping[str, float] = field(default_factory=dict)
    periods: Mapping[str, int] = field(default_factory=dict)

    def factor(self, commodity: str) -> float:
        """Return by what needs ahead, as believed at first, are multiplied."""
        return (1.0 + self.ratios.get(commodity, 0.0)) / (1.0 + self.periods.get(commodity, 0))

    def after(self, believed: pd.DataFrame, real: pd.DataFrame) -> Seen:
        """Return what is known after more periods.

        Parameters
        ----------
        believed, real : DataFrame
            ``commodity``, ``period``, ``quantity``: needs of the same periods; believed ones as multiplied before.
        """
        keys = ["commodity", "period"]
        was = believed.groupby(keys)["quantity"].sum()
        was = was[was > 0]
        ratio = real.groupby(keys)["quantity"].sum().reindex(was.index, fill_value=0.0) / was
        by = ratio.groupby(level="commodity")
        sums = {name: value * self.factor(str(name)) for name, value in by.sum().items()}
        counts = by.size().to_dict()
        names = {*self.ratios, *(str(name) for name in counts)}
        return Seen(
            {name: self.ratios.get(name, 0.0) + sums.get(name, 0.0) for name in names},
            {name: self.periods.get(name, 0) + int(counts.get(name, 0)) for name in names},
        )


def believed_after(predicted: Plan, real: Instance, periods: int, seen: Seen, truth: Instance) -> tuple[Instance, Seen]:
    """Return what is believed after some periods, and what has been seen of needs.

    Parameters
    ----------
    predicted : Plan
        What was to come of these periods, on what was believed at their beginning.
    real : Instance
        The real state after them, as `coordination.replanning.state_after` gives it.
    periods : int
        Periods carried out.
    seen : Seen
        Before these periods.
    truth : Instance
        The real state before them.
    """
    state, before = state_after(predicted, periods), predicted.instance
    known = seen.after(*(_needs(world, periods) for world in (before, truth)))
    tables = {name: real.given(name) for name in STANDS}
    tables |= {name: real.given(name) for name in LOOKED_AT if not state.given(name).equals(real.given(name))}
    tables["arrivals"] = _arrivals(state, real, before, truth, periods)
    if not state.given("effects").equals(real.given("effects")):
        tables["effects"] = _effects(state, real)
    needs = state.given("needs")
    factor = needs["commodity"].map({name: known.factor(name) / seen.factor(name) for name in set(needs["commodity"])})
    tables["needs"] = needs.assign(quantity=needs["quantity"].to_numpy(dtype=float) * factor.to_numpy(dtype=float))
    return state.replace(**tables), known


def _needs(instance: Instance, periods: int) -> pd.DataFrame:
    needs = World.of(instance).needs
    return needs[needs["period"] < periods]


def _arrivals(state: Instance, real: Instance, before: Instance, truth: Instance, periods: int) -> pd.DataFrame:
    """Return arrivals from outside as believed, and what is really on its way: those come last in a state."""
    outside, ours = (int((world.arrivals["period"] >= periods).sum()) for world in (truth, before))
    parts = [state.given("arrivals").iloc[:ours], real.given("arrivals").iloc[outside:]]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _effects(state: Instance, real: Instance) -> pd.DataFrame:
    """Return effects of the scenario that have begun as they are, others as believed."""
    ours, its = state.given("effects"), real.given("effects")
    begun, known = (table["start"].to_numpy() <= 0 for table in (its, ours))
    parts = [its[begun & (its["scenario"] == real.scenario).to_numpy()]]
    parts.append(ours[~(known & (ours["scenario"] == state.scenario).to_numpy())])
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
