"""Mandates: who must, may or must not hold which role in which task."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

Held = dict[tuple[str, str], set[str]]


def check(case: "Case") -> Findings:
    """Check that every order is kept and that nobody holds a role who may not."""
    findings = Findings("mandates")
    rows, held = spelled(case), _held(case)
    _orders(findings, rows["must"], held)
    _barred(findings, rows["must_not"], held)
    _reserved(findings, rows["may"], held)
    return findings


def spelled(case: "Case") -> dict[str, list[tuple[int, str, str, set[str]]]]:
    """Return by rule the rows of ``mandates``: row in the file, task, role, parties meant, for each task meant."""
    tasks, parties = case.given["tasks"], case.given["parties"]
    of_domain: dict[Any, list[str]] = tasks.groupby("domain")["task"].agg(list).to_dict()
    of_kind: dict[Any, list[str]] = parties.groupby("kind")["party"].agg(list).to_dict()
    rows: dict[str, list[tuple[int, str, str, set[str]]]] = {"must": [], "may": [], "must_not": []}
    for number, row in enumerate(case.given["mandates"].to_dict("records"), start=2):
        about = [row["task"]] if pd.notna(row["task"]) else of_domain.get(row["domain"], [])
        named = {row["party"]} if pd.notna(row["party"]) else set(of_kind.get(row["kind"], []))
        rows[row["rule"]] += [(number, task, row["role"], named) for task in about]
    return rows


def _held(case: "Case") -> Held:
    """Return the parties by task and role."""
    held: Held = {}
    roles = case.coverage.roles[["task", "role", "party"]]
    for task, role, party in roles.itertuples(index=False, name=None):
        held.setdefault((task, role), set()).add(party)
    return held


def _orders(findings: Findings, rows: list[tuple[int, str, str, set[str]]], held: Held) -> None:
    where = {name: [row[place] for row in rows] for place, name in enumerate(("row", "task", "role"))}
    kept = [bool(held.get((task, role), set()) & named) for _, task, role, named in rows]
    findings.require(where, kept, "task {task}: mandates, row {row} says must, but none such is {role}")


def _barred(findings: Findings, rows: list[tuple[int, str, str, set[str]]], held: Held) -> None:
    found = [(n, task, role, held.get((task, role), set()) & named) for n, task, role, named in rows]
    where = {name: [row[place] for row in found] for place, name in enumerate(("row", "task", "role"))}
    where["party"] = [", ".join(sorted(row[3])) for row in found]
    message = "task {task}: {party} is {role}, but mandates, row {row} says must_not"
    findings.require(where, [not row[3] for row in found], message)


def _reserved(findings: Findings, rows: list[tuple[int, str, str, set[str]]], held: Held) -> None:
    """Check roles for which there are rows ``may``: nobody else holds them."""
    named: Held = {}
    for _, task, role, parties in rows:
        named.setdefault((task, role), set()).update(parties)
    others = {key: held.get(key, set()) - parties for key, parties in named.items()}
    where = {
        "task": [task for task, _ in others],
        "role": [role for _, role in others],
        "party": [", ".join(sorted(parties)) for parties in others.values()],
    }
    message = "task {task}: {party} is {role}, but mandates say may of others alone"
    findings.require(where, [not parties for parties in others.values()], message)
