"""The smallest town that shows every concept: data by name, for any formulation made of the concepts.

Supply: a depot and a ward, one food, two batches (*old* expires in period 0), two periods, two lanes (the *road*,
over a bridge with a capacity, arrives at once; the *rail* one period later). Responsibility: two tasks (*meals* hand
out the food, *watch*), a committee, volunteers, the core.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pyomo.environ as pyo


def index(*entries: Any) -> pd.Index:
    """Return an index of ids, or of tuples of ids."""
    return pd.MultiIndex.from_tuples(entries) if isinstance(entries[0], tuple) else pd.Index(entries)


def members(groups: Mapping[Any, Sequence[Any]]) -> pd.DataFrame:
    """Return an indexed set as a table: columns of the index, then of the member."""

    def flat(value: Any) -> tuple[Any, ...]:
        return value if isinstance(value, tuple) else (value,)

    return pd.DataFrame([[*flat(key), *flat(member)] for key, found in groups.items() for member in found])


def param(values: Mapping[Any, float]) -> pd.Series:
    """Return a parameter by index."""
    return pd.Series(list(values.values()), index=index(*values))


OLD, NEW, NEXT = ("depot", "old", 0), ("depot", "new", 0), ("depot", "new", 1)
WARD_OLD, WARD_NEW, WARD_NEXT = ("ward", "old", 0), ("ward", "new", 0), ("ward", "new", 1)
BY_ROAD_OLD, BY_ROAD, BY_ROAD_NEXT, BY_RAIL = (
    ("road", "old", 0),
    ("road", "new", 0),
    ("road", "new", 1),
    ("rail", "new", 0),
)
SERVE_OLD, SERVE, SERVE_NEXT = ("ward", "old", "all", 0), ("ward", "new", "all", 0), ("ward", "new", "all", 1)
NEED, NEED_NEXT = ("ward", "food", "all", 0), ("ward", "food", "all", 1)

SUPPLY: dict[str, Any] = {
    "LANES": index("road", "rail"),
    "BATCHES": index("old", "new"),
    "SHIPMENTS": index(BY_ROAD_OLD, BY_ROAD, BY_ROAD_NEXT, BY_RAIL),
    "tonnes": param({"old": 0.5, "new": 0.5}),
    "lane_cost": param({"road": 3.0, "rail": 1.0}),
    "HOLDINGS": index(OLD, NEW, NEXT, WARD_OLD, WARD_NEW, WARD_NEXT),
    "SERVICE": index(SERVE_OLD, SERVE, SERVE_NEXT),
    "ARRIVING": members({WARD_OLD: [BY_ROAD_OLD], WARD_NEW: [BY_ROAD], WARD_NEXT: [BY_ROAD_NEXT, BY_RAIL]}),
    "LEAVING": members({OLD: [BY_ROAD_OLD], NEW: [BY_ROAD, BY_RAIL], NEXT: [BY_ROAD_NEXT]}),
    "SERVED_FROM": members({WARD_OLD: [SERVE_OLD], WARD_NEW: [SERVE], WARD_NEXT: [SERVE_NEXT]}),
    "HELD_OVER": members({NEXT: [NEW], WARD_NEXT: [WARD_NEW]}),
    "supply": param({OLD: 4.0, NEW: 20.0}),
    "kept": param({NEXT: 0.9}),
    "COMMODITIES": index("food"),
    "NEEDS": index(NEED, NEED_NEXT),
    "MEETING": members({NEED: [SERVE_OLD, SERVE], NEED_NEXT: [SERVE_NEXT]}),
    "WAITING_BEFORE": members({NEED_NEXT: [NEED]}),
    "carry_over": param({"food": 0.8}),
    "due": param({NEED: 10.0, NEED_NEXT: 12.0}),
    "SEGMENTS": index((*NEED, 1), (*NEED_NEXT, 1), (*NEED_NEXT, 2)),
    "SEGMENTS_OF": members({NEED: [(*NEED, 1)], NEED_NEXT: [(*NEED_NEXT, 1), (*NEED_NEXT, 2)]}),
    "segment_width": param({(*NEED, 1): 10.0, (*NEED_NEXT, 1): 12.0, (*NEED_NEXT, 2): 8.0}),
    "segment_cost": param({(*NEED, 1): 5.0, (*NEED_NEXT, 1): 5.0, (*NEED_NEXT, 2): 9.0}),
    "lapse_cost": param({NEED: 1.2}),
    "lapsed_at_start": 0.0,
    "STORES": index(("depot", 0), ("depot", 1)),
    "STORED": members({("depot", 0): [NEW], ("depot", 1): [NEXT]}),
    "storage": param({("depot", 0): 3.0, ("depot", 1): 3.0}),
    "overflow_cost": 10.0,
    "FLEET_PERIODS": index(("trucks", 0), ("trucks", 1), ("train", 0)),
    "CARRIED_BY": members(
        {("trucks", 0): [BY_ROAD_OLD, BY_ROAD], ("trucks", 1): [BY_ROAD_NEXT], ("train", 0): [BY_RAIL]}
    ),
    "lane_hours": param({"road": 2.0, "rail": 1.0}),
    "fleet_hours": param({("trucks", 0): 4.0, ("trucks", 1): 5.0, ("train", 0): 3.0}),
    "ROAD_PERIODS": index(("bridge", 0), ("bridge", 1)),
    "ROLLING_ON": members({("bridge", 0): [BY_ROAD_OLD, BY_ROAD], ("bridge", 1): [BY_ROAD_NEXT]}),
    "road_capacity": param({("bridge", 0): 1.5, ("bridge", 1): 2.0}),
    "NEEDY": index(("ward", "food")),
    "SERVED_AT": members({("ward", "food"): [SERVE_OLD, SERVE, SERVE_NEXT]}),
    "need_total": param({("ward", "food"): 22.0}),
    "worst_off_cost": 44.0,
    "most_tonnes": 24.0,
}
"""Who may send what, and what is needed."""

MEALS_COMMITTEE, MEALS_VOLUNTEERS, WATCH = ("meals", "committee"), ("meals", "volunteers"), ("watch", "committee")
DOERS = (MEALS_COMMITTEE, MEALS_VOLUNTEERS, WATCH)
CALM, STRICT = ([("quarter", mode, t) for t in (0, 1)] for mode in ("normal", "emergency"))
CHOICES = (*CALM, *STRICT)

RESPONSIBILITY: dict[str, Any] = {
    "TASKS": index("meals", "watch"),
    "ACCOUNTABLE": index(MEALS_COMMITTEE, ("meals", "core"), WATCH, ("watch", "core")),
    "CANDIDATES": members({"meals": [MEALS_COMMITTEE, ("meals", "core")], "watch": [WATCH, ("watch", "core")]}),
    "SPANNED": index("committee"),
    "ANSWERS_FOR": members({"committee": [MEALS_COMMITTEE, WATCH]}),
    "level_cost": param({("meals", "core"): 20.0, ("watch", "core"): 30.0}),
    "span": param({"committee": 1.0}),
    "PERIODS": index(0, 1),
    "DOERS": index(*DOERS),
    "COVER": index(*[(*doer, t) for doer in DOERS for t in (0, 1)]),
    "TASK_PERIODS": index(*[(task, t) for task in ("meals", "watch") for t in (0, 1)]),
    "DOERS_OF": members({"meals": [MEALS_COMMITTEE, MEALS_VOLUNTEERS], "watch": [WATCH]}),
    "COVERING": members(
        {
            (doer[0], t): [(*other, t) for other in DOERS if other[0] == doer[0]]
            for doer in (MEALS_COMMITTEE, WATCH)
            for t in (0, 1)
        }
    ),
    "COVER_OF": members({doer: [(*doer, 0), (*doer, 1)] for doer in DOERS}),
    "width": 1.0,
    "task_hours": param({"meals": 8.0, "watch": 6.0}),
    "most_cover": param({(*doer, t): {"meals": 8.0, "watch": 6.0}[doer[0]] for doer in DOERS for t in (0, 1)}),
    "most_doers": param({"meals": 2, "watch": 1}),
    "least_hours": param({MEALS_COMMITTEE: 1.6, MEALS_VOLUNTEERS: 1.6, WATCH: 1.2}),
    "gap_cost": param({"watch": 20.0}),
    "work_cost": param({MEALS_COMMITTEE: 15.0, WATCH: 12.0}),
    "effort_cost": param({MEALS_VOLUNTEERS: 5.0}),
    "handover_cost": 7.0,
    "benefit": param({MEALS_VOLUNTEERS: 2.0}),
    "BACKED_UP": index("meals"),
    "BACKUPS": index(MEALS_COMMITTEE, MEALS_VOLUNTEERS),
    "BACKUPS_OF": members({"meals": [MEALS_COMMITTEE, MEALS_VOLUNTEERS]}),
    "backups_wanted": param({"meals": 1.0}),
    "backup_cost": 50.0,
    "KINDS": index(MEALS_VOLUNTEERS),
    "DOERS_OF_KIND": members({MEALS_VOLUNTEERS: [MEALS_VOLUNTEERS]}),
    "BACKUPS_OF_KIND": members({MEALS_VOLUNTEERS: [MEALS_VOLUNTEERS]}),
    "kind_cost": 40.0,
    "coverage_cost": 30.0,
    "HOUR_LIMITS": index(*[(party, t) for party in ("committee", "volunteers") for t in (0, 1)]),
    "TAKEN": members(
        {("committee", t): [(*MEALS_COMMITTEE, t), (*WATCH, t)] for t in (0, 1)}
        | {("volunteers", t): [(*MEALS_VOLUNTEERS, t)] for t in (0, 1)}
    ),
    "RESERVED": members({(doer[1], t): [doer] for doer in (MEALS_COMMITTEE, MEALS_VOLUNTEERS) for t in (0, 1)}),
    "factor": param({MEALS_COMMITTEE: 1.25, MEALS_VOLUNTEERS: 1.0, WATCH: 1.0}),
    "reserve": param({MEALS_COMMITTEE: 1.0, MEALS_VOLUNTEERS: 0.8}),
    "available": param({(p, t): hours for p, hours in (("committee", 6.5), ("volunteers", 4.0)) for t in (0, 1)}),
}
"""Who may answer, do and stand by."""

HANDOUT: dict[str, Any] = {
    "HANDOUTS": index(("quarter", 0), ("quarter", 1)),
    "HANDED_OUT": members({("quarter", 0): [SERVE_OLD, SERVE], ("quarter", 1): [SERVE_NEXT]}),
    "HANDING_OUT": members({("quarter", t): [(*MEALS_COMMITTEE, t), (*MEALS_VOLUNTEERS, t)] for t in (0, 1)}),
    "handout_rate": 0.5,
    "handout_capacity": param({("quarter", 0): 3.0, ("quarter", 1): 4.0}),
    "held_tonnes": param({("quarter", 0): 3.0, ("quarter", 1): 3.0}),
    "held_price": param({("quarter", 0): 100.0, ("quarter", 1): 100.0}),
}
"""Where both meet."""


TO_BRIDGE, TO_STORE, BRIDGE_STORE = (
    ("diggers", "home", "bridge"),
    ("diggers", "home", "store"),
    ("diggers", "bridge", "store"),
)
HALL_NODES = (("hall", "before", 0), ("hall", "home", 0), ("hall", "home", 1), ("hall", "store", 1))
HALL_STEPS = ("first", "stay", "on", "early", "late", "later", "hold", "back")
GO = ("ward", "food", "all", "beds", 1)

RULES: dict[str, dict[str, Any]] = {
    "dependencies": {
        "WAITS": index(("watch", 1)),
        "AWAITED": index(("watch", "meals", 1)),
        "WORKING": members({("watch", 1): [(*WATCH, 1)]}),
        "EARLIER": members({("watch", "meals", 1): [(*MEALS_COMMITTEE, 0), (*MEALS_VOLUNTEERS, 0)]}),
        "hours_awaited": param({("watch", "meals", 1): 6.4}),
    },
    "diversity": {"ALIKE": index(("meals", "committee", "volunteers"), ("meals", "volunteers", "committee"))},
    "redundancy": {
        "RELYING": index("meals", "watch"),
        "DOERS_TO_RELY_ON": members({"meals": [MEALS_COMMITTEE, MEALS_VOLUNTEERS], "watch": [WATCH]}),
        "BACKUPS_TO_RELY_ON": members({"meals": [MEALS_COMMITTEE, MEALS_VOLUNTEERS]}),
        "reliance": param({MEALS_COMMITTEE: 1.0, MEALS_VOLUNTEERS: 0.5, WATCH: 1.0}),
    },
    "conflicts": {
        "ANSWER_CLASHES": index(("meals", "committee", "watch", "committee"), ("meals", "core", "watch", "core")),
        "MIXED_CLASHES": index(
            ("meals", "committee", "watch", "committee"), ("watch", "committee", "meals", "committee")
        ),
        "DOER_CLASHES": index(("meals", "committee", "watch", "committee")),
    },
    "consulted": {
        "ADVISED": index("meals"),
        "CONSULTED": index(MEALS_COMMITTEE, MEALS_VOLUNTEERS, ("meals", "core")),
        "CONSULTED_ON": members({"meals": [MEALS_COMMITTEE, MEALS_VOLUNTEERS, ("meals", "core")]}),
        "ANSWERS_TOO": index(MEALS_COMMITTEE, ("meals", "core")),
        "DOES_TOO": index(MEALS_COMMITTEE, MEALS_VOLUNTEERS),
        "STANDS_BY_TOO": index(MEALS_COMMITTEE, MEALS_VOLUNTEERS),
        "most_consulted": param({"meals": 1.0}),
    },
    "mandates": {
        "ORDERS": index(("agreement", "meals"), ("law", "watch"), ("custom", "meals"), ("charter", "meals")),
        "ORDERED_TO_ANSWER": members({("law", "watch"): [WATCH]}),
        "ORDERED_TO_DO": members({("agreement", "meals"): [MEALS_COMMITTEE]}),
        "ORDERED_TO_STAND_BY": members({("custom", "meals"): [MEALS_VOLUNTEERS]}),
        "ORDERED_TO_ADVISE": members({("charter", "meals"): [("meals", "core")]}),
        "BARRED_FROM_DOING": index(MEALS_VOLUNTEERS),
        "BARRED_FROM_STANDING_BY": index(MEALS_COMMITTEE),
    },
    "changes": {
        "CHOSEN_DOERS": index(MEALS_VOLUNTEERS, WATCH),
        "CHOSEN_SHIPMENTS": index("morning", "evening"),
        "SENT_AS_CHOSEN": members({"morning": [BY_ROAD_OLD, BY_ROAD], "evening": [BY_ROAD_NEXT]}),
        "doer_change_cost": param({MEALS_VOLUNTEERS: 30.0, WATCH: 30.0}),
        "chosen_tonnes": param({"morning": 1.5, "evening": 1.0}),
        "shipment_change_cost": param({"morning": 8.0, "evening": 8.0}),
    },
    "doers": {
        "ACTING": index(*[(*doer, t) for doer in DOERS for t in (0, 1)]),
        "period_effort": param({MEALS_VOLUNTEERS: 2.5}),
    },
    "continuity": {
        "ACTORS": index(*DOERS),
        "ACTING_OF": members({doer: [(*doer, 0), (*doer, 1)] for doer in DOERS}),
        "STEADY": index((*WATCH, 1, 0)),
        "LASTING": index((*WATCH, 1, 0)),
        "FOLLOWING": index((*MEALS_COMMITTEE, 1, 0), (*MEALS_VOLUNTEERS, 1, 0)),
        "CHANGES": index((*MEALS_COMMITTEE, 1), (*MEALS_VOLUNTEERS, 1)),
        "HANDOVERS": index(("meals", 1)),
        "LEAVING_IN": members({("meals", 1): [(*MEALS_COMMITTEE, 1), (*MEALS_VOLUNTEERS, 1)]}),
        "SUCCEEDING": members({("meals", 1): [(*MEALS_COMMITTEE, 1), (*MEALS_VOLUNTEERS, 1)]}),
        "TOO_SOON": index((*MEALS_VOLUNTEERS, 1, 1)),
        "AT_ONCE": index(("meals", 0), ("meals", 1)),
        "ACTING_IN": members({("meals", t): [(*MEALS_COMMITTEE, t), (*MEALS_VOLUNTEERS, t)] for t in (0, 1)}),
        "HANDING_OVER": members({("meals", 0): [(*MEALS_COMMITTEE, 1)]}),
        "BESIDE": index((*MEALS_COMMITTEE, 0, 1)),
        "period_hours": param({"meals": 0.8, "watch": 0.6}),
        "most_at_once": param({("meals", 0): 1.0, ("meals", 1): 1.0}),
    },
    "recovery": {
        "DAMAGED": index("bridge", "store"),
        "CREWS": index("diggers"),
        "REPAIRS": index(("diggers", "bridge"), ("diggers", "store")),
        "LEGS": index(TO_BRIDGE, TO_STORE, BRIDGE_STORE),
        "FIRST_LEGS": index(TO_BRIDGE, TO_STORE),
        "LATER_LEGS": index(BRIDGE_STORE),
        "FINISHED": index(("diggers", "bridge", 0), ("diggers", "bridge", 1), ("diggers", "store", 1)),
        "LASTING_REPAIRS": index(("diggers", "bridge", 1, 0)),
        "CREW_PERIODS": index(("diggers", 0), ("diggers", 1)),
        "AT_LAST": members({("diggers", thing): [("diggers", thing, 1)] for thing in ("bridge", "store")}),
        "BY_ANYBODY": members({thing: [("diggers", thing, 1)] for thing in ("bridge", "store")}),
        "COMING": members({("diggers", "bridge"): [TO_BRIDGE], ("diggers", "store"): [TO_STORE, BRIDGE_STORE]}),
        "GOING_ON": members({("diggers", "bridge"): [BRIDGE_STORE]}),
        "SETTING_OUT": members({"diggers": [TO_BRIDGE, TO_STORE]}),
        "WORKED_BY": members({("diggers", 0): [("diggers", 0)], ("diggers", 1): [("diggers", 0), ("diggers", 1)]}),
        "FINISHED_BY": members(
            {
                ("diggers", 0): [("diggers", "bridge", 0)],
                ("diggers", 1): [("diggers", "bridge", 1), ("diggers", "store", 1)],
            }
        ),
        "LATE_DAMAGE": index(("diggers", "store")),
        "WORKED_BEFORE": members({("diggers", "store"): [("diggers", 0)]}),
        "CREW_LIMITS": index(("committee", 0), ("committee", 1)),
        "CREWS_TAKING": members({("committee", t): [("diggers", t)] for t in (0, 1)}),
        "CONDITIONS": index(("cut", 0), ("cut", 1), ("sound", 1)),
        "CONDITIONED": index(0, 1),
        "CONDITIONS_IN": members({0: [("cut", 0)], 1: [("cut", 1), ("sound", 1)]}),
        "STILL_DAMAGED": index(("bridge", 1)),
        "WHOLE_IN": members({("bridge", 1): [("sound", 1)]}),
        "REPAIRED_BEFORE": members({("bridge", 1): [("diggers", "bridge", 0)]}),
        "CONDITIONAL_TRIPS": index(("over", "trucks", 1)),
        "TRIPS_ON": members({("over", "trucks", 1): [BY_ROAD_NEXT]}),
        "TRIPS_IN": members({("over", "trucks", 1): [("sound", 1)]}),
        "CONDITIONAL_LOADS": index(("along", 0)),
        "LOADS_ON": members({("along", 0): [BY_RAIL]}),
        "LOADS_IN": members({("along", 0): [("cut", 0)]}),
        "CONDITIONAL_ROADS": index(("bridge", 1)),
        "ROAD_CONDITIONS": index(("bridge", "cut", 1), ("bridge", "sound", 1)),
        "CAPACITY_IN": members({("bridge", 1): [("bridge", "cut", 1), ("bridge", "sound", 1)]}),
        "DAMAGED_STORES": index(("depot", 1)),
        "STORE_REPAIRED": members({("depot", 1): [("diggers", "store", 1)]}),
        "leg_hours": param({TO_BRIDGE: 3.0, TO_STORE: 4.0, BRIDGE_STORE: 3.5}),
        "least_repair": param({("diggers", "bridge"): 3.0, ("diggers", "store"): 3.5}),
        "most_crew_hours": param({"diggers": 8.0}),
        "crew_cost": param({"diggers": 9.0}),
        "trip_hours": param({("over", "trucks", 1): 5.0}),
        "condition_capacity": param({("bridge", "cut", 1): 0.5, ("bridge", "sound", 1): 2.0}),
        "storage_left": param({("depot", 1): 1.0}),
        "storage_regained": param({("depot", 1): 2.0}),
    },
    "modes": {
        "MODES": index(*CHOICES),
        "MODE_PERIODS": index(("quarter", 0), ("quarter", 1)),
        "MODES_IN": members({("quarter", t): [CALM[t], STRICT[t]] for t in (0, 1)}),
        "FIRST_MODES": index(CALM[0], STRICT[0]),
        "LATER_MODES": index((*CALM[1], 0), (*STRICT[1], 0)),
        "STAYING": index(*STRICT),
        "STARTED": members({STRICT[0]: [STRICT[0]], STRICT[1]: [*STRICT]}),
        "least_mode": param({STRICT[0]: 0.0}),
        "most_mode": param({CALM[1]: 1.0}),
        "mode_before": param({CALM[0]: 1.0}),
        "mode_cost": param({CALM[0]: 6.0, CALM[1]: 9.0, STRICT[0]: 4.0, STRICT[1]: 4.0}),
        "switch_cost": param({STRICT[0]: 3.0, STRICT[1]: 3.0}),
        "MODAL_TASKS": index(("watch", 0), ("watch", 1)),
        "ASKING": members({("watch", t): [STRICT[t]] for t in (0, 1)}),
        "MODAL_DOERS": index(WATCH),
        "DUTIES": index((*WATCH, 0), (*WATCH, 1)),
        "DUTIES_OF": members({WATCH: [(*WATCH, 0), (*WATCH, 1)]}),
        "DUTY_ASKING": members({(*WATCH, t): [STRICT[t]] for t in (0, 1)}),
        "CALLS": index((*MEALS_VOLUNTEERS, 1)),
        "CALL_ASKING": members({(*MEALS_VOLUNTEERS, 1): [CALM[1]]}),
        "duty_hours": param({WATCH: 0.6}),
        "duty_cost": param({WATCH: 2.0}),
        "MODE_LIMITS": index(("volunteers", 1)),
        "LIMIT_COVER": members({("volunteers", 1): [(*MEALS_VOLUNTEERS, 1)]}),
        "LIMIT_BACKUPS": members({("volunteers", 1): [MEALS_COMMITTEE]}),
        "LIMIT_CALLS": members({("volunteers", 1): [(*MEALS_VOLUNTEERS, 1)]}),
        "NORMAL_LOADS": index(("committee", "quarter", 0)),
        "NORMAL_CHOICE": members({("committee", "quarter", 0): [CALM[0]]}),
        "LOAD_COVER": members({("committee", "quarter", 0): [(*MEALS_COMMITTEE, 0)]}),
        "LOAD_BACKUPS": members({("committee", "quarter", 0): [MEALS_COMMITTEE]}),
        "LOAD_CALLS": members({("committee", "quarter", 0): [(*MEALS_VOLUNTEERS, 1)]}),
        "NORMAL_LIMITS": index(("committee", 0)),
        "LOADS_OF": members({("committee", 0): [("committee", "quarter", 0)]}),
        "NORMAL_COVER": members({("committee", 0): [(*WATCH, 0)]}),
        "NORMAL_CALLS": members({("committee", 0): [(*MEALS_VOLUNTEERS, 1)]}),
        "mode_available": param({("volunteers", 1): 9.0}),
        "most_load": param({("committee", "quarter", 0): 7.0}),
        "zone_hours": param({("committee", "quarter", 0): 5.0}),
        "normal_hours": param({("committee", 0): 5.0}),
        "MODAL_HANDOUTS": index(("quarter", 1)),
        "HANDOUT_ASKING": members({("quarter", 1): [STRICT[1]]}),
        "MODAL_HANDED_OUT": members({("quarter", 1): [SERVE_NEXT]}),
        "MODAL_HANDING_OUT": members({("quarter", 1): [(*MEALS_COMMITTEE, 1)]}),
        "MODAL_HANDING_USES": members({("quarter", 1): [("store", 1)]}),
        "MODAL_HANDING_MODULES": members({("quarter", 1): [("wing", 1)]}),
        "most_handed": param({("quarter", 1): 11.0}),
        "MODAL_FLOORS": index(("custom", 1)),
        "MODAL_FLOOR_STEPS": members({("custom", 1): ["late", "later"]}),
        "FLOOR_CHOICE": members({("custom", 1): [CALM[1]]}),
        "floor_value": param({("custom", 1): 6.0}),
        "floor_kept": param({("custom", 1): 4.0}),
    },
    "facilities": {
        "FACILITY_NODES": index(*HALL_NODES),
        "STEPS": index(*HALL_STEPS),
        "STEPS_INTO": members(
            {("hall", "home", 0): ["first"], ("hall", "home", 1): ["stay"], ("hall", "store", 1): ["early"]}
        ),
        "STEPS_FROM": members(
            {
                ("hall", "before", 0): ["first"],
                ("hall", "home", 0): ["stay", "early", "late"],
                ("hall", "home", 1): ["on", "later"],
                ("hall", "store", 1): ["hold", "back"],
            }
        ),
        "USES": index(("store", 0), ("store", 1), ("beds", 0), ("beds", 1)),
        "USING": members({("store", 0): ["early"], ("store", 1): ["hold", "later"], ("beds", 1): ["late"]}),
        "path_begins": param({("hall", "before", 0): 1.0}),
        "everyday_lost": param({"early": 6.0, "late": 12.0, "later": 6.0, "hold": 6.0, "back": 6.0}),
    },
    "modules": {
        "MODULES": index(("wing", 0), ("wing", 1), ("tent", 1)),
        "MODULE_STEPS": members({("wing", 0): ["early"], ("wing", 1): ["hold", "later"], ("tent", 1): ["late"]}),
        "MODULE_EARLIER": members({("wing", 1): [("wing", 0)]}),
        "MODULE_FIRST": index(("tent", "wing", 1)),
        "MODULE_LEAD": index(("wing", 0, 0), ("wing", 1, 1), ("wing", 1, 0), ("tent", 1, 1)),
        "MODULE_USES": index(("wing", "store", 0), ("wing", "store", 1), ("tent", "beds", 1)),
        "fitted_before": param({("wing", 0): 1.0}),
        "module_cost": param({("wing", 0): 2.0, ("wing", 1): 2.0, ("tent", 1): 3.0}),
        "step_cost": param({"early": 9.0, "late": 8.0, "later": 9.0, "back": 1.0}),
    },
    "floors": {
        "SERVICE_FLOORS": index(("law", 1)),
        "FLOOR_STEPS": members({("law", 1): ["late", "later", "hold", "back"]}),
        "step_value": param(dict.fromkeys(HALL_STEPS, 6.0)),
        "floor_room": param({("law", 1): 3.0}),
    },
    "rotation": {
        "ROTATIONS": index("lunch", "supper"),
        "USED_BY": index("school_0", "school_2"),
        "TAKEN_BY": members({"school_0": ["lunch"], "school_2": ["lunch", "supper"]}),
        "used_by": param({"school_0": 1.0, "school_2": 3.0}),
        "rotation_money": param({"lunch": 2.5, "supper": 1.0}),
        "ROTATED": members({"old": ["lunch", "supper"]}),
        "REPLACING": index("food"),
        "REPLACED": members({"food": ["lunch", "supper"]}),
        "BOUGHT_ALONE": members({"food": ["food"]}),
        "most_replaced": param({"food": 12.0}),
    },
    "assurance": {
        "ASSURED": index(("kept", "calm"), ("kept", "storm")),
        "CHANCES": index("kept"),
        "ASSURED_IN": members({"kept": [("kept", "calm"), ("kept", "storm")]}),
        "chance": param({("kept", "calm"): 0.7, ("kept", "storm"): 0.3}),
        "least_probability": param({"kept": 0.6}),
        "EXCEEDED": index(("tail", "calm"), ("tail", "storm")),
        "TAILS": index("tail"),
        "EXCEEDED_IN": members({"tail": [("tail", "calm"), ("tail", "storm")]}),
        "tail_weight": param({("tail", "calm"): 1.4, ("tail", "storm"): 0.6}),
        "most_unmet": param({"tail": 0.25}),
    },
    "losses": {"WORST": index("dearest")},
    "visits": {
        "VISITS": index(GO),
        "VISITED": index(("beds", 1)),
        "VISITS_TO": members({("beds", 1): [GO]}),
        "VISITED_MODULES": members({("beds", 1): [("tent", 1)]}),
        "VISITING": members({NEED_NEXT: [GO]}),
        "VISITS_FROM": members({("ward", "food"): [GO]}),
        "use_capacity": param({("store", 0): 2.0, ("store", 1): 2.0, ("beds", 0): 5.0, ("beds", 1): 5.0}),
        "module_capacity": param({("wing", 0): 1.0, ("wing", 1): 1.0, ("tent", 1): 4.0}),
    },
    "overflow": {
        "STORING": members({("depot", 0): [("store", 0)], ("depot", 1): [("store", 1)]}),
        "STORING_MODULES": members({("depot", 0): [("wing", 0)], ("depot", 1): [("wing", 1)]}),
    },
    "handout": {
        "HANDING_USES": members({("quarter", 1): [("store", 1)]}),
        "HANDING_MODULES": members({("quarter", 1): [("wing", 1)]}),
    },
    "escalation": {
        "GAPS": index(("meals", 0)),
        "COVER_BELOW": members({("meals", 0): [(*MEALS_VOLUNTEERS, 0)]}),
        "ESCALATED": index((*MEALS_COMMITTEE, 0), (*MEALS_COMMITTEE, 1)),
        "GAPS_BEFORE": members({(*MEALS_COMMITTEE, 1): [("meals", 0)]}),
        "least_gap": param({"meals": 0.08, "watch": 0.06}),
    },
}
"""Rules that are off unless a test switches them on, by concept.

