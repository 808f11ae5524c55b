"""The responsibility matrix: districts by domain, and below each district tasks by parties with their roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from coordination.instance.vocabulary import DOMAINS, LEVELS
from coordination.metrics import hours_covered
from coordination.plans.names import titles
from coordination.report.numbers import amount

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
    """A cell of a matrix: letters of the roles, and what they mean in words."""

    letters: str
    title: str


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
    roles = dict(iter(view.plan.responsibilities.groupby("task")))
    gaps = dict(iter(view.plan.gaps.groupby("task")))
    shown, left_out = _shown(facts)
    matrices = {
        zone: _matrix(view, zone, rows, roles, gaps) for zone, rows in facts.groupby("zone", sort=False) if zone in shown
    }
    order = [zone for zone in view.instance.zones["zone"] if zone in set(facts["district"])]
    order.sort(key=lambda zone: -facts.loc[facts["district"] == zone, "height"].max())
    districts = []
    for zone in order:
        rows = facts[facts["district"] == zone]
        below = [z for z in view.instance.zones["zone"] if z in matrices and z != zone and view.district[z] == zone]
        districts.append(
            District(
                name=view.zones[zone],
                cover=_cover(rows),
                domains=[_cover(rows[rows["domain"] == domain]) for domain in domains],
                own=matrices.get(zone),
                zones=[matrices[z] for z in below],
                tasks=len(rows),
                gaps=int(rows["gaps"].sum()),
            )
        )
    return Responsibility(domains, districts, left_out)


def _facts(view: View) -> pd.DataFrame:
    """Return the tasks, index: task, with hours, district, level of the district and number of gap rows."""
    tasks = view.instance.tasks.set_index("task")
    height = {zone: LEVELS.index(level) for zone, level in view.instance.zones.set_index("zone")["level"].items()}
    district = tasks["zone"].map(view.district)
    gaps = view.plan.gaps.groupby("task")["kind"].size()
    return pd.concat([tasks, hours_covered(view.plan)[["asked", "covered"]]], axis=1).assign(
        district=district,
        height=district.map(height),
        gaps=gaps.reindex(tasks.index, fill_value=0),
        title=titles(view.instance.tasks, "task"),
    )


def _shown(facts: pd.DataFrame) -> tuple[set[str], int]:
    """Return the zones to show, those with most gaps first, and how many are left out."""
    by_zone = facts.groupby("zone", sort=False)["gaps"].sum().sort_values(ascending=False, kind="stable")
    return set(by_zone.index[:MOST_ZONES]), max(0, len(by_zone) - MOST_ZONES)


def _cover(rows: pd.DataFrame) -> Cover:
    asked, covered = float(rows["asked"].sum()), float(rows["covered"].sum())
    share = covered / asked if asked > 0 else 1.0
    return Cover(share, asked, sum(share >= limit for limit in COVER_STEPS) if asked > 0 else -1)


def _matrix(
    view: View, zone: str, rows: pd.DataFrame, roles: dict[str, pd.DataFrame], gaps: dict[str, pd.DataFrame]
) -> Matrix:
    """Return the matrix of one zone; parties in the order of how much they do."""
    held = {task: _roles_of(view, roles[task]) for task in rows.index if task in roles}
    weight: dict[str, float] = {}
    for task_roles in held.values():
        for party, (_, _, hours) in task_roles.items():
            weight[party] = weight.get(party, 0.0) + hours
    parties = sorted(weight, key=lambda party: (-weight[party], party))
    kinds = view.instance.parties.set_index("party")["kind"]
    task_rows = []
    for task in rows.itertuples():
        here = held.get(task.Index, {})
        share = task.covered / task.asked if task.asked > 0 else 1.0
        step = sum(share >= limit for limit in COVER_STEPS) if task.asked > 0 else -1
        task_rows.append(
            TaskRow(
                name=task.title,
                domain=view.texts.named("domains", task.domain),
                window=_window(view, task.start, task.end),
                cover=Cover(share, task.asked, step),
                missing=_missing(view, gaps.get(task.Index)),
                cells=[Roles(*here[party][:2]) if party in here else None for party in parties],
            )
        )
    level = view.instance.zones.set_index("zone").loc[zone, "level"]
    return Matrix(
        zone=view.zones[zone],
        level=view.texts.named("levels", str(level)),
        parties=[view.parties[party] for party in parties],
        kinds=[view.texts.named("party_kinds", kinds[party]) for party in parties],
        rows=task_rows,
        cover=_cover(rows),
        gaps=int(rows["gaps"].sum()),
    )


def _roles_of(view: View, rows: pd.DataFrame) -> dict[str, tuple[str, str, float]]:
    """Return for each party its letters, its roles in words, and its hours over the window."""
    found: dict[str, dict[str, float]] = {}
    for row in rows.itertuples(index=False):
        hours = 0.0 if pd.isna(row.hours) else row.hours * (row.end - row.start + 1)
        roles = found.setdefault(row.party, {})
        roles[row.role] = roles.get(row.role, 0.0) + hours
    result = {}
    for party, roles in found.items():
        held = [role for role in LETTERS if role in roles]
        words = [
            view.texts("responsibility.does", role=view.texts.named("roles", role), hours=amount(roles[role]))
            if role == "responsible"
            else view.texts.named("roles", role)
            for role in held
        ]
        result[party] = "".join(LETTERS[role] for role in held), ", ".join(words), sum(roles.values())
    return result


def _window(view: View, start: int, end: int) -> str:
    """Return the window of a task for people; nothing where it is the whole horizon."""
    if start == 0 and end == view.instance.periods - 1:
        return ""
    return view.texts("responsibility.window", start=view.when(start), end=view.when(end + 1))


def _missing(view: View, rows: pd.DataFrame | None) -> str:
    """Return what a task lacks, in words."""
    if rows is None:
        return ""
    sums = rows.groupby(["kind", "what"])["amount"].sum()
    words = []
    for (kind, what), total in sums.items():
        name = view.texts.named("party_kinds", what) if kind == "kind" else what
        words.append(view.texts(f"responsibility.missing_{kind}", amount=amount(total), what=name))
    return "; ".join(words)
