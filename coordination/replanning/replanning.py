"""Plan anew: carry out some periods, hear the news, plan the rest, say what changes."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coordination.errors import UsageError
from coordination.planning import plan as plan_instance
from coordination.planning.recovery import refuse_damage
from coordination.plans import Plan
from coordination.replanning.changes import changes_table
from coordination.replanning.choosing import with_chosen
from coordination.replanning.executed import executed_terms
from coordination.replanning.keeping import keepable
from coordination.replanning.news import told, with_news
from coordination.replanning.reading import read_events
from coordination.replanning.state import state_after
from coordination.replanning.unchanged import keeping_cost

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from coordination.replanning.news import News

    Events = str | Path | pd.DataFrame | Sequence[Mapping[str, Any]]


def replan(
    plan: Plan | str | Path,
    events: Events | None = None,
    *,
    after: int | None = None,
    gap: float = 1e-4,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int = 0,
    on_progress: Callable[[Any], None] | None = None,
    instead: Callable[[Plan], Plan] | None = None,
) -> Plan:
    """Plan the rest of the horizon anew, from where a plan stands and with the news known by then.

    The state after some periods of the plan is an ordinary instance (`state_after`); news is carried out on its tables;
    that instance is planned. Roles of tasks under way stay, as they are chosen once for the whole window; where news
    leaves somebody unable to go on, the roles of that task are chosen anew. With ``policy.change_cost`` what is to be
    done otherwise than chosen costs (term ``change``), so that the new plan differs only where that pays.

    Parameters
    ----------
    plan : Plan, str or Path
        A plan, or its folder; a plan made anew, too.
    events : path, DataFrame or sequence of mapping, optional
        News beside that in the instance's table ``events``, in the periods of `plan`: columns period (known from),
        table, action (add, change, remove), where, column, value.
    after : int, optional
        Periods that are carried out. By default the last period from which any of `events` is known.
    gap, time_limit, threads, seed, on_progress
        As for `coordination.plan`.
    instead : callable, optional
        Takes the plan of the rest, made as a whole, and returns the one to take instead, such as one made in windows
        (`coordination.simulation.in_windows`).

    Returns
    -------
    Plan
        Of the rest, its periods counted from 0. ``changes`` says what it decides otherwise, why, and what it saves;
        ``replanned`` what was carried out and what all of it costs.

    Raises
    ------
    InstanceError
        Some news does not fit; all that is wrong is listed, and nothing has changed.
    PlanError
        There is no plan to carry out.
    UsageError
        An option is out of its range.
    """
    before = plan if isinstance(plan, Plan) else Plan.load(Path(plan))
    refuse_damage(before.instance, "Planning anew")
    rows = read_events(before.instance, events)
    periods = _periods(before, rows, after, given=events is not None)
    state = state_after(before, periods)
    news = told(rows[rows["period"] <= periods]) if len(rows) else ()
    later = rows[rows["period"] > periods]
    # What is known is carried out; what comes to be known later stays in the table.
    state = state.replace(events=later.assign(period=later["period"] - periods))
    state = with_news(state, news, periods)
    state, released = keepable(state)
    state = with_chosen(state, before, periods)
    options: dict[str, Any] = {"gap": gap, "threads": threads, "seed": seed}
    made = plan_instance(state, time_limit=time_limit, on_progress=on_progress, **options)
    made = made if instead is None else instead(made)
    changes = changes_table(before, made, periods, news, released, options)
    origin = _replanned(before, made, periods, news, released)
    origin["keeping"] = keeping_cost(before, made, periods, options) if len(changes) else made.objective
    return dataclasses.replace(made, tables={**made.tables, "changes": changes}, replanned=origin)


def _periods(before: Plan, rows: pd.DataFrame, after: int | None, *, given: bool) -> int:
    """Return how many periods are carried out."""
    if after is not None:
        return after
    if not given or rows.empty:
        raise UsageError(
            "after: nothing found; expected how many periods are carried out, or events that say since when"
        )
    return int(rows["period"].max())


def _replanned(before: Plan, made: Plan, periods: int, news: Sequence[News], released: Sequence[str]) -> dict[str, Any]:
    """Return where a plan made anew comes from, as `coordination.plans.header.PlanReplanned` says."""
    earlier = 0.0 if before.replanned is None else float(before.replanned["executed"])
    executed = earlier + math.fsum(executed_terms(before, periods).values())
    assert before.objective is not None
    return {
        "after": periods,
        "before": earlier + before.objective,
        "executed": executed,
        "total": None if made.objective is None else executed + made.objective,
        "news": [f"row {one.line}: {one}" for one in news],
        "released": list(released),
        "keeping": None,
    }
