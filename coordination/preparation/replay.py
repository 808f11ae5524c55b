"""The first stage replayed: full plans of some scenarios after it, whole roles included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coordination.errors import UsageError
from coordination.instance.names import nearest
from coordination.planning import plan
from coordination.plans.prepared import prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from coordination.instance import Instance
    from coordination.planning.options import PlanOptions
    from coordination.plans import Plan


def scenarios_to_replay(costs: pd.DataFrame, count: int, keep: Sequence[str]) -> list[str]:
    """Return which scenarios to plan: those to keep, and the likeliest until there are so many.

    Parameters
    ----------
    costs : DataFrame
        ``scenario``, ``probability``.
    count : int
        How many at least, if there are so many.
    keep : sequence of str
        Those that are wanted by name.

    Raises
    ------
    UsageError
        If one of them is no scenario.
    """
    known = costs["scenario"].tolist()
    for name in keep:
        if name not in known:
            raise UsageError(f"{name!r} is no scenario to keep a plan of. {nearest(name, known)}".strip())
    likely = costs.sort_values("probability", ascending=False, kind="stable")["scenario"].tolist()
    more = [name for name in likely if name not in keep]
    return [*dict.fromkeys(keep), *more[: max(0, count - len(keep))]]


def replayed(
    instance: Instance, table: pd.DataFrame, costs: pd.DataFrame, names: Sequence[str], options: PlanOptions
) -> tuple[list[dict[str, Any]], dict[str, Plan]]:
    """Return what full plans of scenarios cost beside the response in shares, and these plans.

    Parameters
    ----------
    instance : Instance
        Before the first stage.
    table : DataFrame
        The first stage.
    costs : DataFrame
        ``scenario``, ``cost``.
    names : sequence of str
        Scenarios; one that the instance does not have is the instance as it is.
    options : PlanOptions
        Gap, threads, seed and time limit of each plan.
    """
    after, known = prepared(instance, table), set(instance.scenarios["scenario"])
    response = dict(zip(costs["scenario"], costs["cost"].astype(float), strict=True))
    rows, plans = [], {}
    for name in names:
        found = plan(
            after, scenario=name if name in known else None, gap=options.gap, time_limit=options.time_limit,
            threads=options.threads, seed=options.seed,
        )  # fmt: skip
        plans[name] = found
        if found.objective is not None:
            more = found.objective - response[name]
            rows.append({"scenario": name, "response": response[name], "plan": found.objective, "difference": more})
    return rows, plans
