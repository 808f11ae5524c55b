"""What a party does, how full its hours are, what one more would save, and what breaks if it does not show up.

"Does not show up" is an ordinary instance (`coordination.explanation.changes`), planned anew: what is told is the best
that the others can do, not what happens if nobody reacts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coordination.explanation import strings
from coordination.explanation.changes import BARRED_WHEN_ABSENT, Change
from coordination.explanation.explanation import Explanation, Finding
from coordination.explanation.loads import Loads
from coordination.instance.titles import labels
from coordination.metrics import hours_covered, need_met
from coordination.wording import amount, listed, percent, periods

if TYPE_CHECKING:
    import pandas as pd

    from coordination.explanation.telling import Teller
    from coordination.plans import Plan

MOST_TASKS = 10
"""Tasks named one by one in what breaks."""
LEAST_LOST = 1e-6
"""Hours lost below this are none."""


def explain_party(teller: Teller, party: str) -> Explanation:
    """Return what a party does and what depends on it.

    Parameters
    ----------
    teller : Teller
        Asks and says.
    party : str
        Id of a party of the instance.
    """
    subject = Member(teller, Loads.of(teller.plan), party)
    teller.asker.look_around(subject.loads, subject.own(), {party})
    told: list[str | Finding] = [
        *subject.does(),
        *subject.brings(),
        *subject.load(),
        *subject.hour(),
        *subject.absent(),
    ]
    lines = [*teller.head(), *(one.sentence if isinstance(one, Finding) else one for one in told)]
    return Explanation("party", party, tuple(lines), tuple(one for one in told if isinstance(one, Finding)))


@dataclass(frozen=True)
class Member:
    """One party of a plan.

    Attributes
    ----------
    teller : Teller
        Asks and says.
    loads : Loads
        Roles and hours of the plan.
    id : str
        The party.
    """

    teller: Teller
    loads: Loads
    id: str

    @property
    def name(self) -> str:
        """Its name and id."""
        return self.teller.parties[self.id]

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.teller.plan

    def own(self) -> set[str]:
        """Return the tasks that change hands where it does not show up; who is core answers all the same."""
        kinds = self.plan.instance.parties.set_index("party")["kind"]
        roles = [role for role in BARRED_WHEN_ABSENT if not (role == "accountable" and kinds[self.id] == "core")]
        rows = self.plan.responsibilities
        return set(rows.loc[(rows["party"] == self.id) & rows["role"].isin(roles), "task"])

    def does(self) -> list[str]:
        """Return its roles."""
        rows, tasks = self.plan.responsibilities, labels(self.plan.instance.tasks, "task")
        mine = rows[rows["party"] == self.id]
        told = []
        for role, text in strings.ROLES.items():
            held = sorted(set(mine.loc[mine["role"] == role, "task"]))
            if held:
                told.append(text.format(tasks=listed([tasks[task] for task in held], most=MOST_TASKS)))
        return [f"{self.name}: {'; '.join(told) or strings.NO_ROLE}."]

    def brings(self) -> list[str]:
        """Return what its fleets bring."""
        fleets = self.plan.instance.fleets
        mine = fleets.loc[fleets["party"] == self.id, "fleet"]
        ships = self.plan.shipments[self.plan.shipments["fleet"].isin(mine)]
        kilograms = ships["commodity"].map(self.plan.instance.commodities.set_index("commodity")["kg"])
        tonnes = float((ships["quantity"] * kilograms).sum()) / 1000
        return [strings.BRINGS.format(tonnes=amount(tonnes), number=len(ships))] if len(ships) else []

    def load(self) -> list[str]:
        """Return the hours taken of each of its skills, and over all, beside those there are."""
        roles, told = self.loads.roles, []
        skills = self.plan.instance.skills
        for row in skills.index[skills["party"] == self.id].tolist():
            told.append(self._line(str(skills["skill"][row]), [row, len(skills) + len(roles.parties) + row]))
        number = self.plan.instance.parties["party"].tolist().index(self.id)
        whole = len(skills) + number
        return [*told, self._line(strings.ALL_SKILLS, [whole, 2 * len(skills) + len(roles.parties) + number])]

    def _line(self, skill: str, limits: list[int]) -> str:
        """Return one limit on hours: the one for all tasks, or the everyday one where all tasks are in normal mode."""
        limit = limits[1] if self.loads.roles.normal.all() else limits[0]
        hours, taken = self.loads.roles.available[limit], self.loads.taken[limit]
        full = [period for period in range(len(hours)) if self.loads.full(limit, period)]
        text = strings.PARTY_LOAD if hours.max() < float("inf") else strings.PARTY_UNLIMITED
        return text.format(
            skill=skill, taken=amount(float(taken.sum())), hours=amount(float(hours.sum())),
            full=strings.FULL.format(periods=periods(full)) if full else strings.NEVER_FULL,
        )  # fmt: skip

    def hour(self) -> list[str | Finding]:
        """Return what one more hour of it would save."""
        if not (self.plan.instance.skills["party"] == self.id).any():
            return [strings.NO_SKILL]
        change = Change(hours={self.id: 1.0})
        return [self.teller.finding(change, strings.ONE_MORE, "hours", party=self.id)]

    def absent(self) -> list[str | Finding]:
        """Return what it would cost if it did not show up, and what breaks."""
        change = Change(absent=self.id)
        finding = self.teller.finding(change, strings.ABSENT, "absent", party=self.id)
        without = self.teller.asker.ask(change).plan
        told: list[str | Finding] = [finding, *([] if without is None else self._broken(without))]
        held = self.teller.asker.around is not None and bool(self.brings())
        return [*told, strings.FLEETS_STAY] if held else told

    def _broken(self, without: Plan) -> list[str | Finding]:
        before, after = (float(need_met(plan).iloc[0]["share"]) for plan in (self.plan, without))
        told: list[str | Finding] = [strings.NEED_FALLS.format(before=percent(before), after=percent(after))]
        lost = (_covered(self.plan) - _covered(without)).round(9)
        lost = lost[lost > LEAST_LOST].sort_values(ascending=False, kind="stable")
        names = labels(self.plan.instance.tasks, "task")
        for task, hours in lost.head(MOST_TASKS).items():
            told.append(strings.LOSES.format(task=names[str(task)], hours=amount(float(hours))))
        if len(lost) > MOST_TASKS:
            told.append(strings.MORE_LOSE.format(number=len(lost) - MOST_TASKS))
        return told + [strings.ANSWERS.format(task=names[task], party=self.teller.parties[who])
                       for task, who in self._new_answers(without)]  # fmt: skip

    def _new_answers(self, without: Plan) -> list[tuple[str, str]]:
        """Return who answers instead for the tasks that it is accountable for."""
        rows = [plan.responsibilities for plan in (self.plan, without)]
        before, after = (table[table["role"] == "accountable"].set_index("task")["party"] for table in rows)
        mine = before.index[before == self.id].tolist()
        return [(str(task), str(after[task])) for task in mine[:MOST_TASKS] if after[task] != self.id]


def _covered(plan: Plan) -> pd.Series:
    """Return the hours covered of each task."""
    return hours_covered(plan)["covered"]
