"""Why a task is held by whom it is, what others would cost instead, and why hours, backups or kinds are missing.

"Instead" means: the holder may not hold the role, the other must, all else is planned anew, so that the least social
cost with exactly that change is told. "Too" means: the other must hold the role, where there is room for more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from coordination.explanation import strings
from coordination.explanation.changes import Change, Hold
from coordination.explanation.explanation import Explanation, Finding
from coordination.explanation.loads import Loads
from coordination.explanation.missing import why_missing
from coordination.instance.titles import labels
from coordination.wording import amount, listed, periods

if TYPE_CHECKING:
    from coordination.explanation.telling import Teller

HELD = ("accountable", "responsible", "backup")
"""Roles that cost or count, in the order told."""


def explain_task(teller: Teller, task: str) -> Explanation:
    """Return why a task is held by whom it is.

    Parameters
    ----------
    teller : Teller
        Asks and says.
    task : str
        Id of a task of the instance.
    """
    subject = Subject(teller, Loads.of(teller.plan), task)
    teller.asker.look_around(subject.loads, {task}, {party for role in HELD for party in subject.able(role)})
    told: list[str | Finding] = [subject.line()]
    for role in HELD:
        told += subject.role(role)
    told += why_missing(subject)
    lines = [*teller.head(), *(one.sentence if isinstance(one, Finding) else one for one in told)]
    return Explanation("task", task, tuple(lines), tuple(one for one in told if isinstance(one, Finding)))


@dataclass(frozen=True)
class Subject:
    """One task of a plan.

    Attributes
    ----------
    teller : Teller
        Asks and says.
    loads : Loads
        Roles and hours of the plan.
    id : str
        The task.
    """

    teller: Teller
    loads: Loads
    id: str

    @property
    def task(self) -> pd.Series:
        """The task's row of the instance."""
        tasks = self.teller.plan.instance.tasks
        return tasks[tasks["task"] == self.id].iloc[0]

    @property
    def pairs(self) -> pd.DataFrame:
        """Pairs of the task with parties that have the skill there."""
        return self.loads.pairs[self.loads.pairs["task_id"] == self.id]

    def holders(self, role: str) -> list[str]:
        """Return who holds a role."""
        rows = self.teller.plan.responsibilities
        return sorted(set(rows.loc[(rows["task"] == self.id) & (rows["role"] == role), "party"]))

    def able(self, role: str) -> list[str]:
        """Return who could hold a role: able, and not barred."""
        if role == "accountable":
            pairs = self.loads.named(self.loads.roles.accountable)
            return sorted(pairs.loc[pairs["task_id"] == self.id, "party_id"])
        pairs = self.pairs
        keep = pairs["may_do"] & pairs["able"] if role == "responsible" else pairs["may_stand_by"]
        return sorted(pairs.loc[keep, "party_id"])

    def room(self, role: str) -> int:
        """Return how many more may hold a role."""
        column = {"accountable": None, "responsible": "doers", "backup": "backups"}[role]
        return 0 if column is None else max(0, int(self.task[column]) - len(self.holders(role)))

    def line(self) -> str:
        """Return what the task is."""
        task, instance = self.task, self.teller.plan.instance
        return strings.TASK.format(
            task=labels(instance.tasks, "task")[self.id], domain=task["domain"],
            zone=labels(instance.zones, "zone")[task["zone"]], hours=amount(float(task["hours"])), skill=task["skill"],
            periods=periods(range(int(task["start"]), int(task["end"]) + 1)),
            gap_cost=self.teller.money(float(task["gap_cost"])),
        )  # fmt: skip

    def role(self, role: str) -> list[str | Finding]:
        """Return who holds a role and what others would cost."""
        holders = self.holders(role)
        others = [party for party in self.able(role) if party not in holders]
        told: list[str | Finding] = []
        for holder in holders:
            told.append(getattr(self, f"_{role}")(holder))
            told += [self._instead(role, holder, other) for other in others]
            if role != "accountable":
                told.append(self._without(role, holder))
            if not others:
                told.append(strings.ALONE.format(why=strings.ALONE_WHY[role]))
        return told + self._joining(role, holders, others)

    def _joining(self, role: str, holders: list[str], others: list[str]) -> list[str | Finding]:
        """Return what it would cost if those joined for whom there is room."""
        if not self.room(role):
            return []
        line = strings.FREE[role].format(free=self.room(role)) if holders else strings.NOBODY[role]
        if not others:
            return [line.format(wanted=self.room(role)), strings.ALONE.format(why=strings.ALONE_WHY[role])]
        joining = [
            self._finding(Change(ordered=(Hold(self.id, role, other),)), strings.JOINING, "joining", role, other)
            for other in others
        ]
        return [line.format(wanted=self.room(role)), *joining]

    def _instead(self, role: str, holder: str, other: str) -> Finding:
        change = Change(ordered=(Hold(self.id, role, other),), barred=(Hold(self.id, role, holder),))
        return self._finding(change, strings.INSTEAD, "instead", role, other, holder)

    def _without(self, role: str, holder: str) -> Finding:
        return self._finding(
            Change(barred=(Hold(self.id, role, holder),)), strings.WITHOUT, "without", role, "", holder
        )

    def _finding(self, change: Change, text: str, what: str, role: str, party: str, holder: str = "") -> Finding:
        words = {"party": self.teller.parties[party]} if party else {}
        return self.teller.finding(change, text, what, words, task=self.id, role=role, party=party, holder=holder)

    def _accountable(self, party: str) -> str:
        pairs = self.loads.named(self.loads.roles.accountable)
        cost = float(pairs.loc[(pairs["task_id"] == self.id) & (pairs["party_id"] == party), "cost"].sum())
        return strings.ACCOUNTABLE.format(party=self.teller.parties[party], cost=self.teller.money(cost))

    def _responsible(self, party: str) -> str:
        pair, money = self.pair(party), self.teller.money
        work = self.loads.work
        rows = work[(work["task_id"] == self.id) & (work["party_id"] == party) & (work["role"] == "responsible")]
        covered = float(rows["covered"].sum())
        # Where doers come and go, each period as one stands in a row, and effort is for these.
        share = len(rows) / float(pair["length"]) if pair["by_period"] else 1.0
        paid = covered * float(pair["pay"]) + share * float(pair["effort"])
        interest = -covered * float(pair["benefit"])
        return strings.RESPONSIBLE.format(
            party=self.teller.parties[party], covered=amount(covered), asked=amount(pair["hours"] * pair["length"]),
            cost=money(paid + interest), work=money(paid), interest=money(interest), load=self._load(pair),
        )  # fmt: skip

    def _backup(self, party: str) -> str:
        pair, share = self.pair(party), self.teller.plan.instance.policy.backup_reserve
        reserve = amount(share * float(pair["factor"]) * float(pair["hours"]))
        return strings.BACKUP.format(party=self.teller.parties[party], reserve=reserve, load=self._load(pair))

    def _load(self, pair: pd.Series) -> str:
        taken, hours = self.loads.busiest(pair)
        text = strings.UNLIMITED if hours == float("inf") else strings.LOAD
        return text.format(taken=amount(taken), hours=amount(hours))

    def pair(self, party: str) -> pd.Series:
        """Return the pair of the task with a party."""
        return self.pairs[self.pairs["party_id"] == party].iloc[0]

    def names(self, parties: list[str]) -> str:
        """Return parties by name, all of them."""
        return listed([self.teller.parties[party] for party in parties], most=len(parties))
