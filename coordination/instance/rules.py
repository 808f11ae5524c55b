"""Rules that join columns or tables, one function and one sentence each."""

from collections.abc import Callable, Mapping

import numpy as np

from coordination.instance.areas import cycles
from coordination.instance.damage_rules import DAMAGE_RULES
from coordination.instance.draft import Check
from coordination.instance.duties import DUTY_RULES
from coordination.instance.facility_rules import FACILITY_RULES
from coordination.instance.forecast_rules import FORECAST_RULES
from coordination.instance.history import HISTORY_RULES
from coordination.instance.indicating import INDICATOR_RULES
from coordination.instance.mode_checks import MODE_RULES
from coordination.instance.names import nearest
from coordination.instance.preparation_rules import PREPARATION_RULES
from coordination.instance.risk_rules import RISK_RULES
from coordination.instance.tables import LEVELS, TABLES

PLACES_USED = (
    ("stocks", "place"), ("arrivals", "place"), ("needs", "place"), ("backlogs", "place"),
    ("fleets", "base"), ("fleets", "loads_at"),
)  # fmt: skip
"""Columns that name places which must not be junctions."""

HOLDERS: Mapping[str, tuple[str, str]] = {
    "needs": ("places", "a place"), "arrivals": ("places", "a place"), "stocks": ("places", "a place"),
    "places": ("places", "a place"), "facilities": ("places", "a place"), "roads": ("roads", "a road"),
    "fleets": ("fleets", "a fleet"), "skills": ("parties", "a party"),
}  # fmt: skip
"""For each table that effects act on: the table whose ids `where` may name."""

CARRIES_COMMODITIES = ("needs", "arrivals", "stocks")
SLOPE_TOLERANCE = 1e-9
"""Relative fall of a slope that rounding of breakpoints explains."""


def check_zone_cycles(check: Check) -> None:
    """No zone lies within itself.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    _check_cycles(check, "zones", "zone", "parent", "a parent outside the zone itself")


def check_superior_cycles(check: Check) -> None:
    """Every chain of superiors ends.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    _check_cycles(check, "parties", "party", "superior", "a chain of superiors that ends at the core")


def _check_cycles(check: Check, table: str, key: str, up: str, expected: str) -> None:
    draft = check[table]
    rows = draft.ids(key)
    above = draft.texts(up)
    usable = draft.usable(up)
    for cycle in cycles({node: above[row] if usable[row] else None for node, row in rows.items()}):
        chain = " → ".join([*cycle[:10], "…" if len(cycle) > 10 else cycle[0]])
        row = rows[cycle[0]]
        check.report(table, [row], up, expected, f"The chain is {chain}: cut it somewhere.")
        draft.typed[up].bad[[rows[node] for node in cycle]] = True


def check_zone_levels(check: Check) -> None:
    """Levels rise strictly from a zone to its parent.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    zones = check["zones"]
    rank = {level: order for order, level in enumerate(LEVELS)}
    rows, levels, parents = zones.ids("zone"), zones.texts("level"), zones.texts("parent")
    wrong, advice = [], []
    for row in np.flatnonzero(zones.usable("level", "parent")).tolist():
        above = rows.get(parents[row])
        if above is not None and levels[above] is not None and rank[levels[row]] >= rank[levels[above]]:
            wrong.append(row)
            advice.append(f"It is a {levels[row]} and its parent {parents[row]!r} a {levels[above]}.")
    check.report("zones", wrong, "parent", "a parent of a higher level", advice)


def check_one_core(check: Check) -> None:
    """Exactly one party is the core, and it alone has no superior.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    parties = check["parties"]
    if not parties.has("kind"):
        return
    kinds = parties.texts("kind")
    cores = np.flatnonzero(kinds == "core")
    superior = parties.typed["superior"]
    lines = ", ".join(str(line) for line in parties.lines[cores[:1]])
    check.report("parties", cores[1:], "kind", "exactly one party of kind core", f"Row {lines} is one already.")
    if not len(cores) and parties.complete and not parties.typed["kind"].bad.any():
        check.problem("parties", "kind", "no core", "exactly one party of kind core", "Add the core organisation.")
    led = (kinds == "core") & ~superior.absent
    check.report("parties", led, "superior", "nothing: the core has no superior", "Empty the cell.")
    superior.bad[led] = True
    lost = superior.absent & ~superior.bad & (kinds != "core") & parties.usable("kind")
    check.report("parties", lost, "superior", "the party it answers to", "Only the core has no superior.")


def check_party_hours(check: Check) -> None:
    """Emergency hours of a party stand only beside its hours.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    parties = check["parties"]
    alone = parties.usable("emergency_hours") & parties.typed["hours"].absent
    check.report("parties", alone, "emergency_hours", "nothing where hours is empty (unlimited)", "Give hours too.")


def check_roads_lead_elsewhere(check: Check) -> None:
    """Roads join two different places.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    roads = check["roads"]
    same = roads.usable("from", "to") & (roads.texts("from") == roads.texts("to"))
    check.report("roads", same, "to", "another place than from", "Remove the road or correct an end.")


