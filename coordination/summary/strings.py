"""Texts of the summary, all of them here, so that they can be translated."""

STATUS = {
    "optimal": "Proven within the requested gap",
    "feasible": "A plan, not yet proven to the requested gap",
    "infeasible": "No plan can meet all rules",
    "time_limit": "The time was over before there was a plan",
    "interrupted": "Interrupted; the best plan so far",
    "unbounded": "The cost can fall without end: some price must be wrong",
    "unknown": "The solver gave no answer that can be trusted",
}
NO_PLAN = "{title}: {status}. There is no plan to sum up."
HEAD = "{title}: {status}; social cost {cost}, {proof}."
PROOF = "at most {gap} above the least possible"
PROOF_WITH_RULES = "at most {gap} above the least possible that keeps the policy's rules"
NO_PROOF = "how far above the least possible is not known"
SAVES = "Against the field rule: {share} less social cost ({cost} instead of {rule})."
SAVES_NOTHING = "Against the field rule: no less social cost ({cost}; the rule's is {rule})."
COSTS_MORE = "Against the field rule: {share} more social cost ({cost} instead of {rule}): plan for longer."
IS_RULE = "This is the field rule's plan, with which plans of this instance are compared."
RULE_UNKNOWN = (
    "Against the field rule: not known. There was no time to work it out, or the field rule does not keep all rules "
    "that are asked for here (`coordination dispatch` says which)."
)
RULES = "The policy's rules cost {price}: without them the least social cost found is {without}."
NOTE = "Note: {note}"
NOTES_LEFT = "Notes: {count} more stand in plan.json."

NEED = "Need met: {share} of {asked} t{vulnerable}{least}."
LEAST_MET = "; least of {goods}"
SHARE_OF = "{goods} {share}"
VULNERABLE = "; of group {group} {share}"
NO_NEED = "Need met: nobody needs anything."
ALL_MET = "Spread: every place has all it asks for."
SPREAD = (
    "Spread over {places} places: least {least}, a quarter below {low}, half below {middle}, most {most}; Gini {gini}."
)

SCARCE = "Scarce, {kind}: {items}{more}."
ITEM = "one more {unit} of {name} saves up to {price} ({periods})"
ITEM_NEXT = "{name} {price} ({periods})"
MORE = "; {count} more"
NO_PRICES = "Scarce: no limit has a price: none eased alone would help."
PRICES_MISSING = "Scarce: not known, prices are missing."
NOTHING_SCARCE = "Scarce: nothing; one more unit of any limit would save nothing."
LIMITS = {
    "stock": "goods", "storage": "storage", "fleet": "fleet hours", "road": "roads", "hours": "working hours",
    "handout": "hand-out",
}  # fmt: skip
UNITS = {"storage": "tonne", "fleet": "hour", "road": "tonne", "hours": "hour", "handout": "tonne"}
UNIT = "unit"
GOODS = "{commodity} at {place}"
ROAD = "{road} from {start}"
HOURS = "{party}, {skill}"

HOURS_COVERED = "Tasks: {covered} of {asked} h covered ({share}); missing: {gaps}."
FACILITIES = "Facilities away from everyday use: {count}, {names}{more}; everyday value lost {lost}, converting {cost}."
UNDER_WAY = "between uses"
AND_MORE = " and {count} more"
NO_TASKS = "Tasks: none."
GAPS = {"hours": "{amount} h", "backup": "{amount} backups", "kind": "{amount} kinds of party",
        "coverage": "coverage worth {amount} tasks"}  # fmt: skip
GAP_OF_ONE = {"backup": "1 backup", "kind": "1 kind of party", "coverage": "coverage worth 1 task"}
NO_GAPS = "nothing"

COST = "Cost by term: {terms}."
NO_COST = "Cost by term: nothing costs anything."
SECONDS = "Seconds: {stages}."

REPAIRED = "Repairs: {repairs}; function lost in {zone}: {area} periods."
REPAIR = "{thing} by {party}, whole from period {period}{saves}"
REPAIR_SAVES = " (saves {money})"
NO_REPAIR = "none"
LEFT = "Not repaired within the horizon: {things}."
SWITCHED = "Operating modes: {switches}."
SWITCH = "{zone} from {left} to {entered} in period {period}{why}"
SWITCH_OTHERWISE = "{money} more one period {way}"
NO_SWITCH = "no zone switches"

SHORTEST = "Most short, and why:"
WHY_UNKNOWN = "Most short (why was not found out for all, {cause}):"
INTERRUPTED = "planning was interrupted"
NO_TIME = "the time was over"
UNPRICED = "prices are missing"
LACKS = "{place} ({met} met) lacks {share} of its {commodity} ({quantity} {unit})."

ANEW = "Planned anew after {after}: {executed} carried out, {total} in all; before: {before}."
HEARD = "News: {news}."
RELEASED = "Roles chosen anew, as those who held them cannot all go on: {tasks}."
CHANGED = "Changes: {shipments}, {roles}."
UNCHANGED = "Changes: none."
ALL_SAVE = "Keeping as near as may be to the plan before would cost {keeping}: the changes save {saves}."
CHANGE = "  {key}: {after} instead of {before}; {why}{saves}."
CHANGE_SAVES = "; saves {money}"
NOBODY = "nobody"
AND_MORE = "  … and {count} more in changes.csv."
