"""Which tasks under way can keep their roles after news; those of the others are let go and chosen anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.planning.held import lost_roles
from coordination.planning.keeping import keep, roles_of, with_tasks

if TYPE_CHECKING:
    from coordination.instance import Instance


def keepable(instance: Instance) -> tuple[Instance, tuple[str, ...]]:
    """Return the state without the roles of tasks under way that cannot go on, and these tasks.

    A task lets go where a party cannot hold its role any more, or where the hours do not suffice for the least that
    all who hold roles must do; then tasks keep theirs in the order of their table, as long as it goes.

    Parameters
    ----------
    instance : Instance
        A state, news carried out.
    """
    held = instance.held
    if not (held["table"] == "tasks").any():
        return instance, ()
    roles = roles_of(instance)
    ids = roles.case.coding.tasks.to_numpy(dtype=object)
    lost = {str(ids[task]) for task in lost_roles(roles)["task"].unique()}
    state = _letting_go(instance, lost)
    under_way = [str(ids[task]) for task in sorted(set(roles.held.roles["task"])) if str(ids[task]) not in lost]
    if _can(state, set(under_way)):
        return state, tuple(sorted(lost))
    lost |= set(under_way) - _kept_in_order(state, under_way)
    return _letting_go(instance, lost), tuple(sorted(lost))


def _kept_in_order(state: Instance, tasks: list[str]) -> set[str]:
    """Return the tasks that keep their roles, each if it can beside those before it that do.

    Who can keep roles together can also keep fewer: whole stretches of tasks are looked at first, then their halves.
    """
    kept: set[str] = set()
    left = [tasks[len(tasks) // 2 :], tasks[: len(tasks) // 2]]
    while left:
        some = left.pop()
        if some and _can(state, kept | set(some)):
            kept |= set(some)
        elif len(some) > 1:
            left += [some[len(some) // 2 :], some[: len(some) // 2]]
    return kept


def _can(instance: Instance, tasks: set[str]) -> bool:
    """Return whether the roles held in some tasks can go on together, whatever it costs."""
    return keep(with_tasks(_letting_go(instance, set(instance.tasks["task"]) - tasks), tasks)) is not None


def _letting_go(instance: Instance, tasks: set[str]) -> Instance:
    """Return an instance without the roles held in some tasks."""
    if not tasks:
        return instance
    held = instance.given("held")
    mine = (held["table"] == "tasks") & (held["mode"] != "barred") & held["id"].str.split(";").str[0].isin(tasks)
    return instance.replace(held=held[~mine.to_numpy()]) if mine.any() else instance
