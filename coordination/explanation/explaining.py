"""Explain one thing of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coordination.errors import UsageError
from coordination.explanation import strings
from coordination.explanation.asking import Asker
from coordination.explanation.parties import explain_party
from coordination.explanation.places import explain_place
from coordination.explanation.tasks import explain_task
from coordination.explanation.telling import Teller
from coordination.instance.names import nearest
from coordination.plans import Plan
from coordination.wording import listed

if TYPE_CHECKING:
    from coordination.explanation.explanation import Explanation

ABOUT = {"task": ("tasks", explain_task), "place": ("places", explain_place), "party": ("parties", explain_party)}
"""What can be explained: the instance table that has its ids, and by whom."""


def explain(
    plan: Plan | str | Path,
    *,
    task: str | None = None,
    place: str | None = None,
    party: str | None = None,
    gap: float = 1e-6,
    time_limit: float | None = None,
    threads: int | None = None,
) -> Explanation:
    """Explain a task, a place or a party: why the plan is as it is there, with what else would cost.

    Every number that a change would cost is confirmed: for a task or a party the instance is planned again with that
    change; for a place the LP with the plan's roles is solved again with more of one limit.

    Parameters
    ----------
    plan : Plan, str or Path
        A plan, or the folder of one; found by solving.
    task : str, optional
        Id of a task.
    place : str, optional
        Id of a place.
    party : str, optional
        Id of a party; exactly one of these is given.
    gap : float
        Requested gap of the plans made anew, relative to the social cost.
    time_limit : float, optional
        Seconds for all of them together; what found no time says so.
    threads : int, optional
        Threads of the solver; all cores by default.

    Returns
    -------
    Explanation
        Sentences, and each change tried with what it costs and how far that is proven.

    Raises
    ------
    UsageError
        Nothing or something unknown is asked for (the nearest known is named), an option is out of its range, or the
        plan is not one that can be asked: infeasible, by the field rule, for a task or party of a case too large to be
        solved whole, for a place by rules on fairness or order.
    PlanError
        The folder is no plan folder, or damaged.
    """
    asked = {about: found for about, found in (("task", task), ("place", place), ("party", party)) if found is not None}
    if len(asked) != 1:
        raise UsageError(strings.ONE_OF.format(found=listed(list(asked)) or "none"))
    about, found = next(iter(asked.items()))
    read = plan if isinstance(plan, Plan) else Plan.load(plan)
    table, explainer = ABOUT[about]
    known = read.instance.tables[table][about].tolist()
    if found not in known:
        raise UsageError(strings.UNKNOWN.format(about=about, found=found, advice=nearest(found, known)))
    teller = Teller(Asker(read, gap, time_limit, threads))
    return explainer(teller, found)
