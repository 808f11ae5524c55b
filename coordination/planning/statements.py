"""What planners wrote about roles, statement by statement, and whether some of it can be kept without the rest.

A statement is a row of ``mandates``, ``conflicts`` or ``depends``, a cell of a task that limits who may act (level,
skill, doers, backups, consulted), the hours of a party, or a key of the policy; the rows ``may`` of one task and role
are one statement. Every rule on roles is a row of one small program that knows the statements it comes from: leaving a
statement out frees its rows, so that all questions are asked of one matrix. That jurisdictions must touch is no
statement: it always holds. (Plans are made with the formulations; this says why there is none, and a test holds one to
the other.)
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from coordination.compilation import MatrixForm
from coordination.planning.conflicts import kin
from coordination.planning.consulting import most_consulted, stakes
from coordination.planning.stated_stints import Actor, Stints
from coordination.solver import SolverOptions, solve
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coordination.planning.responsibility_data import Roles

SECONDS = 20.0
"""Most time for one question; what is not found out in it counts as kept."""
Entries = list[tuple[int, float]]
ROLE_NAMES = ("accountable", "responsible", "backup", "consulted", "informed")


@dataclass(frozen=True)
class Statement:
    """Something written that may stand in the way of a role.

    Attributes
    ----------
    table, column : str
        Where it stands; the column is empty for whole rows.
    rows : tuple of int
        Lines in the file, the header being 1; empty for a key of the policy.
    found : str
        What it says.
    """

    table: str
    column: str
    rows: tuple[int, ...]
    found: str

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        if not self.rows:
            return f"{self.table}.{self.column}"
        lines = ", ".join(str(row) for row in self.rows)
        return f"{self.table} row {lines}" + (f" ({self.column})" if self.column else "")


@dataclass
class Program:
    """Rows over columns from 0 to a bound, each in force while all its statements are.

    Attributes
    ----------
    statements : list of Statement
        Numbered by their place.
    """

    statements: list[Statement] = field(default_factory=list)
    _most: list[float] = field(default_factory=list)
    _whole: list[bool] = field(default_factory=list)
    _rows: list[tuple[Entries, float, float, tuple[int, ...]]] = field(default_factory=list)

    def state(self, table: str, column: str, rows: Iterable[int], found: str) -> int:
        """Add a statement and return its number."""
        self.statements.append(Statement(table, column, tuple(rows), found))
        return len(self.statements) - 1

    def column(self, most: float = 1.0, *, whole: bool = True) -> int:
        """Add a column and return its number."""
        self._most.append(most)
        self._whole.append(whole)
        return len(self._most) - 1

    def at_most(self, entries: Entries, most: float, *statements: int) -> None:
        """Add a row with an upper limit."""
        self._rows.append((entries, -np.inf, most, statements))

    def at_least(self, entries: Entries, least: float, *statements: int) -> None:
        """Add a row with a lower limit."""
        self._rows.append((entries, least, np.inf, statements))

    def holds(self, some: frozenset[int]) -> bool:
        """Return whether some statements can hold together."""
        rows = [row for row in self._rows if some.issuperset(row[3])]
        if any(low > 0 and not entries for entries, low, _, _ in rows):
            return False
        rows = [row for row in rows if row[0]]
        if not rows:
            return True
        solution = solve(self._form(rows), options=SolverOptions(gap=0.0, time_limit=SECONDS, threads=1))
        return solution.status is not Status.INFEASIBLE

    def _form(self, rows: list[tuple[Entries, float, float, tuple[int, ...]]]) -> MatrixForm:
        count, columns = [len(row[0]) for row in rows], len(self._most)
        entries = np.array([entry for row in rows for entry in row[0]], dtype=float).reshape(-1, 2)
        at = (np.repeat(np.arange(len(rows)), count), entries[:, 0].astype(int))
        matrix = sp.csc_array((entries[:, 1], at), shape=(len(rows), columns))
        matrix.sum_duplicates()
        return MatrixForm(
            start=matrix.indptr.astype(np.int32), index=matrix.indices.astype(np.int32), value=matrix.data,
            c=np.zeros(columns), lb=np.zeros(columns), ub=np.array(self._most),
            row_lower=np.array([row[1] for row in rows]), row_upper=np.array([row[2] for row in rows]),
            integrality=np.array(self._whole, dtype=np.uint8), offset=0.0, maximize=False,
            variables={}, constraints={}, terms={},
        )  # fmt: skip


class Written:
    """All statements of a case and the rules on roles that come from them.

    Parameters
    ----------
    roles : Roles
        Of an instance as `coordination.planning.keeping.concerned` gives it: with the column ``place`` (position in the
        table as given) in the tables of which statements speak.
    """

    def __init__(self, roles: Roles) -> None:
        self.roles, self.program = roles, Program()
        self._instance, self._coding = roles.case.instance, roles.case.coding
        self._party_ids, self._task_ids = self._coding.parties.tolist(), self._coding.tasks.tolist()
        self._held: dict[str, dict[tuple[int, int], int]] = {name: {} for name in ROLE_NAMES}
        self._cover: dict[tuple[int, int], Entries] = defaultdict(list)
        self._mandates()
        self._people()
        self._tasks()
        self._conflicts()
        self._depends()
        self._span()

    def _lines(self, table: str) -> list[int]:
        return (self._instance.tables[table]["place"].to_numpy(dtype=int) + 2).tolist()

    def _mandates(self) -> None:
        """State the mandates: each order and ban by itself, reservations by task and role."""
        table, lines, mandates = self._instance.mandates, self._lines("mandates"), self.roles.mandates
        self._orders: dict[int, int] = {}
        self._bans: dict[tuple[str, int, int], list[int]] = defaultdict(list)
        reserved: dict[tuple[str, int], list[int]] = defaultdict(list)
        for order, row in enumerate(table.to_dict("records")):
            if row["rule"] != "may":
                self._orders[order] = self.program.state("mandates", "", [lines[order]], said(row))
        about = mandates.about
        for order, role, task in about.loc[about["rule"] == "may", ["order", "role", "task"]].itertuples(index=False):
            reserved[role, int(task)].append(int(order))
        self._reserved: dict[tuple[str, int], tuple[int, set[int]]] = {}
        named = mandates.named.groupby("order")["party"].agg(set).to_dict()
        for (role, task), orders in reserved.items():
            parties = set[int]().union(*(named.get(order, set()) for order in orders))
            names = ", ".join(repr(self._party_ids[party]) for party in sorted(parties)) or "nobody"
            text = f"of all only {names} may be {role}, task {self._task_ids[task]!r}"
            number = self.program.state("mandates", "", sorted({lines[order] for order in orders}), text)
            self._reserved[role, task] = (number, parties)
        for role in ROLE_NAMES:
            for order, task, party in mandates.spelled(role, "must_not").itertuples(index=False):
                self._bans[role, int(task), int(party)].append(self._orders[int(order)])

    def _people(self) -> None:
        """State the hours of parties."""
        instance = self._instance
        wanted = set(instance.tasks["skill"])
        self._skill_hours: dict[int, int] = {}
        for row, (line, record) in enumerate(
            zip(self._lines("skills"), instance.skills.to_dict("records"), strict=True)
        ):
            if record["skill"] in wanted:
                text = f"party {record['party']!r} with {hours(record)} of {record['skill']!r}"
                self._skill_hours[row] = self.program.state("skills", "hours", [line], text)
        self._party_hours: dict[int, int] = {}
        for party, (line, record) in enumerate(
            zip(self._lines("parties"), instance.parties.to_dict("records"), strict=True)
        ):
            if pd.notna(record["hours"]):
                text = f"party {record['party']!r} with {hours(record)} in all"
                self._party_hours[party] = self.program.state("parties", "hours", [line], text)

    def _tasks(self) -> None:
        """Add what a task asks for: who may act, how many, how much each."""
        policy, program = self._instance.policy, self.program
        share = program.state("policy", "min_share", [], f"{policy.min_share:g}")
        reserve = program.state("policy", "backup_reserve", [], f"{policy.backup_reserve:g}")
        diverse = program.state("policy", "backup_diversity", [], "true") if policy.backup_diversity else None
        self._by_period: dict[str, int | None] = {
            name: program.state("policy", key, [], str(getattr(policy, key))) if on is not None else None
            for name, key, on in (
                ("overlap", "overlap_periods", policy.handover_cost),
                ("escalation", "escalation_delay", policy.escalation_delay),
            )
        }
        self._taken: dict[tuple[int, int, bool], Entries] = defaultdict(list)
        self._taken_in_all: dict[tuple[int, int, bool], Entries] = defaultdict(list)
        most, advised = most_consulted(self.roles), stakes(self.roles).groupby("task")["party"].agg(list).to_dict()
        spoken = set(self.roles.mandates.ordered("consulted")["task"])
        lines, known = self._lines("tasks"), set(self._instance.skills["skill"])
        for task, record in self.roles.tasks.iterrows():
            code, nobody = int(str(task)), "" if record["skill"] in known else ", which nobody has"
            state = {
                name: program.state("tasks", name, [lines[code]], f"task {self._task_ids[code]!r} {text}")
                for name, text in (
                    ("accountable_level", f"asks for level {record['accountable_level']}"),
                    ("skill", f"asks for skill {record['skill']!r}" + nobody),
                    ("doers", f"has at most {record['doers']} doers"),
                    ("backups", f"has at most {record['backups']} backups"),
                    ("consulted", f"has at most {most[code]} consulted parties"),
                )
            }
            self._answering(code, record, state["accountable_level"])
            self._acting(code, record, state, share, reserve, diverse)
            if code in spoken:
                self._advising(code, advised.get(code, []), int(most[code]), state["consulted"])
            for party in self._told(code):
                self._held["informed"][code, party] = program.column()
            for role in ROLE_NAMES:
                self._mandated(role, code)
        self._hours()

    def _answering(self, task: int, record: Any, level: int) -> None:
        """Exactly one party around the task's zone answers for it, of a level or above; the core always may."""
        program, parties = self.program, self.roles.parties
        levels = ["community", "street", "district", "city", "metro"]
        least = -1 if pd.isna(record["accountable_level"]) else levels.index(record["accountable_level"])
        entries: Entries = []
        for party in self._around(record["zone"]) | set(np.flatnonzero(parties["core"])):
            column = self._held["accountable"][task, int(party)] = program.column()
            entries.append((column, 1.0))
            if not parties["core"].iloc[party] and parties["level"].iloc[party] < least:
                program.at_most([(column, 1.0)], 0.0, level)
        program.at_least(entries, 1.0)
        program.at_most(entries, 1.0)

    def _around(self, zone: int) -> set[int]:
        """Return parties whose jurisdiction contains a zone."""
        ancestry, homes = self._coding.ancestry, self.roles.parties["zone"]
        above = set(ancestry.loc[ancestry["zone"] == zone, "above"])
        return {int(party) for party in np.flatnonzero(homes.isin(above))}

    def _above(self, zone: int) -> set[int]:
        """Return parties whose jurisdiction contains a zone and is not that zone."""
        same = set(np.flatnonzero(self.roles.parties["zone"] == zone).tolist())
        return self._around(zone) - same

    def _inside(self, zone: int) -> set[int]:
        """Return parties whose jurisdiction lies within a zone."""
        ancestry, homes = self._coding.ancestry, self.roles.parties["zone"]
        below = set(ancestry.loc[ancestry["above"] == zone, "zone"])
        return {int(party) for party in np.flatnonzero(homes.isin(below))}

    def _acting(
        self, task: int, record: Any, state: dict[str, int], share: int, reserve: int, diverse: int | None
    ) -> None:
        """Doers and backups have the skill, are not too many, work their least share; a backup keeps hours free."""
        program, instance = self.program, self._instance
        able = {
            self._party_ids.index(party): row
            for row, (party, skill) in enumerate(zip(instance.skills["party"], instance.skills["skill"], strict=True))
            if skill == record["skill"]
        }
        ids = instance.efforts["task"] == self._task_ids[task]
        factors = dict(zip(instance.efforts.loc[ids, "party"], instance.efforts.loc[ids, "factor"], strict=True))
        periods, wanted = np.flatnonzero(self.roles.active[task]).tolist(), float(record["hours"])
        delivers = self.roles.parties["delivers"].to_numpy()
        doing: Entries = []
        standing: Entries = []
        actors: list[Actor] = []
        by_period, above = any(one is not None for one in self._by_period.values()), self._above(record["zone"])
        for party in sorted(self._around(record["zone"]) | self._inside(record["zone"])):
            doer = self._held["responsible"][task, party] = program.column()
            backup = self._held["backup"][task, party] = program.column()
            doing.append((doer, 1.0))
            standing.append((backup, 1.0))
            program.at_most([(doer, 1.0), (backup, 1.0)], 1.0)
            if party not in able:
                program.at_most([(doer, 1.0), (backup, 1.0)], 0.0, state["skill"])
            if not delivers[party]:
                program.at_most([(doer, 1.0), (backup, 1.0)], 0.0)
            kept = program.column(whole=False)
            program.at_least([(kept, 1.0), (backup, -1.0)], 0.0, reserve)
            factor, whole = float(factors.get(self._party_ids[party], 1.0)) / (delivers[party] or 1.0), Entries()
            for t in periods:
                cover = program.column(wanted, whole=False)
                program.at_most([(cover, 1.0), (doer, -wanted)], 0.0)
                whole.append((cover, 1.0))
                self._cover[task, t].append((cover, 1.0))
                taken = [(cover, factor), (kept, instance.policy.backup_reserve * factor * wanted)]
                for everyday in (False, True) if self.roles.normal[task, t] else (False,):
                    self._taken_in_all[party, t, everyday] += taken
                    if party in able:
                        self._taken[able[party], t, everyday] += taken
            actors.append(Actor(doer, [cover for cover, _ in whole], party in above))
            if not by_period:
                program.at_least([*whole, (doer, -instance.policy.min_share * wanted * len(periods))], 0.0, share)
        for t in periods:
            program.at_most(self._cover[task, t], wanted)
        if by_period:
            stints = Stints(program, instance.policy, wanted, actors)
            stints.add(float(record["doers"]), state["doers"], share, **self._by_period)
        if self._by_period["overlap"] is None:
            program.at_most(doing, float(record["doers"]), state["doers"])
        program.at_most(standing, float(record["backups"]), state["backups"])
        if diverse is not None:
            self._diverse(task, diverse)

    def _diverse(self, task: int, diverse: int) -> None:
        kinds = self.roles.parties["kind"].tolist()
        for (of, backup), standing in self._held["backup"].items():
            for (other, doer), doing in self._held["responsible"].items():
                if of == other == task and backup != doer and kinds[backup] == kinds[doer]:
                    self.program.at_most([(standing, 1.0), (doing, 1.0)], 1.0, diverse)

    def _advising(self, task: int, parties: list[int], most: int, limit: int) -> None:
        """Not too many are consulted, none that holds another role."""
        entries: Entries = []
        for party in parties:
            column = self._held["consulted"][task, party] = self.program.column()
            entries.append((column, 1.0))
            for role in ROLE_NAMES[:3]:
                if (task, party) in self._held[role]:
                    self.program.at_most([(column, 1.0), (self._held[role][task, party], 1.0)], 1.0)
        self.program.at_most(entries, float(most), limit)

    def _told(self, task: int) -> list[int]:
        """Return the parties that orders want informed of a task."""
        told = self.roles.mandates.spelled("informed", "must")
        return sorted(set(told.loc[told["task"] == task, "party"].astype(int)))

    def _mandated(self, role: str, task: int) -> None:
        """Orders are kept, nobody barred holds the role, nor others than those who alone may."""
        mandates, held = self.roles.mandates, self._held[role]
        orders = mandates.ordered(role)
        named = mandates.spelled(role, "must")
        for order in orders.loc[orders["task"] == task, "order"].astype(int):
            parties = named.loc[(named["order"] == order) & (named["task"] == task), "party"].astype(int)
            entries = [(held[task, party], 1.0) for party in parties if (task, party) in held]
            self.program.at_least(entries, 1.0, self._orders[order])
        for (other, party), column in held.items():
            if other != task:
                continue
            for ban in self._bans.get((role, task, party), []):
                self.program.at_most([(column, 1.0)], 0.0, ban)
            number, alone = self._reserved.get((role, task), (-1, {party}))
            if party not in alone:
                self.program.at_most([(column, 1.0)], 0.0, number)

    def _hours(self) -> None:
        """Nobody takes more hours than it has, nor more everyday ones for tasks in zones in normal mode."""
        roles, skills = self.roles, len(self._instance.skills)
        offset = skills + len(roles.parties)
        for (row, t, everyday), entries in self._taken.items():
            most = float(roles.available[row + offset * everyday, t])
            self.program.at_most(entries, most, self._skill_hours[row])
        for (party, t, everyday), entries in self._taken_in_all.items():
            if party in self._party_hours:
                most = float(roles.available[skills + party + offset * everyday, t])
                self.program.at_most(entries, most, self._party_hours[party])

    def _conflicts(self) -> None:
        """Who acts in one task acts not in the other, nor, with chain, who is above or below."""
        related: dict[Any, set[int]] = kin(self._coding).groupby("party")["other"].agg(set).to_dict()
        for line, row in zip(self._lines("conflicts"), self._instance.conflicts.to_dict("records"), strict=True):
            number = self.program.state("conflicts", "", [line], said_apart(row))
            one, other = (self._task_ids.index(row[name]) for name in ("task", "other"))
            acting = [(p, c) for role in ROLE_NAMES[:2] for (i, p), c in self._held[role].items() if i == one]
            its = [(p, c) for role in ROLE_NAMES[:2] for (i, p), c in self._held[role].items() if i == other]
            for party, mine in acting:
                near = related[party] if row["chain"] else {party}
                for also, theirs in its:
                    if also in near:
                        self.program.at_most([(mine, 1.0), (theirs, 1.0)], 1.0, number)

    def _depends(self) -> None:
        """Let tasks be worked only once enough of what came before of the others is covered."""
        tasks, share = self.roles.tasks, self._instance.policy.depends_share
        for line, row in zip(self._lines("depends"), self._instance.depends.to_dict("records"), strict=True):
            number = self.program.state("depends", "", [line], f"{row['task']!r} waits for {row['on']!r}")
            task, on = (self._task_ids.index(row[name]) for name in ("task", "on"))
            mine, its = tasks.iloc[task], tasks.iloc[on]
            for t in np.flatnonzero(self.roles.active[task]).tolist():
                before = np.flatnonzero(self.roles.active[on, :t]).tolist()
                asked = share * float(its["hours"]) * len(before)
                if asked > 0:
                    go = self.program.column()
                    self.program.at_most([*self._cover[task, t], (go, -float(mine["hours"]))], 0.0, number)
                    done = [entry for s in before for entry in self._cover[on, s]]
                    self.program.at_least([*done, (go, -asked)], 0.0, number)

    def _span(self) -> None:
        """No party but the core answers for more tasks than the span."""
        span = self._instance.policy.span
        if span is None:
            return
        number = self.program.state("policy", "span", [], str(span))
        core = self.roles.parties["core"].tolist()
        answering: dict[int, Entries] = defaultdict(list)
        for (_, party), column in self._held["accountable"].items():
            answering[party].append((column, 1.0))
        for party, entries in answering.items():
            if not core[party]:
                self.program.at_most(entries, float(span), number)


def said(row: dict[Any, Any]) -> str:
    """Say what a row of ``mandates`` says."""
    about = f"task {row['task']!r}" if pd.notna(row["task"]) else f"all tasks of {row['domain']}"
    who = f"{row['party']!r}" if pd.notna(row["party"]) else f"a party of kind {row['kind']}"
    source = f" ({row['source']})" if pd.notna(row["source"]) else ""
    return f"{who} {row['rule'].replace('_', ' ')} be {row['role']}, {about}{source}"


def said_apart(row: dict[Any, Any]) -> str:
    """Say what a row of ``conflicts`` says."""
    return f"{row['task']!r} and {row['other']!r} apart" + (", chains of superiors too" if row["chain"] else "")


def hours(row: dict[Any, Any]) -> str:
    """Say how many hours a row has."""
    return f"{row['hours']:g} hours ({row['emergency_hours']:g} in emergency)"
