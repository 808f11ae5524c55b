"""The responsibility matrix: districts by domain, and below each district tasks by parties with their roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from coordination.instance.titles import titles
from coordination.instance.vocabulary import DOMAINS, LEVELS
from coordination.metrics import hours_covered
from coordination.report.numbers import amount
from coordination.report.view import records

if TYPE_CHECKING:
    from coordination.report.view import View

LETTERS = {"accountable": "A", "responsible": "R", "backup": "B", "consulted": "C", "informed": "I"}
COVER_STEPS = (0.5, 0.75, 0.9, 0.999999)
"""Shares of hours covered at which the colour changes."""

MOST_ZONES = 700
"""Zones whose matrices are shown, those with most gaps first; a page with more is slow to open."""


@dataclass(frozen=True)
class Cover:
    """Hours covered of those asked for; step of its colour, −1 where none are asked for."""

    share: float
    asked: float
    step: int


@dataclass(frozen=True)
class Roles:
    """A cell of a matrix: letters of the roles, what they mean in words, and hours worked over the window."""

    letters: str
    title: str
    hours: float


@dataclass(frozen=True)
class TaskRow:
    """A task with its roles, one cell per party of the matrix."""

    name: str
    domain: str
    window: str
    cover: Cover
    missing: str
    cells: list[Roles | None]


@dataclass(frozen=True)
class Matrix:
    """The tasks of one zone by the parties that have a role in them."""

    zone: str
    level: str
    parties: list[str]
    kinds: list[str]
    rows: list[TaskRow]
    cover: Cover
    gaps: int


@dataclass(frozen=True)
class District:
    """A district: cover by domain, the matrix of its own tasks, and those of the zones in it."""

    name: str
    cover: Cover
    domains: list[Cover]
    own: Matrix | None
    zones: list[Matrix]
    tasks: int
    gaps: int


@dataclass(frozen=True)
class Responsibility:
    """All districts, the domains that occur, and how many zones are left out."""

    domains: list[str]
    districts: list[District]
    left_out: int


def responsibility(view: View) -> Responsibility | None:
    """Return who is accountable, who does it, who stands by; None where there are no tasks."""
    tasks = view.instance.tasks
    if tasks.empty:
        return None
    facts = _facts(view)
    domains = [domain for domain in DOMAINS if domain in set(tasks["domain"])]
    matrices = _matrices(view, facts)
    members: dict[str, list[str]] = {}
    for zone in view.instance.zones["zone"]:
        if zone in matrices and zone != view.district[zone]:
            members.setdefault(view.district[zone], []).append(zone)
    height = view.instance.zones.set_index("zone")["level"].map(LEVELS.index)
    groups = dict(iter(facts.groupby("district")))
    districts = [
        District(
            name=view.zones[zone],
            cover=_cover(groups[zone]),
            domains=[_cover(groups[zone][groups[zone]["domain"] == domain]) for domain in domains],
            own=matrices.get(zone),
            zones=[matrices[other] for other in members.get(zone, [])],
            tasks=len(groups[zone]),
            gaps=int(groups[zone]["lacks"].sum()),
        )
        for zone in height.sort_values(ascending=False, kind="stable").index
        if zone in groups
    ]
    return Responsibility(domains, districts, facts["zone"].nunique() - len(matrices))


def _facts(view: View) -> pd.DataFrame:
    """Return the tasks, index: task, with hours asked and covered, district, and whether anything is lacking."""
    tasks = view.instance.tasks.set_index("task")
    return pd.concat([tasks, hours_covered(view.plan)[["asked", "covered"]]], axis=1).assign(
        district=tasks["zone"].map(view.district),
        lacks=tasks.index.isin(view.plan.gaps["task"]),
        title=tasks.index.map(titles(view.instance.tasks, "task")),
    )


def _cover(rows: pd.DataFrame) -> Cover:
    return _covered(float(rows["asked"].sum()), float(rows["covered"].sum()))


def _covered(asked: float, covered: float) -> Cover:
    if not asked > 0:
        return Cover(1.0, asked, -1)
    return Cover(covered / asked, asked, sum(covered / asked >= limit for limit in COVER_STEPS))


def _matrices(view: View, facts: pd.DataFrame) -> dict[str, Matrix]:
    """Return the matrix of each zone with tasks; of too many zones, those with most gaps."""
    lacking = facts.groupby("zone", sort=False)["lacks"].sum().sort_values(ascending=False, kind="stable")
    shown = set(lacking.index[:MOST_ZONES])
    roles, missing = _roles_by_task(view), _missing_by_task(view)
    rows: dict[str, list[Any]] = {}
    for task in facts[facts["zone"].isin(shown)].itertuples():
        rows.setdefault(str(task.zone), []).append(task)
    levels = dict(records(view.instance.zones[["zone", "level"]]))
    kinds = dict(records(view.instance.parties[["party", "kind"]]))
    matrices = {}
    for zone, tasks in rows.items():
        parties = _by_hours(roles[task.Index] for task in tasks if task.Index in roles)
        matrices[zone] = Matrix(
            zone=view.zones[zone],
            level=view.texts.named("levels", levels[zone]),
            parties=[view.parties[party] for party in parties],
            kinds=[view.texts.named("party_kinds", kinds[party]) for party in parties],
            rows=[_row(view, task, roles.get(task.Index, {}), missing, parties) for task in tasks],
            cover=_covered(sum(task.asked for task in tasks), sum(task.covered for task in tasks)),
            gaps=sum(task.lacks for task in tasks),
        )
    return matrices


def _by_hours(held: Iterable[Mapping[str, Roles]]) -> list[str]:
    """Return the parties that hold a role in any of some tasks, those who work most first."""
    hours: dict[str, float] = {}
    for roles in held:
        for party, cell in roles.items():
            hours[party] = hours.get(party, 0.0) + cell.hours
    return sorted(hours, key=lambda party: (-hours[party], party))


def _row(view: View, task: Any, held: Mapping[str, Roles], missing: Mapping[str, str], parties: list[str]) -> TaskRow:
    whole = task.start == 0 and task.end == view.instance.periods - 1
    window = (
        "" if whole else view.texts("responsibility.window", start=view.when(task.start), end=view.when(task.end + 1))
    )
    return TaskRow(
        name=task.title,
        domain=view.texts.named("domains", task.domain),
        window=window,
        cover=_covered(task.asked, task.covered),
        missing=missing.get(task.Index, ""),
        cells=[held.get(party) for party in parties],
    )


def _roles_by_task(view: View) -> dict[str, dict[str, Roles]]:
    """Return the roles of each party in each task."""
    table = view.plan.responsibilities
    hours = table["hours"].fillna(0.0) * (table["end"] - table["start"] + 1)
    sums = hours.groupby([table["task"], table["party"], table["role"]], sort=False).sum()
    worked: dict[str, dict[str, dict[str, float]]] = {}
    for task, party, role, value in records(sums.rename("hours").reset_index()):
        worked.setdefault(task, {}).setdefault(party, {})[role] = value
    words = {role: view.texts.named("roles", role) for role in LETTERS}
    return {
        task: {party: _roles(view, roles, words) for party, roles in parties.items()}
        for task, parties in worked.items()
    }


def _roles(view: View, hours: Mapping[str, float], words: Mapping[str, str]) -> Roles:
    """Return the roles of one party in one task."""
    held = [role for role in LETTERS if role in hours]
    said = [
        view.texts("responsibility.does", role=words[role], hours=amount(hours[role]))
        if role == "responsible"
        else words[role]
        for role in held
    ]
    return Roles("".join(LETTERS[role] for role in held), ", ".join(said), sum(hours.values()))


def _missing_by_task(view: View) -> dict[str, str]:
    """Return what each task lacks, in words."""
    sums = view.plan.gaps.groupby(["task", "kind", "what"])["amount"].sum()
    words: dict[str, list[str]] = {}
    for task, kind, what, total in records(sums.reset_index()):
        name = view.texts.named("party_kinds", what) if kind == "kind" else what
        words.setdefault(task, []).append(view.texts(f"responsibility.missing_{kind}", amount=amount(total), what=name))
    return {task: "; ".join(said) for task, said in words.items()}
