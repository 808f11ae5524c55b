"""Roles after some periods: tasks that have ended, those under way with what is held of them, those to come."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from coordination.instance import Instance
    from coordination.plans import Plan

ROLES = ("accountable", "responsible", "backup")
ACTING = ("accountable", "responsible")
DUST = 1e-9


@dataclass(frozen=True)
class Duties:
    """The tasks of an instance, some periods of a plan carried out.

    Attributes
    ----------
    plan : Plan
        What was carried out.
    periods : int
        Periods carried out.
    """

    plan: Plan
    periods: int

    @property
    def instance(self) -> Instance:
        """The instance that the plan answers."""
        return self.plan.instance

    @cached_property
    def ended(self) -> set[str]:
        """Tasks whose window is over."""
        tasks = self.instance.tasks
        return set(tasks.loc[tasks["end"] < self.periods, "task"])

    @cached_property
    def under_way(self) -> set[str]:
        """Tasks whose window has begun and is not over."""
        tasks = self.instance.tasks
        return set(tasks.loc[(tasks["start"] < self.periods) & (tasks["end"] >= self.periods), "task"])

    @cached_property
    def before(self) -> dict[tuple[str, str], tuple[int, float]]:
        """Periods and hours that were held already: by id and role."""
        rows = self.instance.held
        rows = rows[rows["table"] == "tasks"]
        ids, modes = rows["id"].tolist(), rows["mode"].tolist()
        amounts = zip(rows["periods"].tolist(), rows["hours"].fillna(0.0).tolist(), strict=True)
        return dict(zip(zip(ids, modes, strict=True), amounts, strict=True))

    @cached_property
    def done(self) -> pd.DataFrame:
        """Roles carried out: ``task``, ``party``, ``role``, ``hours`` (covered in these periods)."""
        rows = self.plan.responsibilities
        rows = rows[rows["role"].isin(ROLES) & rows["task"].isin(self.ended | self.under_way)]
        last = np.minimum(rows["end"].to_numpy(), self.periods - 1)
        length = np.maximum(last - rows["start"].to_numpy() + 1, 0)
        rows = rows.assign(hours=rows["hours"].fillna(0.0) * length)
        return rows.groupby(["task", "party", "role"], as_index=False)[["hours"]].sum()

    def held(self) -> list[dict[str, Any]]:
        """Return roles under way, and those of ended tasks that still count, as rows of ``held``."""
        span = self.instance.policy.span is not None
        start = self.instance.tasks.set_index("task")["start"]
        rows = [
            _row(key, mode, periods, None)
            for (key, mode), (periods, _) in self.before.items()
            if span and mode == "accountable" and key.split(";")[0] not in start.index
        ]
        for task, party, role, hours in self.done.itertuples(index=False, name=None):
            periods, covered = self.before.get((f"{task};{party}", role), (0, 0.0))
            periods += self.periods - int(start[task])
            if task in self.under_way:
                known = covered + hours if role == "responsible" else None
                rows.append(_row(f"{task};{party}", role, periods, known))
            elif span and role == "accountable":
                rows.append(_row(f"{task};{party}", role, periods, None))
        rows += [_row(key, mode, 0, None) for key, mode in self.before if mode == "barred" and key not in self.ended]
        known_barred = {row["id"] for row in rows if row["mode"] == "barred"}
        return rows + [_row(task, "barred", 0, None) for task in sorted(self.barred - known_barred)]

    @cached_property
    def barred(self) -> set[str]:
        """Tasks that wait for one that has ended without enough hours."""
        depends, tasks = self.instance.depends, self.instance.tasks.set_index("task")
        share, found = self.instance.policy.depends_share, set()
        for task, on in depends[["task", "on"]].itertuples(index=False, name=None):
            if on in self.ended and task not in self.ended:
                mine = {key: value for key, value in self.before.items() if key[0].split(";")[0] == on}
                passed = max((periods for periods, _ in mine.values()), default=0)
                covered = sum(hours for _, hours in mine.values())
                covered += float(self.done.loc[self.done["task"] == on, "hours"].sum())
                window = passed + int(tasks["end"][on]) - int(tasks["start"][on]) + 1
                asked = share * float(tasks["hours"][on]) * window
                if covered < asked - DUST * max(1.0, asked):
                    found.add(str(task))
        return found

    def tables(self) -> dict[str, Any]:
        """Return the tables of tasks, and of what is said of them, without tasks that have ended."""
        given = {name: self.instance.given(name) for name in ("tasks", "efforts", "depends", "conflicts", "mandates")}
        pins = self.instance.given("pins")
        # What changes cost was paid where it was decided.
        given["pins"] = pins[pins["price"].isna()]
        tasks = given["tasks"][~given["tasks"]["task"].isin(self.ended)].copy()
        tasks["start"] = (tasks["start"] - self.periods).clip(lower=0)
        tasks["end"] = tasks["end"] - self.periods
        depends, conflicts, mandates = given["depends"], given["conflicts"], given["mandates"]
        gone = {name: depends[name].isin(self.ended) for name in ("task", "on")}
        apart = conflicts["task"].isin(self.ended) | conflicts["other"].isin(self.ended)
        bars = pd.DataFrame(self._bars(), columns=mandates.columns).astype(object)
        kept = mandates[~mandates["task"].isin(self.ended)].astype(object)
        return {
            "tasks": tasks,
            "efforts": given["efforts"][~given["efforts"]["task"].isin(self.ended)],
            "depends": depends[~(gone["task"] | gone["on"])],
            "conflicts": conflicts[~apart],
            "mandates": pd.concat([kept, bars], ignore_index=True),
            "pins": given["pins"][[not self._speaks_of_ended(str(where)) for where in given["pins"]["where"]]],
        }

    def _speaks_of_ended(self, where: str) -> bool:
        parts = [part.partition("=") for part in where.split(";")]
        return any(name.strip() == "task" and value.strip() in self.ended for name, _, value in parts)

    def _bars(self) -> list[dict[str, Any]]:
        """Return bans for tasks to come that must stay apart from one that has ended."""
        rows: dict[tuple[str, str, str], dict[str, Any]] = {}
        acting = self.done[self.done["role"].isin(ACTING)].groupby("task")["party"].agg(set).to_dict()
        for one, two, chain in self.instance.conflicts[["task", "other", "chain"]].itertuples(index=False, name=None):
            for over, other in ((one, two), (two, one)):
                if over not in self.ended or other in self.ended or other in self.under_way:
                    continue
                for party in sorted(self._related(acting.get(over, set()), bool(chain))):
                    for role in ACTING:
                        source = f"conflict with {over}, which has ended"
                        rows[other, party, role] = {
                            "task": other, "party": party, "role": role, "rule": "must_not", "source": source,
                        }  # fmt: skip
        return list(rows.values())

    def _related(self, parties: set[str], chain: bool) -> set[str]:
        """Return parties, with chain also all above and below them."""
        if not chain:
            return parties
        above = self._superiors
        return {
            other
            for other in above
            for party in parties
            if other == party or other in above[party] or party in above[other]
        }

    @cached_property
    def _superiors(self) -> dict[str, set[str]]:
        """All superiors of each party."""
        parties = self.instance.parties
        superior = dict(zip(parties["party"], parties["superior"].astype(object), strict=True))
        chains: dict[str, set[str]] = {}
        for party, first in superior.items():
            found, up = set[str](), first
            while isinstance(up, str):
                found.add(up)
                up = superior[up]
            chains[str(party)] = found
        return chains


def _row(key: str, mode: str, periods: int, hours: float | None) -> dict[str, Any]:
    return {"table": "tasks", "id": key, "mode": mode, "periods": periods, "hours": hours}
