"""Playing an event: decide on what is believed, carry it out against what is true, hear the news, decide again."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coordination.errors import InstanceError
from coordination.replanning import state_after
from coordination.replanning.choosing import with_chosen
from coordination.replanning.keeping import keepable
from coordination.replanning.news import told, with_news
from coordination.simulation.believing import Seen, believed_after
from coordination.simulation.executing import execute
from coordination.simulation.going_on import do_nothing, rest_of
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from coordination.instance import Instance
    from coordination.plans import Plan
    from coordination.replanning.news import News
    from coordination.simulation.drawing import Event

    Decide = Callable[[Instance], Plan]


@dataclass(frozen=True)
class Position:
    """Where a simulation stands before a step.

    Attributes
    ----------
    start : int
        Period that comes next.
    believed, true : Instance
        The rest of the horizon, as the planner's side sees it, and as it is.
    seen : Seen
        Needs seen so far.
    """

    start: int
    believed: Instance
    true: Instance
    seen: Seen = field(default_factory=Seen)


@dataclass(frozen=True)
class Step:
    """Some periods that were played.

    Attributes
    ----------
    start, periods : int
        The first one, and how many.
    plan : Plan
        What was in force, on what was believed.
    done : Plan
        What came of it, on what was true; both count periods from `start`.
    record : DataFrame
        Hours promised and given, as `coordination.simulation.attendance.delivered` says.
    news : tuple of str
        What was heard after it.
    after : Position or None
        Where the simulation stands then; None at the end.
    """

    start: int
    periods: int
    plan: Plan
    done: Plan
    record: pd.DataFrame
    news: tuple[str, ...] = ()
    after: Position | None = None


@dataclass(frozen=True)
class Pace:
    """When somebody decides.

    Attributes
    ----------
    every : int or None
        Periods between decisions; None: only at the beginning.
    delay : int
        Periods from a decision to its being carried out; until then what was decided before goes on, at first nothing.
    """

    every: int | None = 1
    delay: int = 0


def play(
    believed: Instance,
    event: Event,
    decide: Decide,
    pace: Pace,
    *,
    events: pd.DataFrame | None = None,
    steps: Sequence[Step] = (),
    on_step: Callable[[Step], None] | None = None,
    stay: bool = False,
) -> tuple[Step, ...]:
    """Play an event to the end of its horizon.

    Parameters
    ----------
    believed : Instance
        What the planner's side knows at the beginning, under the scenario that strikes.
    event : Event
        What is true.
    decide : callable
        Takes what is believed of the rest of the horizon, returns a feasible plan of it.
    pace : Pace
        When it decides.
    events : DataFrame, optional
        News from outside, rows of table ``events``: from its period on it is true, and known.
    steps : sequence of Step
        Steps that were played before an interruption; only without delay.
    on_step : callable, optional
        Called after each step.
    stay : bool
        Whether what was decided before goes on where a new plan that is not proven, for want of time, would cost more;
        only without delay.

    Returns
    -------
    tuple of Step
        They follow on each other and fill the horizon.
    """
    played = list(steps)
    position = played[-1].after if played else Position(0, believed, event.world)
    dated = [] if events is None else list(zip(told(events), events["period"].astype(int).tolist(), strict=True))
    times = _times(believed.periods, pace, [when for _, when in dated])
    desk = _Desk(decide, pace, {when for _, when in dated}, stay)
    if played:
        desk.force, desk.over = played[-1].plan, played[-1].periods
    while position is not None:
        end = min((time for time in times if time > position.start), default=believed.periods)
        heard = [one for one, when in dated if position.start < when <= end]
        step = _step(desk, position, end, event, heard)
        played.append(step)
        if on_step is not None:
            on_step(step)
        position = step.after
    return tuple(played)


def _times(periods: int, pace: Pace, news: Sequence[int]) -> list[int]:
    """Return the periods in which something begins: decisions, their being carried out, news."""
    found = {*range(0, periods, pace.every), *news} if pace.every else {0}
    found |= {time + pace.delay for time in found} | set(news)
    return sorted(time for time in found if 0 <= time < periods)


@dataclass
class _Desk:
    """Who decides, with what is in force and what is decided and not yet carried out.

    Attributes
    ----------
    decide, pace : callable, Pace
        Of `play`.
    news : set of int
        Periods in which news is heard: then who decides again and again decides, too.
    stay : bool
        Of `play`.
    force : Plan or None
        What is in force, and the periods of it that are over.
    waiting : dict of int to Plan
        Decisions by the period in which they take force.
    """

    decide: Decide
    pace: Pace
    news: set[int]
    stay: bool = False
    force: Plan | None = None
    over: int = 0
    waiting: dict[int, Plan] = field(default_factory=dict)

    def plan(self, position: Position, end: int) -> Plan:
        """Return what is in force from `position` to `end`."""
        start, believed, delay = position.start, position.believed, self.pace.delay
        decides = start == 0 or (self.pace.every is not None and (start % self.pace.every == 0 or start in self.news))
        plan = self.waiting.pop(start, None)
        if plan is None and decides and not delay:
            plan = self._or_stay(self.decide(believed), believed)
        if plan is None:
            plan = do_nothing(believed) if self.force is None else rest_of(self.force, self.over)
        if decides and 0 < delay < believed.periods:
            coming = execute(plan, believed, delay).plan
            self.waiting[start + delay] = self.decide(state_after(coming, delay))
        self.force, self.over = plan, end - start
        return plan

    def _or_stay(self, plan: Plan, believed: Instance) -> Plan:
        """Return a new plan, or the rest of the one in force where that would cost less than an unproven new one."""
        if not self.stay or self.force is None or plan.status is Status.OPTIMAL:
            return plan
        going_on = execute(rest_of(self.force, self.over), believed, int(believed.periods)).plan
        assert plan.objective is not None and going_on.objective is not None
        if going_on.objective >= plan.objective:
            return plan
        note = "A new plan was not found in time that costs less: what was decided before goes on."
        return dataclasses.replace(going_on, notes=[note])


def _step(desk: _Desk, position: Position, end: int, event: Event, news: Sequence[News]) -> Step:
    start, believed, true = position.start, position.believed, position.true
    periods = end - start
    plan = desk.plan(position, end)
    shares = event.shares.iloc[:, start:end].set_axis(range(periods), axis=1)
    executed = execute(plan, true, periods, shares)
    if end >= start + believed.periods:
        return Step(start, periods, plan, executed.plan, executed.record)
    real = state_after(executed.plan, periods)
    predicted = plan if plan.instance is believed else execute(plan, believed, periods).plan
    believes, seen = believed_after(predicted, real, periods, position.seen, true)
    believes, real, heard = _hear(believes, real, news, end)
    if believes.policy.change_cost:
        believes = with_chosen(believes, dataclasses.replace(plan, instance=believed), periods)
    believes, released = keepable(believes)
    heard += [f"{task}: who held it cannot all go on; its roles are chosen anew" for task in released]
    after = Position(end, believes, real, seen)
    return Step(start, periods, plan, executed.plan, executed.record, tuple(heard), after)


def _hear(believed: Instance, real: Instance, news: Sequence[News], shift: int) -> tuple[Instance, Instance, list[str]]:
    """Return both states with news carried out; what does not fit any more is said and left out."""
    heard = list[str]()
    for one in news:
        try:
            believed, real = with_news(believed, [one], shift), with_news(real, [one], shift)
        except InstanceError as error:
            heard.append(f"row {one.line}: {one}: left out, it does not fit any more ({error.problems[0].found})")
        else:
            heard.append(f"row {one.line}: {one}")
    return believed, real, heard
