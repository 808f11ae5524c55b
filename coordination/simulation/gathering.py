"""A simulation as one plan: what was really sent, served and covered over the whole horizon."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import pandas as pd

from coordination.simulation.going_on import PERIODS, shifted
from coordination.verification.case import Case as Written
from coordination.verification.worst_off import unserved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coordination.instance import Instance
    from coordination.plans import Plan
    from coordination.simulation.playing import Step

ROLE = ["task", "party", "role"]


def gathered(steps: Sequence[Step], world: Instance) -> Plan:
    """Return what came of all steps as a plan of the world in which they were played.

    Parameters
    ----------
    steps : sequence of Step
        They fill the horizon.
    world : Instance
        What was true at the beginning. News from outside is not in it: with such, terms are those of what was true
        when.

    Returns
    -------
    Plan
        Feasible. `coordination.verify` holds it to the world: it may break what only plans can keep (least shares of
        doers who did not show up), nothing of goods, roads and vehicles.
    """
    tables = {name: _joined(steps, name) for name in PERIODS}
    tables["responsibilities"] = _joined_roles(tables["responsibilities"])
    once = tables["gaps"]["period"].isna()
    gaps = tables["gaps"]
    tables["gaps"] = pd.concat([gaps[~once], gaps[once].drop_duplicates(["task", "kind", "what"], keep="last")])
    terms = {name: math.fsum(step.done.terms[name] for step in steps) for name in steps[0].done.terms}
    made = dataclasses.replace(
        steps[0].done,
        instance=world,
        sha256=world.sha256,
        options={**steps[0].done.options, "scenario": world.scenario},
        tables=tables,
    )
    if world.policy.worst_off > 0:
        terms["worst_off"] = world.policy.worst_off * unserved(Written(made, made.tables))
    return dataclasses.replace(made, terms=terms, objective=math.fsum(terms.values()))


def _joined(steps: Sequence[Step], name: str) -> pd.DataFrame:
    parts = []
    for step in steps:
        table = step.done.tables[name]
        if name == "responsibilities":
            table = table[table["start"] < step.periods]
            table = table.assign(end=table["end"].clip(upper=step.periods - 1))
        elif name in ("modes", "facilities"):
            table = table[table["period"] < step.periods]
        elif name == "gaps":
            tasks = step.done.instance.tasks.set_index("task")["end"]
            over = table["task"].map(tasks) < step.periods
            table = table[table["period"].notna() | over]
        parts.append(shifted(table, name, step.start))
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _joined_roles(rows: pd.DataFrame) -> pd.DataFrame:
    """Return roles with stretches that follow on each other, of the same hours, in one row."""
    rows = rows.sort_values([*ROLE, "start"], ignore_index=True)
    hours = rows["hours"].fillna(-1.0)
    same = (rows[ROLE] == rows[ROLE].shift()).all(axis=1) & (rows["start"] == rows["end"].shift() + 1)
    run = (~(same & (hours == hours.shift()))).cumsum()
    parts = rows.groupby(run)
    return parts.first().assign(end=parts["end"].last(), hours=parts["hours"].first())[list(rows.columns)]
