"""What of a plan cannot be carried out in part yet: refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import UsageError
from coordination.planning.amounts import set_rows
from coordination.planning.held import COME_AND_GO, by_mode
from coordination.wording import counted

if TYPE_CHECKING:
    from coordination.instance import Instance


def refuse_what_does_not_go_on(instance: Instance) -> None:
    """Refuse rules of which it is not said how they go on where a plan is made anew.

    Raises
    ------
    UsageError
        It names them.
    """
    policy, tasks = instance.policy, instance.tasks
    found = [f"policy.{key}" for key in COME_AND_GO if getattr(policy, key) is not None]
    some = tasks.loc[by_mode(tasks), "task"].tolist()
    found += [f"tasks.mode ({len(some)} tasks, such as {some[0]})"] if some else []
    found += [f"policy.mode {policy.mode}"] if policy.mode in ("thresholds", "optimise") else []
    amounts = [line for line, _ in set_rows(instance)]
    found += [f"pins on amounts ({counted(len(amounts), 'row')}, such as row {amounts[0]})"] if amounts else []
    if found:
        raise UsageError(
            f"{instance.name}: a plan with {'; '.join(found)} cannot be carried out in part and made anew yet. Plan "
            "without them, or change the tables by hand and plan these."
        )
