"""Texts of the reasons, all of them here, so that they can be translated."""

SHORT = "{place} ({met} met) lacks {share} of its {commodity} ({quantity} {unit}): "
LIMITS = {
    "stock": "stock binds, all that could come in time is used; {more} {unit} more at {id} in {period} "
    "would save {saving}",
    "storage": "storage at {id} binds in {periods}; {more} t more in {period} would save {saving}",
    "fleet": "hours of fleet {id} bind in {periods}; {more} h more in {period} would save {saving}",
    "road": "road {id} binds in {periods}; {more} t more in {period} would save {saving}",
    "hours": "hours of {id} to hand out bind in {periods}; {more} h more in {period} would save {saving}",
    "handout": "hand-out in {id} binds in {periods}: of {asked} h asked for in {period}, {covered} are covered{who}; "
    "{more} t more handed out then would save {saving}",
}
ALSO = {
    "stock": "; stock at {id} binds too", "storage": "; storage at {id} binds too",
    "fleet": "; hours of fleet {id} bind too", "road": "; road {id} binds too", "hours": "; hours of {id} bind too",
    "handout": "; hand-out in {id} binds too",
}  # fmt: skip
DOERS = " (by {names})"
NO_DOER = " (nobody does it)"
WAITS = ", as that waits for {names}"
SEVERAL = "no single limit: {names} bind together; a little more of each would save {saving}."
COST = "bringing and handing out one more {unit} costs {cost}, more than the {worth} that going without it costs"
FORCED = "; {more} {unit} more would raise the social cost by {rise}."
UNPAID = "wages to hand it out in {id} cost too much: {more} t more in {period} would save {saving} and cost {wage}."
NOTHING = "there is no stock and no arrival of it anywhere."
UNREACHABLE = "nothing can reach it: no fleet can bring any there within the horizon, still usable."
LATE = "nothing can reach it when it is wanted: some can be there only in {periods}."
FAR = "no facility that offers it is within reach by road."
NOT_CONVERTED = (
    "facilities within reach ({halls}) are not converted then: that would cost more than it saves, or cannot be."
)
FULL = "facilities within reach ({halls}) are full in {periods}; in other periods none of them is converted."
NONE = "no single limit found that, eased a little, would lower the social cost."
NAMES = {
    "stock": "stock at {id}", "storage": "storage at {id}", "fleet": "hours of fleet {id}", "road": "road {id}",
    "hours": "hours of {id}", "handout": "hand-out in {id}",
}  # fmt: skip
UNIT = "unit"
UNITS = "units"
BASE = "why places go short"
