"""What is refused before anything is built: scenarios that are none, rules that a preparation does not keep, floors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.errors import InstanceError, Problem, UsageError
from coordination.solver import SolverOptions, solve
from coordination.status import Status
from coordination.twostage.program import PROBABILITY_TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from coordination.instance import Instance
    from coordination.preparation.first_stage import FirstStage

NOTHING = "none"
"""Hazard of scenarios in which nothing happens: they need no effect."""

SHORT = 1e-6
"""Units missing to a floor that are numerical noise."""

TIGHT = SolverOptions(gap=1e-9)


def refuse_what_is_not_kept(instance: Instance) -> None:
    """Refuse rules and tables that a preparation does not carry out yet.

    Raises
    ------
    UsageError
        It names them.
    """
    policy = instance.policy
    asked = {
        f"policy.objective {policy.objective}": policy.objective != "social_cost",
        f"policy.rationing {policy.rationing}": policy.rationing != "social_cost",
        "policy.max_gini": policy.max_gini is not None,
        "policy.max_ratio": policy.max_ratio is not None,
        "table pins": len(instance.pins) > 0,
        "table held": len(instance.held) > 0,
        "commodities.service": bool(instance.commodities["service"].any()),
        **{
            f"table forecasts beside table {name}": len(instance.forecasts) > 0 and len(instance.given(name)) > 0
            for name in ("assurances", "losses", "rotation")
        },
    }
    found = [name for name, there in asked.items() if there]
    if found:
        raise UsageError(f"a preparation minimises the social cost and does not keep {', '.join(found)} yet")


def check_scenarios(instance: Instance) -> None:
    """Refuse probabilities that do not sum to one, scenarios that do nothing, uses and periods not carried out.

    Raises
    ------
    InstanceError
        With every problem.
    """
    problems = [*_of_scenarios(instance), *_of_options(instance.options), *_of_floors(instance.floors)]
    if problems:
        raise InstanceError(problems)


def _of_scenarios(instance: Instance) -> list[Problem]:
    scenarios = instance.scenarios
    if scenarios.empty:
        return []
    total, problems = float(scenarios["probability"].sum()), []
    if not math.isclose(total, 1.0, abs_tol=PROBABILITY_TOLERANCE):
        advice = f"Over all {len(scenarios)} scenarios; that nothing happens is one of them, of hazard {NOTHING}."
        problems.append(Problem("scenarios", None, "probability", f"a sum of {total:.9g}", "a sum of 1", advice))
    acting = set(instance.effects["scenario"])
    pairs = zip(scenarios["scenario"].tolist(), scenarios["hazard"].tolist(), strict=True)
    for row, (name, hazard) in enumerate(pairs, start=2):
        if name not in acting and hazard != NOTHING:
            advice = f"Add what it does; where nothing happens, the hazard is {NOTHING}."
            found = f"{name!r} without any effect"
            problems.append(Problem("scenarios", row, "scenario", found, "a row in effects", advice))
    return problems


def _of_options(options: pd.DataFrame) -> list[Problem]:
    return [
        Problem(
            "options", row + 2, "use", repr(use), "depot", "Nothing carries out emergency uses in a preparation yet."
        )
        for row, use in enumerate(options["use"].tolist())
        if use != "depot"
    ]


def _of_floors(floors: pd.DataFrame) -> list[Problem]:
    return [
        Problem(
            "floors", row + 2, "period", f"{period:g}", "nothing, or 0",
            "A preparation keeps reserves before period 0; nothing carries out later floors yet.",
        )
        for row, period in enumerate(floors["period"].astype(float).tolist())
        if period > 0
    ]  # fmt: skip


def check_floors(first: FirstStage) -> None:
    """Refuse hard floors that the budget, or anything that may be done, cannot meet.

    Raises
    ------
    InstanceError
        It says by how much, and which floors.
    """
    floors = first.floors
    hard = [(row, floor) for row, floor in enumerate(floors.to_dict("records")) if not floor["price"] >= 0]
    if not hard:
        return
    needed = _least_money(first)
    budget = first.instance.policy.budget
    if needed is not None and (budget is None or needed <= budget + 1e-6 * max(1.0, abs(budget))):
        return
    asked = "; ".join(f"{_said(floor)} (row {row + 2})" for row, floor in hard)
    if needed is None:
        short = "; ".join(_short(first))
        raise InstanceError(
            [Problem("floors", None, "quantity", f"floors that cannot be met: {short}", "floors that purchases, moves"
                     " and room can meet", f"The hard floors are: {asked}. Give a price, or allow more.")]
        )  # fmt: skip
    assert budget is not None
    raise InstanceError(
        [Problem("policy", None, "budget", f"{budget:g}", f"at least {needed:.10g}, the least money that meets the"
                 " hard floors", f"{needed - budget:.10g} is missing. The floors are: {asked}.")]
    )  # fmt: skip


def _least_money(first: FirstStage) -> float | None:
    """Return the least money that meets all hard floors; None where nothing does."""
    solution = solve(first.compile(budget=False, only_money=True), options=TIGHT)
    return solution.objective if solution.status is Status.OPTIMAL else None


def _short(first: FirstStage) -> list[str]:
    """Return what is missing to floors when as little as possible is."""
    from dataclasses import replace

    form = first.compile(budget=False, only_money=True)
    lacking = form.variables["lacking"].slice
    ub, c = form.ub.copy(), np.zeros_like(form.c)
    ub[lacking], c[lacking] = np.inf, 1.0
    solution = solve(replace(form, ub=ub, c=c), options=TIGHT)
    if solution.x is None:
        return ["nothing meets the room that there is"]
    pairs = zip(solution.x[lacking].tolist(), first.floors.to_dict("records"), strict=True)
    return [f"{missing:.6g} to {_said(floor)}" for missing, floor in pairs if missing > SHORT]


def _said(floor: Mapping[Any, Any]) -> str:
    where = next(f"{name} {floor[name]}" for name in ("place", "zone", "owner") if isinstance(floor[name], str))
    return f"{floor['quantity']:g} of {floor['commodity']}, {where}"
