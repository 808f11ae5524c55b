"""What is not planned together with modes that the plan chooses: refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import UsageError
from coordination.planning.amounts import set_rows
from coordination.planning.held import COME_AND_GO, by_mode
from coordination.wording import counted

if TYPE_CHECKING:
    from coordination.instance import Instance


def refuse_beside_modes(instance: Instance) -> None:
    """Refuse rules that are not kept while modes are chosen.

    Raises
    ------
    UsageError
        It names them.
    """
    policy, tasks = instance.policy, instance.tasks
    modal = set(tasks.loc[by_mode(tasks), "task"])
    fair = policy.rationing != "social_cost" or policy.max_gini is not None or policy.max_ratio is not None
    held = instance.held[instance.held["table"] == "tasks"]
    under_way = modal & set(held["id"].str.split(";").str[0])
    awaited = modal & set(instance.depends["on"])
    coming = [key for key in COME_AND_GO if getattr(policy, key) is not None]
    lacking = [
        text
        for text, there in (
            (f"governance {policy.governance}", policy.governance != "centralised"),
            (f"policy.rationing {policy.rationing}, max_gini or max_ratio", fair),
            (f"policy.load {policy.load}", policy.load != "social_cost"),
            (f"policy.objective {policy.objective}", policy.objective != "social_cost"),
            (f"table damage ({counted(len(instance.damage), 'row')})", len(instance.damage) > 0),
            ("pins on amounts", any(True for _ in set_rows(instance))),
            (f"depends on {_some(awaited)}, which only some modes ask for", bool(awaited)),
            (f"roles held in {_some(under_way)}, which only some modes ask for", bool(under_way)),
            (f"policy.{' and '.join(coming)} with {_some(modal)}, which only some modes ask for",
             bool(coming) and bool(modal)),
        )
        if there
    ]  # fmt: skip
    if lacking:
        raise UsageError(
            f"{instance.name}: policy.mode optimise is not planned together with {'; '.join(lacking)} yet. Leave one "
            "of them out, or take policy.mode thresholds."
        )


def _some(tasks: set[str]) -> str:
    names = sorted(tasks)
    return f"{len(names)} tasks such as {names[0]}" if len(names) > 1 else (f"task {names[0]}" if names else "no task")


def refuse_large(instance: Instance, shipments: int, most: int, cover: int, most_cover: int) -> None:
    """Refuse a case whose program of modes is too large to be solved whole.

    Raises
    ------
    UsageError
        It says how large it is.
    """
    raise UsageError(
        f"{instance.name}: policy.mode optimise is planned in one program with everything else, of at most {most:,} "
        f"possible shipments and {most_cover:,} hours of tasks that somebody can cover; found {shipments:,} and "
        f"{cover:,}. Plan a part of the city, or take policy.mode thresholds."
    )
