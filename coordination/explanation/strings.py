"""Texts of explanations, all of them here, so that they can be translated."""

NOT_FEASIBLE = "explain: the plan is {status}: there is nothing to explain."
FIELD_RULE = (
    "explain: this plan follows the field rule and was not found by solving; plan the instance with "
    "`coordination plan` and explain that plan."
)
COALITIONS = (
    "explain: governance {governance} found; coalitions made this plan, and questions are answered by planning for "
    "everybody again. Explain a plan with governance centralised."
)
LARGE = (
    "explain: {name} is too large to be planned again for each question, and its plan keeps rules on fairness or "
    "order, under which roles cannot be chosen again around one task alone; explain a plan of a part of the city."
)
MANY_TASKS = (
    "explain: {name} is too large to be planned again, and {number} tasks would have to be chosen again together; "
    "at most {most} can be. Ask about one of these tasks, or about a plan of a part of the city."
)
FORBIDDEN_NEAR = "cannot be where everything else is held as planned: no hours are left for it, or rules forbid it"
NOTHING_TO_DROP = "drop: the plan is {status}: nobody does anything in it."
ONE_OF = "explain: found {found}; expected exactly one of task, place and party"
UNKNOWN = "explain: there is no {about} {found!r}. {advice}"
NOTHING_FOUND = "No plan was found in time"
NO_TIME = "not planned again: no time was left"
FORBIDDEN = "cannot be: {rules}"

NOW = (
    "Social cost {cost}, {gap}. Each number below: planned again with that one change, what it costs beyond this "
    "(±: how far off it may be, proven)."
)
AROUND = (
    "The city is too large to be planned again for each question. Held as planned are goods and what is handed out, "
    "and all tasks but {number} around this; their roles, chosen again, cost {cost}, {gap}. Each number below: chosen "
    "again with that one change, what it costs beyond this (±: how far off it may be, proven for these tasks)."
)
ALSO_SHORT = ", and {tonnes} t less are handed out"
FLEETS_STAY = "What its fleets bring is held as planned, and not counted."
BETTER = "The plan itself costs {cost}, {gap}; it was planned again, closer, to compare."
WITHIN = "proven gap {gap}"
NOTHING_PROVEN = "nothing proven"

TASK = "{task}: {domain}, {zone}, {hours} h of {skill} a period in {periods}; an hour not covered costs {gap_cost}."
FACILITY = "{place}: everyday {service}, worth {value} a period. In this plan: {course}."
IN = "in"
COME = "{quantity} of {commodity} are served there, to people of {places} places."
STORES = "As storage it takes {tonnes} t more."
HANDS_OUT = "As hand-out it gives out {tonnes} t a period beside what hours allow."
UNUSED = "Not converting it, planned again: {cost}."
STAYS = "Converting it would not lower the social cost."
ACCOUNTABLE = "{party} is accountable: costs {cost} for its level."
RESPONSIBLE = "{party} does it: covers {covered} of {asked} h, costs {cost} (work {work}, interest {interest}); {load}."
BACKUP = "{party} stands by: keeps {reserve} h a period free, at no cost; {load}."
LOAD = "takes up to {taken} of its {hours} h a period"
UNLIMITED = "takes up to {taken} h a period, without a limit"
NOBODY = {
    "accountable": "Nobody is accountable.",
    "responsible": "Nobody does it.",
    "backup": "Nobody stands by, {wanted} wanted.",
}
FREE = {"responsible": "{free} more may do it.", "backup": "{free} more should stand by."}
ALONE = "  Nobody else could: {why}."
ALONE_WHY = {
    "accountable": "no other party's jurisdiction contains the zone at that level, or rules bar it",
    "responsible": "no other party there has the skill and the hours for the least share, or rules bar it",
    "backup": "no other party there has the skill, or rules bar it",
}

INSTEAD = "  {party} instead: {cost}."
WITHOUT = "  without it, whoever is best then: {cost}."
JOINING = "  {party} too: {cost}."
MORE = "costs {money} more ({proof})"
LESS = "saves {money} ({proof})"
SAME = "costs the same ({proof})"
PROOF = "± {off}"
UNPROVEN = "nothing proven"

GAP_HOURS = "{hours} h are not covered, in {periods}: costs {cost}."
GAP_BACKUP = "Backups missing: {number}; costs {cost}."
GAP_KIND = "No {kind} takes part: costs {cost}."
GAP_COVERAGE = "Less sure than asked for: {number} of the way to {asked} is missing; costs {cost}."
BINDING = "  Hours of {party} bind in {periods}; one more a period: {cost}."
DOERS_BIND = "  No more than {most} may do it; one more doer: {cost}."
NOT_BINDING = "  Hours left over, but not used here: {names}."

RULED = (
    "explain: this plan keeps rules on fairness or order, with which limits on goods have no prices; what binds at a "
    "place is told for plans of least social cost."
)
AMOUNTS = (
    "explain: amounts are set by hand in this plan (pins on shipments or service), with which limits on goods have no "
    "prices; what binds at a place is told for plans without them."
)
PLACE = "{place}: {met} of its need met by weight."
NOT_SHORT = "It lacks nothing that it needs."
NO_NEED = "Nothing is needed there."
HELD = (
    "Each saving below: solved again with that much more of one limit, all roles as planned "
    "(social cost then {cost}, the plan's {planned})."
)
HELD_LARGE = "Only shipments that the plan's prices call for were looked at: at least so much would be saved."
ALSO_BINDS = "  {text}"
NO_REASON = "Why is not known: {why}."
NOT_SOLVED = "the LP with the plan's roles was not solved in time"

ROLES = {
    "accountable": "accountable for {tasks}",
    "responsible": "does {tasks}",
    "backup": "stands by for {tasks}",
    "consulted": "consulted on {tasks}",
    "informed": "informed of {tasks}",
}
NO_ROLE = "has no role"
BRINGS = "Its fleets bring {tonnes} t in {number} shipments."
ALL_SKILLS = "all skills together"
PARTY_LOAD = "  {skill}: {taken} of {hours} h taken over all periods, {full}."
PARTY_UNLIMITED = "  {skill}: {taken} h taken over all periods, without a limit."
FULL = "full in {periods}"
NEVER_FULL = "never full"
NO_SKILL = "It has no hours of any skill."
ONE_MORE = "One more hour a period in each of its skills: {cost}."
ABSENT = "If it does not show up (no hours, no vehicles, no roles; stocks stay), the others doing their best: {cost}."
NEED_FALLS = "  need met: {before} now, {after} then."
LOSES = "  {task}: {hours} h less covered."
MORE_LOSE = "  {number} more tasks lose hours."
ANSWERS = "  {task}: {party} answers for it then."
