"""The plan that coalitions come to by trade at posted prices.

Roles are agreed beforehand, as in the plan of the core for everybody. Then coalitions trade
(`coordination.planning.networked.rounds`, or `consensus`); run to the end they meet the least cost with these roles,
stopped after `policy.price_rounds` they carry out what was cleared by then, which keeps every rule.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from coordination.errors import UsageError
from coordination.planning.choices import chosen
from coordination.planning.decision import written
from coordination.planning.guessing import trades
from coordination.planning.networked.assembling import assemble
from coordination.planning.networked.coalitions import coalitions_of
from coordination.planning.networked.market import open_market
from coordination.planning.networked.ways import WAYS
from coordination.wording import counted

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from coordination.instance import Instance
    from coordination.planning.answer import Answer
    from coordination.planning.session import Session
    from coordination.plans import Plan

PRICES = "Prices and reasons are missing: coalitions decided, not the model that they are read from."
ROUTES = "There are more routes than could be counted: the bound of the rounds is that of the routes in the programs."
END_GAP = 0.5
"""Share of the requested gap at which trade ends by itself."""


def what_coalitions_lack(instance: Instance) -> list[str]:
    """Return the tables and keys with rules that nothing says how coalitions keep."""
    policy, alone = instance.policy, not trades(instance.policy)
    tables = ("depends", "pins", "held", "damage", *(("mandates", "conflicts") if alone else ()))
    found = [f"{name} ({counted(len(instance.tables[name]), 'row')})" for name in tables if len(instance.tables[name])]
    keys = ("handover_cost", "escalation_delay", "max_gini", "max_ratio", *(("span",) if alone else ()))
    found += [f"policy.{name}" for name in keys if getattr(policy, name) is not None]
    found += ["policy.objective"] if policy.objective != "social_cost" else []
    found += ["policy.rationing"] if policy.rationing != "social_cost" else []
    found += ["policy.load"] if policy.load != "social_cost" else []
    return found


def refuse_what_coalitions_lack(instance: Instance) -> None:
    """Refuse rules that nothing says how coalitions keep.

    Raises
    ------
    UsageError
        It names tables and keys.
    """
    found = what_coalitions_lack(instance)
    if found:
        raise UsageError(
            f"{instance.name}: governance {instance.policy.governance} with {', '.join(found)} found; how coalitions "
            "keep these rules, nothing says yet. Leave them out, or plan with governance centralised."
        )


def plan_networked(session: Session, answer: Answer, executor: Executor | None) -> Plan:
    """Return the plan that coalitions come to by trade, roles as in an answer for everybody.

    Parameters
    ----------
    session : Session
        The run of planning.
    answer : Answer
        Whose roles are agreed, and whose bound holds for every plan.
    executor : concurrent.futures.Executor or None
        Who answers for coalitions.
    """
    model, values, clock = answer.model, answer.values, session.clock
    if answer.program is not None:
        answer.program.close()
    instance = model.case.instance
    policy, names = instance.policy, coalitions_of(instance, instance.policy.coalitions)
    with clock.stage("open"):
        market = open_market(model, values, names)
    try:
        with clock.stage("trade"):
            traded = WAYS[policy.decomposition](
                market.coalitions, market.clearing, market.constant, market.messages, rounds=policy.price_rounds,
                gap=END_GAP * session.options.gap, executor=executor, over=clock.over,
            )  # fmt: skip
    finally:
        market.clearing.close()
    with clock.stage("decide"):
        decided = assemble(model, values, market.coalitions, traded.done)
    last, objective = traded.rounds[-1], decided.objective
    proven = last.bound if np.isfinite(last.bound) else None
    notes = [*answer.notes, PRICES, *([] if market.complete else [ROUTES])]
    parts = int(market.clearing.parts_before[-1])
    sizes = {
        "coalitions": len(names), "parts": parts, "price_rounds": last.number,
        "shared_rows": market.clearing.form.rows - parts, "way": "networked",
    }  # fmt: skip
    plan = written(
        decided, session.options, clock, answer.bound, notes, sizes, {"messages": market.messages.table()}, None, None,
        chosen(session.solved),
    )  # fmt: skip
    record = {
        "by": policy.coalitions, "decomposition": policy.decomposition, "coalitions": [name for name, _ in names],
        "rounds": [
            {"round": one.number, "value": one.value, "bound": one.bound if np.isfinite(one.bound) else None,
             "offers": one.offers} for one in traded.rounds
        ],
        "bound": None if proven is None else min(proven, objective),
        "gap": None if proven is None else max(0.0, objective - proven) / max(1e-10, abs(objective)),
    }  # fmt: skip
    return dataclasses.replace(plan, networked=record)