The watch waits for 80 % of the meals; committee and volunteers count as of one kind; meals and watch stay apart;
on the committee anybody may rely, volunteers go half of the way to that;
somebody may be consulted on the meals, by charter the core. By law the committee answers for the watch, by agreement it
does the meals, and volunteers stand by. Doers of the meals hand over at the start of period 1, without overlap but that
the committee works beside the volunteers in period 0 (two periods show no more); the committee is called to the meals
one period after the volunteers fell short; who watches stays. A plan before had volunteers at the meals, and goods by
road in both periods. Diggers of the committee may repair the bridge, and the depot from period 1 on. A hall can be a
store at once, early or later, for one period at least, or have beds in period 1; a
wing enlarges the store, a tent the beds, and half of the hall's everyday value is kept in period 1. The quarter may go
from normal mode into emergency for two periods at least: then only is the watch asked for, and hand-out limited in
period 1, where normal mode keeps more of the hall.
"""


PREPARATION: dict[str, Any] = {
    "OPTIONS": index("small", "large"),
    "SITES": index("ward"),
    "SIZES": members({"ward": ["small", "large"]}),
    "option_money": param({"small": 30.0, "large": 50.0}),
    "option_tonnes": param({"small": 2.0, "large": 5.0}),
    "PURCHASES": index("food"),
    "unit_money": param({"food": 4.0}),
    "buy_tonnes": param({"food": 0.5}),
    "most_bought": param({"food": 12.0}),
    "LOTS": index("old"),
    "lot_quantity": param({"old": 4.0}),
    "MOVES": index("over"),
    "OUT_OF": members({"old": ["over"]}),
    "move_money": param({"over": 1.5}),
    "move_tonnes": param({"over": 0.5}),
    "STANDBYS": index("crew"),
    "standby_money": param({"crew": 6.0}),
    "most_standby": param({"crew": 3.0}),
    "ROOMS": index("depot", "ward"),
    "room_left": param({"depot": 1.0, "ward": 1.5}),
    "ROOM_ADDED": members({"ward": ["small", "large"]}),
    "ROOM_BOUGHT": members({"ward": ["food"]}),
    "ROOM_IN": members({"ward": ["over"]}),
    "ROOM_OUT": members({"depot": ["over"]}),
    "FLOORS": index("law", "custom"),
    "floor_quantity": param({"law": 9.0, "custom": 6.0}),
    "floor_price": param({"custom": 8.0}),
    "most_lacking": param({"law": 0.0}),
    "FLOOR_BOUGHT": members({"law": ["food"]}),
    "FLOOR_IN": members({"law": ["over"]}),
    "FLOOR_OUT": members({"custom": ["over"]}),
    "BUDGETS": index("all"),
    "budget": param({"all": 70.0}),
    "money_weight": 2.0,
    "worst_weight": 0.5,
}
"""Before the event: a store at the ward in two sizes, food to buy or move there from the depot, a crew to keep ready.

