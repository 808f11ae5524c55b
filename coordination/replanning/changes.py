"""What a plan made anew decides otherwise than the one under way, why, and what it saves.

Compared are what was still to come: shipments by fleet, origin, destination, commodity and departure, and who is
accountable, does and stands by. Why is the news that names the same things; else the plan is the better for it. What
a change of roles saves is found by planning once more with the old ones ordered: the difference of the social costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from coordination.errors import CoordinationError
from coordination.planning import plan as plan_instance
from coordination.wording import amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coordination.plans import Plan
    from coordination.replanning.news import News

SENT = ["fleet", "origin", "destination", "commodity", "depart"]
HELD = ["task", "role"]
ROLES = ("accountable", "responsible", "backup")
SAME = 1e-6
"""Share of a quantity below which it is the same."""
MOST_ASKED = 6
"""Changes of roles whose saving is found out, each by planning once more."""
MOST_SHIPMENTS = 5_000
"""Possible shipments up to which that is done: in larger cases planning takes too long to be done for each."""
BETTER = "the plan is better or as good so"
FOLLOWS = "follows from the news or from other changes"
RELEASED = "after the news those who held the roles cannot all go on"
NEW = "row {line} of the news: {news}"

Rows = list[dict[str, Any]]


def changes_table(
    before: Plan,
    made: Plan,
    periods: int,
    news: Sequence[News],
    released: Sequence[str],
    options: Mapping[str, Any],
) -> pd.DataFrame:
    """Return ``changes``.

    Parameters
    ----------
    before, made : Plan
        The plan under way, and the new one.
    periods : int
        Periods of the former that are carried out.
    news : sequence of News
        What was heard.
    released : sequence of str
        Tasks whose roles could not go on.
    options : mapping
        Of planning, for asking what a change saves.
    """
    if not made.feasible:
        return pd.DataFrame(columns=["table", "key", "before", "after", "why", "saves"])
    rows = [*_sent(before, made, periods), *_held(before, made, periods)]
    for row in rows:
        row["why"] = _why(row, news, released)
    if int(made.sizes.get("shipments_possible", MOST_SHIPMENTS + 1)) <= MOST_SHIPMENTS:
        _ask(made, rows, options)
    columns = ["table", "key", "before", "after", "why", "saves"]
    return pd.DataFrame([[row.get(name) for name in columns] for row in rows], columns=columns).astype(
        {"saves": "float64"}
    )


def _sent(before: Plan, made: Plan, periods: int) -> Iterator[dict[str, Any]]:
    """Give shipments still to leave of which the quantity differs."""
    left = before.shipments[before.shipments["depart"] >= periods]
    old = left.assign(depart=left["depart"] - periods).groupby(SENT)["quantity"].sum()
    new = made.shipments.groupby(SENT)["quantity"].sum()
    both = pd.concat([old.rename("old"), new.rename("new")], axis=1).fillna(0.0).sort_index()
    size = both.max(axis=1).clip(lower=1.0)
    for key, row in both[(both["old"] - both["new"]).abs() > SAME * size].iterrows():
        names = dict(zip(SENT, key if isinstance(key, tuple) else (key,), strict=True))
        cells = {name: amount(float(row[name])) if row[name] > 0 else None for name in ("old", "new")}
        yield _row("shipments", names, cells["old"], cells["new"])


def _held(before: Plan, made: Plan, periods: int) -> Iterator[dict[str, Any]]:
    """Give roles that others hold, in tasks that are not over."""
    old, new = (_holders(plan) for plan in (before, made))
    tasks = made.instance.tasks["task"].tolist()
    known = set(before.instance.tasks["task"])
    for task in tasks:
        for role in ROLES:
            one, other = old.get((task, role), []), new.get((task, role), [])
            if one != other and task in known:
                row = _row("responsibilities", {"task": task, "role": role}, ";".join(one), ";".join(other))
                yield row | {"holders": one}


def _holders(plan: Plan) -> dict[tuple[str, str], list[str]]:
    rows = plan.responsibilities
    rows = rows[rows["role"].isin(ROLES)][[*HELD, "party"]].drop_duplicates().sort_values([*HELD, "party"])
    found: dict[tuple[str, str], list[str]] = {}
    for task, role, party in rows.itertuples(index=False, name=None):
        found.setdefault((task, role), []).append(party)
    return found


def _row(table: str, names: Mapping[str, Any], before: str | None, after: str | None) -> dict[str, Any]:
    key = ";".join(f"{name}={value}" for name, value in names.items())
    named = {str(value) for value in names.values()} | set((before or "").split(";")) | set((after or "").split(";"))
    return {"table": table, "key": key, "before": before or None, "after": after or None, "named": named, **names}


def _why(row: Mapping[str, Any], news: Sequence[News], released: Sequence[str]) -> str:
    """Return the news that names the same things; that roles were let go; or that it is better so."""
    for one in news:
        ids = {value for name, value in one.where.items() if name not in ("period", "depart", "group")} - {""}
        if ids & (row["named"] - {""}):
            return NEW.format(line=one.line, news=one)
    if row.get("task") in released:
        return RELEASED
    return FOLLOWS if news else BETTER


def _ask(made: Plan, rows: Rows, options: Mapping[str, Any]) -> None:
    """Find out what changes of roles save: plan with the old ones, where they can still be held."""
    assert made.objective is not None
    asked = [row for row in rows if row["table"] == "responsibilities" and row["holders"]][:MOST_ASKED]
    own = made.instance.given("pins").astype(object)
    for row in asked:
        pins = [
            {"table": "responsibilities", "where": f"task={row['task']};role={row['role']}", "column": "party",
             "value": party}
            for party in row["holders"]
        ]  # fmt: skip
        try:
            both = pd.concat([own, pd.DataFrame(pins).astype(object)], ignore_index=True)
            kept = plan_instance(made.instance.replace(pins=both.where(both.notna(), None)), **options)
        except CoordinationError:
            continue  # they cannot hold it any more: there is nothing to compare with
        if kept.objective is not None:
            row["saves"] = kept.objective - made.objective
