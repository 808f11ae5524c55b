"""Rules about facilities: what their uses are called, whose the everyday service is, which modules they have."""

from collections.abc import Callable

import numpy as np

from coordination.instance.draft import Check
from coordination.instance.names import nearest

EVERYDAY = "everyday"
"""The mode of a facility that is not converted."""
CONVERTING, RESTORING = "converting to ", "restoring from "
"""What the modes between begin with; the use follows."""
STORAGE, HANDOUT = "storage", "hand-out"
"""Emergency uses for goods; others are for people."""


def check_names_of_uses(check: Check) -> None:
    """No emergency use has a name that stands for another mode.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    facilities = check["facilities"]
    uses = facilities.texts("emergency_use")
    taken = np.array(
        [use is not None and (use == EVERYDAY or use.startswith((CONVERTING, RESTORING))) for use in uses], dtype=bool
    )
    check.report("facilities", taken, "emergency_use", "another name", f"{EVERYDAY!r} and names that begin with "
                 f"{CONVERTING!r} or {RESTORING!r} stand for other modes.")  # fmt: skip


def check_one_everyday_service(check: Check) -> None:
    """All rows of a place have the same everyday service and value.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    facilities = check["facilities"]
    places, services, values = (
        facilities.texts("place"), facilities.texts("service"), facilities.numbers("everyday_value"),
    )  # fmt: skip
    first: dict[str, int] = {}
    for row in np.flatnonzero(facilities.usable("place", "service", "everyday_value")).tolist():
        one = first.setdefault(places[row], row)
        line = facilities.lines[one]
        if services[row] != services[one]:
            check.report(
                "facilities",
                [row],
                "service",
                f"{services[one]!r} as in row {line}",
                "A place has one everyday service.",
            )
        if values[row] != values[one]:
            check.report(
                "facilities",
                [row],
                "everyday_value",
                f"{values[one]:g} as in row {line}",
                "A place has one everyday value.",
            )


def check_modules(check: Check) -> None:
    """Modules belong to an emergency use that their place has.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    modules, facilities = check["modules"], check["facilities"]
    if not facilities.complete:
        return
    uses: dict[str, list[str]] = {}
    for place, use in zip(facilities.texts("place"), facilities.texts("emergency_use"), strict=True):
        if place is not None and use is not None:
            uses.setdefault(place, []).append(use)
    places, names = modules.texts("place"), modules.texts("emergency_use")
    for row in np.flatnonzero(modules.usable("place", "emergency_use")).tolist():
        known = uses.get(places[row], [])
        if names[row] not in known:
            advice = nearest(names[row], known) if known else f"{places[row]!r} has no row in facilities."
            check.report("modules", [row], "emergency_use", "an emergency use of the place in facilities", advice)


def check_services_lie_nowhere(check: Check) -> None:
    """No service, for which people go to a facility, is in stock or arrives.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    commodities = check["commodities"]
    typed = commodities.typed.get("service")
    if typed is None or typed.numbers is None:
        return
    names = commodities.texts("commodity")
    services = {name for name, yes in zip(names, typed.numbers.tolist(), strict=True) if name is not None and yes == 1}
    for table in ("stocks", "arrivals"):
        found = np.array([word in services for word in check[table].texts("commodity")], dtype=bool)
        check.report(
            table, found, "commodity", "goods", "People go to a facility for it: it is a service in commodities."
        )


def check_facilities_under_way(check: Check) -> None:
    """Every facility is in one mode before the horizon, of a use that the place has.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    held, facilities = check["held"], check["facilities"]
    if not facilities.complete:
        return
    uses: dict[str, set[str]] = {}
    for place, use in zip(facilities.texts("place"), facilities.texts("emergency_use"), strict=True):
        if place is not None and use is not None:
            uses.setdefault(place, set()).add(use)
    tables, ids, modes = held.texts("table"), held.texts("id"), held.texts("mode")
    first: dict[str, int] = {}
    for row in np.flatnonzero(held.usable("table", "id", "mode") & (tables == "facilities")).tolist():
        place, *module = ids[row].split(";")
        known = uses.get(place, set())
        if not module:
            known = {EVERYDAY} | {start + use for use in known for start in ("", CONVERTING, RESTORING)}
            one = first.setdefault(place, row)
            if one != row:
                check.report("held", [row], "id", "one mode of a facility", f"Row {held.lines[one]} has one already.")
        if modes[row] not in known:
            check.report("held", [row], "mode", "a mode of that facility", nearest(modes[row], sorted(known)))


FACILITY_RULES: tuple[Callable[[Check], None], ...] = (
    check_names_of_uses,
    check_one_everyday_service,
    check_modules,
    check_services_lie_nowhere,
    check_facilities_under_way,
)
"""All rules about facilities, in the order in which they are checked."""