By law 9 units lie at the ward; by custom 6 at the depot, at a price.
"""


KITCHEN, GATE = ("meals", "committee", 0), ("watch", "committee", 0)
MUTUAL_AID: dict[str, Any] = {
    "takes_price": param({OLD: 2.0, WARD_NEW: 7.0}),
    "road_price": param({("bridge", 0): 1.5}),
    "reached_price": param({("ward", "food"): -0.25}),
    "WORK": index(KITCHEN, GATE),
    "CONTRACTS": index(MEALS_COMMITTEE, WATCH),
    "WORK_OF": members({MEALS_COMMITTEE: [KITCHEN], WATCH: [GATE]}),
    "OWN_WORK": index(("meals", 0), ("watch", 0)),
    "COVERED": index(("watch", 0)),
    "COVERED_BY": members({("watch", 0): [GATE]}),
    "HELP": index(("meals", 0)),
    "OWN_HELP": members({("meals", 0): [("meals", 0)]}),
    "HELPED_BY": members({("meals", 0): [KITCHEN]}),
    "WORK_LIMITS": index(("committee", 0)),
    "WORK_IN": members({("committee", 0): [KITCHEN, GATE]}),
    "HANDING": members({("quarter", 0): [("meals", 0)]}),
    "work_hours": param({("meals", 0): 8.0, ("watch", 0): 6.0}),
    "work_gap_cost": param({("meals", 0): 200.0, ("watch", 0): 100.0}),
    "most_work": param({KITCHEN: 8.0, GATE: 6.0}),
    "work_pay": param({MEALS_COMMITTEE: 12.0, WATCH: 9.0}),
    "work_factor": param({MEALS_COMMITTEE: 1.0, WATCH: 1.25}),
    "least_work": param({MEALS_COMMITTEE: 0.8, WATCH: 0.6}),
    "work_left": param({("committee", 0): 10.0}),
    "help_price": param({("meals", 0): 15.0}),
    "handed_price": param({("quarter", 0): 30.0}),
    "OFFERS": index(0, 1),
    "PARTS": index(0, 1),
    "OFFERS_OF": members({0: [0], 1: [1]}),
    "GOODS_OFFERED": index((*NEW, 0), (*WARD_NEW, 0), (*WARD_NEW, 1)),
    "GOODS_OFFERS": members({NEW: [(*NEW, 0)], WARD_NEW: [(*WARD_NEW, 0), (*WARD_NEW, 1)]}),
    "goods_offered": param({(*NEW, 0): 10.0, (*WARD_NEW, 0): -10.0, (*WARD_NEW, 1): 9.0}),
    "LIMITS": index(0),
    "LIMIT_OFFERED": index((0, 0)),
    "LIMIT_OFFERS": members({0: [(0, 0)]}),
    "limit_offered": param({(0, 0): 5.0}),
    "limit_left": param({0: 1.5}),
    "HELPS": index(0),
    "HELP_OFFERED": index((0, 1)),
    "HELP_OFFERS": members({0: [(0, 1)]}),
    "help_offered": param({(0, 1): -8.0}),
    "help_left": param({0: -8.0}),
    "COUNTED": index(0),
    "REACH_OFFERED": index((0, 1)),
    "REACH_OFFERS": members({0: [(0, 1)]}),
    "reach_offered": param({(0, 1): 9.0}),
    "counted_total": param({0: 22.0}),
    "offer_cost": param({0: 3.0, 1: 40.0}),
}
"""A committee that cooks with others' help and watches alone, and the core that clears its two offers."""


def off(table: Any) -> Any:
    """Return an index, relation or parameter without entries."""
    return table.iloc[:0] if hasattr(table, "iloc") else table[:0]


def town(model: pyo.AbstractModel, rules: Sequence[str] = (), **changes: Any) -> dict[str, Any]:
    """Return the data of the town that a formulation declares.

    Parameters
    ----------
    model : pyomo.environ.AbstractModel
        Any formulation made of the concepts.
    rules : sequence of str
        Concepts of `RULES` that are on.
    **changes
        Other values: a mapping changes entries of a parameter, a number replaces it.
    """
    beyond = {
        name: value if rule in rules else off(value) for rule, data in RULES.items() for name, value in data.items()
    }
    everything = SUPPLY | RESPONSIBILITY | HANDOUT | PREPARATION | MUTUAL_AID | beyond
    data = {name: value for name, value in everything.items() if model.component(name) is not None}
    for name, change in changes.items():
        data[name] = param(dict(data[name].items()) | change) if isinstance(change, dict) else change
    return data