def check_junctions(check: Check) -> None:
    """Nothing lies, is needed, based or loaded at a junction.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    kinds = check["places"].texts("kind")
    junctions = {place for place, row in check["places"].ids("place").items() if kinds[row] == "junction"}
    if not junctions:
        return
    for table, column in PLACES_USED:
        typed = check[table].typed.get(column)
        if typed is None or typed.codes is None:
            continue
        wrong = np.array([*(not junctions.isdisjoint(word.split(";")) for word in typed.words), False], dtype=bool)
        check.report(table, wrong[typed.codes] & typed.usable, column, "a place that is not a junction",
                     "Nothing lies, is needed, based or loaded at a junction.")  # fmt: skip


def check_costs_given(check: Check) -> None:
    """Every commodity has cost_without or rows in deprivation.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    commodities, deprivation = check["commodities"], check["deprivation"]
    if not deprivation.complete or not commodities.has("commodity"):
        return
    curved = np.isin(commodities.texts("commodity").astype(str), list(deprivation.ids("commodity")))
    lacking = commodities.typed["cost_without"].absent & ~curved
    check.report("commodities", lacking, "cost_without", "a number of at least 0, or rows in deprivation",
                 "Say what a unit missing for a period costs.")  # fmt: skip


def check_convex_deprivation(check: Check) -> None:
    """Deprivation curves start at zero and their slopes do not fall.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    draft = check["deprivation"]
    rows = np.flatnonzero(draft.usable("commodity", "periods_without", "cost_per_unit"))
    names, times, costs = draft.texts("commodity"), draft.numbers("periods_without"), draft.numbers("cost_per_unit")
    rows = np.array(sorted(rows.tolist(), key=lambda row: (names[row], times[row])), dtype=np.int64)
    wrong, advice = [], []
    name, time, cost, slope = None, 0.0, 0.0, 0.0
    for row in rows.tolist():
        if names[row] != name:
            name, time, cost, slope = names[row], 0.0, 0.0, 0.0
        if times[row] == time:
            continue  # reported as a duplicate key
        steep = (costs[row] - cost) / (times[row] - time)
        if steep < slope - SLOPE_TOLERANCE * max(1.0, abs(slope)):
            wrong.append(row)
            advice.append(
                f"From period {time:g} on the curve of {name!r} rises by {steep:g} a period, before by {slope:g}."
            )
        time, cost, slope = times[row], costs[row], max(steep, slope)
    check.report("deprivation", wrong, "cost_per_unit", "slopes that do not fall (a convex curve from 0)", advice)


def check_expiry(check: Check) -> None:
    """Arrivals can be used at least in the period in which they come.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    arrivals = check["arrivals"]
    early = arrivals.usable("period", "expires") & (arrivals.numbers("expires") < arrivals.numbers("period"))
    check.report("arrivals", early, "expires", "a period not before the row's period", "Correct one of the two.")


def check_windows(check: Check) -> None:
    """Windows of tasks and effects start before they end.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    for table in ("tasks", "effects"):
        draft = check[table]
        empty = draft.usable("start", "end") & (draft.numbers("start") > draft.numbers("end"))
        check.report(table, empty, "end", "a period not before start", "Correct one of the two.")


def check_group_weights(check: Check) -> None:
    """Every group of people has a weight in the policy.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    if check.weights is None:
        return
    for table in ("needs", "backlogs", "assurances"):
        draft = check[table]
        typed = draft.typed.get("group")
        if typed is None or typed.codes is None:
            continue
        hints = [nearest(word, check.weights) for word in typed.words]
        wrong = np.array([*(word not in check.weights for word in typed.words), False], dtype=bool)
        rows = np.flatnonzero(wrong[typed.codes] & typed.usable)
        advice = [f"{hints[int(typed.codes[row])]} Else add it to policy.group_weights." for row in rows]
        check.report(table, rows, "group", "a group with a weight in policy.group_weights", advice)


def check_effect_targets(check: Check) -> None:
    """Effects act on ids of their table, a zone or all; on a commodity only where there are some.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    effects = check["effects"]
    tables, where = effects.texts("table"), effects.texts("where")
    idle = effects.usable("table", "commodity") & ~np.isin(tables.astype(str), CARRIES_COMMODITIES)
    check.report("effects", idle, "commodity", f"nothing but for {', '.join(CARRIES_COMMODITIES)}", "Empty the cell.")
    zones = check["zones"].ids("zone")
    for table, (holder, noun) in HOLDERS.items():
        if not (check["zones"].complete and check[holder].complete):
            continue
        ids = check[holder].ids(TABLES[holder].unique[0])
        rows = np.flatnonzero(effects.usable("table", "where") & (tables == table) & (where != "*"))
        lost = [row for row in rows.tolist() if where[row] not in ids and where[row] not in zones]
        advice = [nearest(where[row], [*ids, *zones]) for row in lost[:10]] + [""] * max(0, len(lost) - 10)
        check.report("effects", lost, "where", f"{noun}, a zone or *", advice)


def check_tiers(check: Check) -> None:
    """Shares of public money by level sum to 1.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    tiers = check["tiers"]
    if not len(tiers) or not tiers.complete or not tiers.usable("share").all():
        return
    total = float(tiers.numbers("share").sum())
    if abs(total - 1.0) > 1e-9:
        check.report("tiers", [0], "share", "shares that sum to 1", f"They sum to {total:g}: correct them.")


RULES: tuple[Callable[[Check], None], ...] = (
    check_zone_cycles,
    check_zone_levels,
    check_roads_lead_elsewhere,
    check_one_core,
    check_superior_cycles,
    check_party_hours,
    check_costs_given,
    check_convex_deprivation,
    check_junctions,
    check_expiry,
    check_windows,
    check_group_weights,
    check_effect_targets,
    *DUTY_RULES,
    *PREPARATION_RULES,
    *INDICATOR_RULES,
    check_tiers,
    *HISTORY_RULES,
    *DAMAGE_RULES,
    *FORECAST_RULES,
    *FACILITY_RULES,
    *RISK_RULES,
    *MODE_RULES,
)
"""All rules, in the order in which they are checked."""
