"""Ways of deciding, as they are played: who decides what, seeing what, how often.

============  =========================================================================================================
way           what it does
============  =========================================================================================================
centralised   the core decides everything on one model, of all that can be seen then; what it decides takes force once
              it is approved: after the sum of ``policy.approval_periods`` over levels. Until then what was decided
              before goes on, at first nothing
control       decided once, ahead, before it is known what strikes: for the mean of all scenarios, with a tenth of every
              stock held back for the second half
networked     coalitions (``policy.coalitions``) decide on what is theirs and trade at prices that the core posts, for
              ``policy.price_rounds`` rounds; roles as the core would give them
alone         every coalition decides on what is its own, for its own; nothing is traded
judgement     every coalition decides by itself on the goods of all, guessing what others take (``policy.guess``); where
              plans collide those later in the table of parties give way
field         dispatchers decide by the field rule, of what can be seen then
nothing       nothing is sent, nobody takes part; people take what lies where they are
============  =========================================================================================================

Played when asked for by name, or with the ladder and delays of `coordination.compare`:

================  =====================================================================================================
way               what it does
================  =====================================================================================================
centralised:D     as centralised, but approval takes D periods
networked:RUNG    as networked, but coalitions see no more than a rung of ``policy.information``
restructuring     as networked, and rearranged while it goes, by what can be seen: where more than `JOIN` times the mean
                  need of a period waits, coalitions join at the level of zones above; with every further `JOIN` at one
                  more. Who does a task of which less than `KEPT` of the hours was covered so far is chosen anew
================  =====================================================================================================

A way of one more kind is one more entry of `WAYS`, or of `MORE`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from coordination.instance.vocabulary import LEVELS, RUNGS
from coordination.planning import dispatch, plan_plainly
from coordination.planning.dispatching.lacking import unknown_rules
from coordination.planning.guessing import trades
from coordination.planning.held import without_roles_under_way
from coordination.planning.networked import what_coalitions_lack
from coordination.preparation.mean import mean_instance
from coordination.simulation import Pace, do_nothing
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coordination.instance import Instance
    from coordination.plans import Plan

HELD_BACK = 0.1
JOIN = 0.5
KEPT = 0.5
REFERENCE = "centralised"
"""With which others are paired."""
LADDER = "networked"
"""Of which the rungs of ``policy.information`` are played."""
NOTHING = "nothing"
"""Of which ratios need a share."""


@dataclass(frozen=True)
class Effort:
    """How well plans are solved; always on one thread, so that every run gives the same.

    Attributes
    ----------
    gap : float
        Of each plan, relative.
    seed : int
        Of the solver.
    """

    gap: float = 1e-3
    seed: int = 0


class Decide(Protocol):
    """Takes what is believed of the rest of the horizon; returns a feasible plan."""

    def __call__(self, state: Instance, effort: Effort) -> Plan:
        """Decide."""


@dataclass(frozen=True)
class Way:
    """A way of deciding.

    Attributes
    ----------
    decide : callable
        Takes what is believed of the rest of the horizon, and `Effort`; returns a feasible plan.
    pace : callable
        Takes the instance and the periods between decisions; returns the `Pace`.
    unable : callable
        Takes the instance; returns why it cannot be played on it, or nothing.
    """

    decide: Decide
    pace: Callable[[Instance, int], Pace]
    unable: Callable[[Instance], str] = lambda instance: ""


def approval(instance: Instance) -> int:
    """Return the periods from a decision of the core to its being carried out."""
    return round(sum((instance.policy.approval_periods or {}).values()))


def _optimum(state: Instance, effort: Effort) -> Plan:
    made = plan_plainly(state, gap=effort.gap, threads=1, seed=effort.seed)
    if made.status is Status.INTERRUPTED:
        raise KeyboardInterrupt  # what was found until then must not count as what this way does
    return made


def _ahead(state: Instance, effort: Effort) -> Plan:
    """Plan for the mean of all scenarios, some stock held back."""
    scenarios = state.scenarios[state.scenarios["probability"] > 0]
    known = state.under(None)
    if len(scenarios):
        likely = scenarios["probability"].to_numpy(dtype=float)
        known = mean_instance(state, scenarios["scenario"].tolist(), likely / likely.sum())
    return _optimum(_holding_back(known), effort)


def _holding_back(instance: Instance) -> Instance:
    """Return the instance in which part of every stock comes in only with the second half of the horizon."""
    half = instance.periods // 2
    if half == 0 or not len(instance.stocks):
        return instance
    stocks = instance.given("stocks")
    # A stock without an expiry of its own keeps for shelf_life from the beginning, not from when it is let go.
    life = stocks["commodity"].map(instance.commodities.set_index("commodity")["shelf_life"]).to_numpy(dtype=float)
    expires = stocks["expires"].astype(float).fillna(pd.Series(life - 1.0, index=stocks.index))
    back = stocks.assign(quantity=stocks["quantity"] * HELD_BACK, expires=expires, period=half)
    back = back[~(back["expires"] < half)]
    kept = stocks["quantity"] * (1.0 - HELD_BACK * stocks.index.isin(back.index))
    arrivals = instance.given("arrivals")
    parts = [part for part in (arrivals, back[list(arrivals.columns)]) if len(part)]
    return instance.replace(
        stocks=stocks.assign(quantity=kept), arrivals=pd.concat(parts or [arrivals], ignore_index=True)
    )


def _dispatched(state: Instance, effort: Effort) -> Plan:
    """Plan by the field rule, which gives out roles anew whenever it is asked."""
    return dispatch(without_roles_under_way(state))


def _not_dispatched(instance: Instance) -> str:
    unknown = unknown_rules(instance)
    return f"the field rule does not know {'; '.join(unknown)}" if unknown else ""


def _governed(state: Instance, governance: str, **policy: Any) -> Instance:
    """Return the state under another governance; who trades goes on with roles under way, others choose anew."""
    governed = state.replace(policy={"governance": governance, **policy})
    return governed if trades(governed.policy) else without_roles_under_way(governed)


def _not_by_coalitions(instance: Instance, governance: str, **policy: Any) -> str:
    found = what_coalitions_lack(without_roles_under_way(_governed(instance, governance, **policy)))
    return f"nothing says yet how coalitions keep {', '.join(found)}" if found else ""


def _by_coalitions(state: Instance, effort: Effort, governance: str, **policy: Any) -> Plan:
    """Plan with coalitions that decide: by trade, by judgement or alone."""
    governed = _governed(state, governance, **policy)
    made = _optimum(governed, effort)
    # Who goes on with roles under way has a plan of the state itself: only its policy was another one.
    return dataclasses.replace(made, instance=state, sha256=state.sha256) if trades(governed.policy) else made


def _by_pace(instance: Instance, every: int) -> Pace:
    return Pace(every)


def _coalitions(governance: str, **policy: Any) -> Way:
    return Way(
        partial(_by_coalitions, governance=governance, **policy), _by_pace,
        partial(_not_by_coalitions, governance=governance, **policy),
    )  # fmt: skip


def _rearranged(state: Instance, effort: Effort) -> Plan:
    """Plan by trade of coalitions, joined and with roles let go as what can be seen says."""
    return _by_coalitions(_letting_go(state), effort, "networked", coalitions=joined_level(state))


def joined_level(state: Instance) -> str:
    """Return at which level coalitions act together: that of the policy, or above where much waits."""
    order = ("party", *LEVELS[: LEVELS.index("city") + 1])
    need = float(state.needs["quantity"].sum()) / max(1, state.periods)
    waits = float(state.backlogs["quantity"].sum())
    up = int(waits / (JOIN * need)) if need > 0.0 else 0
    return order[min(order.index(state.policy.coalitions) + up, len(order) - 1)]


def _letting_go(state: Instance) -> Instance:
    """Return the state without the roles of tasks of which too little was covered so far."""
    held = state.given("held")
    roles = held[(held["table"] == "tasks").to_numpy()]
    if roles.empty:
        return state
    task = roles["id"].str.split(";").str[0]
    covered, passed = roles["hours"].fillna(0.0).groupby(task).sum(), roles["periods"].groupby(task).max()
    asked = state.tasks.set_index("task")["hours"].reindex(covered.index) * passed
    short = set(covered.index[(covered < KEPT * asked).to_numpy()])
    gone = held.index.isin(roles.index[task.isin(short).to_numpy()])
    return state.replace(held=held[~gone]) if gone.any() else state


WAYS: Mapping[str, Way] = {
    REFERENCE: Way(_optimum, lambda instance, every: Pace(every, approval(instance))),
    "control": Way(_ahead, lambda instance, every: Pace(None)),
    **{governance: _coalitions(governance) for governance in ("networked", "alone", "judgement")},
    "field": Way(_dispatched, _by_pace, _not_dispatched),
    NOTHING: Way(lambda state, effort: do_nothing(state), lambda instance, every: Pace(None)),
}
"""Every way that is played unless asked for otherwise, in the order in which tables tell of them."""

MORE: Mapping[str, Way] = {
    **{f"{LADDER}:{rung}": _coalitions(LADDER, information=rung) for rung in RUNGS[:-1]},
    "restructuring": Way(_rearranged, _by_pace, partial(_not_by_coalitions, governance=LADDER)),
}
"""Ways that are played when they are asked for."""


def way_of(name: str) -> Way | None:
    """Return a way by its name, one with a delay too; None where there is none of that name."""
    first, mark, periods = name.partition(":")
    if first == REFERENCE and mark and periods.isdecimal():
        return Way(_optimum, lambda instance, every: Pace(every, int(periods)))
    return WAYS.get(name) or MORE.get(name)


def delay_of(name: str, instance: Instance) -> int | None:
    """Return the periods that approval takes where the core decides; None of other ways."""
    first, mark, periods = name.partition(":")
    if first != REFERENCE:
        return None
    return int(periods) if mark else approval(instance)
