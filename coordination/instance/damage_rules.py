"""Rules about what is damaged: one function and one sentence each."""

from collections.abc import Callable

import numpy as np

from coordination.instance.draft import Check


def check_damaged_thing(check: Check) -> None:
    """Each row of damage names a road or a place, once; the place is no junction.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    damage = check["damage"]
    given = [~damage.typed[name].absent for name in ("road", "place")]
    found = dict.fromkeys(range(len(damage)), "both")
    check.report("damage", given[0] & given[1], "road", "road or place, not both", "Empty one of them.", found)
    found = dict.fromkeys(range(len(damage)), "neither")
    check.report("damage", ~(given[0] | given[1]), "road", "road or place", "Fill one of them.", found)
    for name in ("road", "place"):
        things, first = damage.texts(name), damage.ids(name)
        again = [row for row in np.flatnonzero(damage.usable(name)).tolist() if first[things[row]] != row]
        check.report("damage", again, name, f"a {name} that no other row has", "Join the rows or remove one of them.")
    places = check["places"]
    kind = dict(zip(places.texts("place"), places.texts("kind"), strict=True))
    names = damage.texts("place")
    wrong = [row for row in np.flatnonzero(damage.usable("place")).tolist() if kind.get(names[row]) == "junction"]
    check.report("damage", wrong, "place", "a place that is not a junction", "Nothing lies at a junction.")


def check_damage_lasts(check: Check) -> None:
    """Damage does not end before it begins.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    damage = check["damage"]
    first, last = damage.numbers("from"), damage.numbers("until")
    wrong = damage.usable("from", "until") & (last < first)
    check.report("damage", wrong, "until", "a period not before from", "Correct one of them.")


DAMAGE_RULES: tuple[Callable[[Check], None], ...] = (check_damaged_thing, check_damage_lasts)
"""All of them, in the order in which they are checked."""
