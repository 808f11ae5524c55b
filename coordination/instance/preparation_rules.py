"""Rules about what may be done before anything happens: one function and one sentence each."""

from collections.abc import Callable

import numpy as np

from coordination.instance.draft import Check


def check_exactly_one(check: Check) -> None:
    """Name a skill or a fleet in a standby; a place, a zone or an owner in a floor.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    for table, names in (("standby", ("skill", "fleet")), ("floors", ("place", "zone", "owner"))):
        draft = check[table]
        given = np.sum([~draft.typed[name].absent for name in names], axis=0)
        expected = f"exactly one of {', '.join(names)}"
        counts = {int(row): f"{given[row]} of them" for row in np.flatnonzero(given != 1)}
        check.report(table, given != 1, names[0], expected, "Fill one of them and empty the others.", counts)


def check_standby_owns(check: Check) -> None:
    """Hours and vehicles on standby are those of the party that is named.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    standby, fleets, skills = check["standby"], check["fleets"], check["skills"]
    party, fleet, skill = standby.texts("party"), standby.texts("fleet"), standby.texts("skill")
    owner = dict(zip(fleets.texts("fleet"), fleets.texts("party"), strict=True))
    rows = np.flatnonzero(standby.usable("party", "fleet"))
    wrong = [row for row in rows.tolist() if owner.get(fleet[row], party[row]) != party[row]]
    check.report("standby", wrong, "fleet", "a fleet of the party", "Correct party or fleet.")
    able = set(zip(skills.texts("party"), skills.texts("skill"), strict=True))
    rows = np.flatnonzero(standby.usable("party", "skill"))
    wrong = [row for row in rows.tolist() if skills.complete and (party[row], skill[row]) not in able]
    check.report("standby", wrong, "skill", "a skill of the party in table skills", "Add it there, with hours 0.")


def check_prepared_places(check: Check) -> None:
    """Options add room only where storage is limited, and neither they nor purchases stand at junctions.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    places = check["places"]
    kind = dict(zip(places.texts("place"), places.texts("kind"), strict=True))
    free = dict(zip(places.texts("place"), places.typed["storage_tonnes"].absent.tolist(), strict=True))
    for table in ("options", "purchases"):
        draft = check[table]
        names = draft.texts("place")
        wrong = [row for row in np.flatnonzero(draft.usable("place")).tolist() if kind.get(names[row]) == "junction"]
        check.report(table, wrong, "place", "a place that is not a junction", "Nothing lies at a junction.")
    options = check["options"]
    names, uses = options.texts("place"), options.texts("use")
    rows = np.flatnonzero(options.usable("place", "use")).tolist()
    wrong = [row for row in rows if uses[row] == "depot" and free.get(names[row], False)]
    check.report(
        "options", wrong, "place", "a place with storage_tonnes",
        "Its storage is unlimited: give the place storage_tonnes (0 if nothing can lie there yet), or remove the row.",
    )  # fmt: skip


PREPARATION_RULES: tuple[Callable[[Check], None], ...] = (
    check_exactly_one,
    check_standby_owns,
    check_prepared_places,
)
"""All of them, in the order in which they are checked."""
