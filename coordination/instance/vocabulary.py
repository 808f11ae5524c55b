"""The closed lists of words, and the recurring types of cells, named once."""

from typing import Annotated, Literal, get_args

from coordination.instance.columns import Kind

Level = Literal["community", "street", "district", "city", "metro"]
LEVELS: tuple[str, ...] = get_args(Level)
"""Levels of zones, from the lowest to the highest."""

PlaceKind = Literal["community", "depot", "supplier", "hospital", "facility", "junction"]
PLACE_KINDS: tuple[str, ...] = get_args(PlaceKind)
"""Kinds of places; at a ``junction`` nothing lies, is needed or based."""

PartyKind = Literal[
    "core", "residents_committee", "owners_committee", "property_company", "social_organisation", "social_workers",
    "volunteers", "hospital", "enterprise", "social_enterprise", "supplier", "agency",
]  # fmt: skip
PARTY_KINDS: tuple[str, ...] = get_args(PartyKind)
"""Kinds of parties; exactly one party is the ``core``."""

Domain = Literal["safety", "convenience", "governance", "supply"]
DOMAINS: tuple[str, ...] = get_args(Domain)
"""Domains of responsibility."""

Role = Literal["accountable", "responsible", "backup", "consulted", "informed"]
ROLES: tuple[str, ...] = get_args(Role)
"""Roles of parties in tasks; ``responsible`` is a doer."""

Rule = Literal["must", "may", "must_not"]
RULES: tuple[str, ...] = get_args(Rule)
"""What a mandate says of a role."""

EffectTable = Literal["needs", "arrivals", "stocks", "fleets", "skills", "roads", "places", "facilities"]
EFFECT_TABLES: tuple[str, ...] = get_args(EffectTable)
"""Tables on which the effects of a scenario act."""

PinTable = Literal[
    "shipments",
    "inventory",
    "service",
    "responsibilities",
    "gaps",
    "facilities",
    "modes",
    "prices",
    "escalations",
    "changes",
    "messages",
    "repairs",
    "curve",
    "modules",
    "visits",
]
PIN_TABLES: tuple[str, ...] = get_args(PinTable)
"""Tables of a plan, in contract order, of which pins may speak."""

HeldTable = Literal["tasks", "needs", "facilities", "zones"]
HELD_TABLES: tuple[str, ...] = get_args(HeldTable)
"""Tables of whose rows ``held`` says what was decided, or met, before the horizon."""

EventAction = Literal["add", "change", "remove"]
EVENT_ACTIONS: tuple[str, ...] = get_args(EventAction)
"""What news does to a row."""

Mode = Literal["normal", "emergency", "parallel"]
MODES: tuple[str, ...] = get_args(Mode)
"""Operating modes of zones; ``parallel``: fighting and living side by side."""

Rung = Literal["nothing", "state", "intentions", "plans", "prices"]
RUNGS: tuple[str, ...] = get_args(Rung)
"""What coalitions see of each other, each rung with all below it."""

Guess = Literal["pessimistic", "optimistic", "last_seen", "shared_plan"]
GUESSES: tuple[str, ...] = get_args(Guess)
"""What coalitions that decide by judgement guess that others do; each needs the rung at its place in `RUNGS`."""

ModeList = Annotated[str, Kind("list", among=("any", *MODES))]
Id = Annotated[str, Kind("id")]
Text = Annotated[str, Kind("text")]
ZoneId = Annotated[str, Kind("id", reference="zones")]
PlaceId = Annotated[str, Kind("id", reference="places")]
PartyId = Annotated[str, Kind("id", reference="parties")]
CommodityId = Annotated[str, Kind("id", reference="commodities")]
TaskId = Annotated[str, Kind("id", reference="tasks")]
ScenarioId = Annotated[str, Kind("id", reference="scenarios")]
PlaceList = Annotated[str, Kind("list", reference="places")]
CommodityList = Annotated[str, Kind("list", reference="commodities")]
KindList = Annotated[str, Kind("list", among=PARTY_KINDS)]

Share = Annotated[float, Kind("number", "share", least=0, most=1)]
Quantity = Annotated[float, Kind("number", "units of the commodity", least=0)]
Tonnes = Annotated[float, Kind("number", "tonnes", least=0)]
Hours = Annotated[float, Kind("number", "hours", least=0)]
Minutes = Annotated[float, Kind("number", "minutes", least=0)]
Kilometres = Annotated[float, Kind("number", "km", least=0)]
Money = Annotated[float, Kind("number", "money", least=0)]
Signed = Annotated[float, Kind("number")]
Count = Annotated[float, Kind("number", least=0)]
Positive = Annotated[float, Kind("number", above=0)]
Period = Annotated[int, Kind("whole", "period", least=0, period=True)]
ObservedPeriod = Annotated[int, Kind("whole", "period", period=True)]
LastPeriod = Annotated[int, Kind("whole", "period", least=0)]
Periods = Annotated[int, Kind("whole", "periods", least=0)]
FromOne = Annotated[int, Kind("whole", "periods", least=1)]
Whole = Annotated[int, Kind("whole", least=0)]
