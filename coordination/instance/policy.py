"""The policy of an instance: prices and rules that hold everywhere."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from coordination.instance.columns import Column, Kind, Row, absent, columns_of
from coordination.instance.vocabulary import LEVELS, Guess, Level, Money, Periods, Rung, Share
from coordination.terms import TERM_NAMES

GROUP_WEIGHTS: Mapping[str, float] = MappingProxyType({"general": 1.0, "vulnerable": 3.0})
"""Weights of groups before given ones are merged over them."""

RISK: Mapping[str, float] = MappingProxyType({"lambda": 0.0, "level": 0.95})
"""Risk in a preparation before given numbers are merged over them: the mean alone."""

RISK_KEYS = (*RISK, "losses")
"""What risk may say: losses, where given, is how many things of table ``losses`` are lost at once at most."""

NOT_YET: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "governance": ("control",),
    }
)
"""Values that the design knows but nothing carries out yet: refused by name."""

CHANGEABLE = ("doer", "shipment")
"""What ``change_cost`` puts a price on."""

Weight = Annotated[float, Kind("number", least=0)]
OnOff = tuple[Annotated[float, Field(ge=0, le=1)], Annotated[float, Field(ge=0, le=1)]]


class Policy(Row):
    """Prices and rules that hold everywhere, all with defaults."""

    objective: Literal["social_cost", "lexicographic", "pareto"] = "social_cost"
    """What plans minimise: the sum of all terms of the social cost; terms in ``order`` before it; or two at once."""
    group_weights: Annotated[dict[str, Weight], Kind("weights")] = Field(
        default_factory=lambda: dict(GROUP_WEIGHTS), json_schema_extra={"absent": "general 1, vulnerable 3"}
    )
    """Weight of each group's deprivation; given weights are merged over general 1 and vulnerable 3."""
    handout_tonnes_per_hour: Annotated[float, Kind("number", "tonnes per hour", least=0)] = 0.5
    """Tonnes that one covered hour of a supply task hands out."""
    gap_cost: Annotated[float, Kind("number", "money per hour", least=0)] = 200.0
    """Price of an hour of a task that nobody covers, where the task does not say."""
    backup_cost: Annotated[float, Kind("number", "money per backup", least=0)] = 50.0
    """Price of a backup that is missing."""
    kind_cost: Annotated[float, Kind("number", "money per kind", least=0)] = 50.0
    """Price of a kind of party that should take part in a task and does not."""
    overflow_cost: Annotated[float, Kind("number", "money per tonne and period", least=0)] = 10.0
    """Price of a tonne above a place's storage at a period's end."""
    level_cost: Annotated[float, Kind("number", "money per level", least=0)] = 10.0
    """Price of each level between the accountable party and its task."""
    backup_reserve: Share = 0.1
    """Share of a task's hours that a backup keeps free."""
    worst_off: Money = 0.0
    """Price of the largest unserved share over places and commodities."""
    min_share: Share = 0.1
    """Least share of a task's hours that a doer covers over its window."""
    span: Annotated[int, Kind("whole", "tasks", least=0)] | None = absent("unlimited")
    """Most tasks that one party other than the core is accountable for."""
    reliability: Literal["ignore", "expected"] = "ignore"
    """Whether hours count as promised, or as expected: then covering one takes the party 1 / reliability times more."""
    coverage: Share | None = absent("nothing asked for")
    """Probability, doers and backups of a task failing each by itself, that at least one of them shows up."""
    coverage_cost: Annotated[float, Kind("number", "money per task", least=0)] = 50.0
    """Price of a task where nobody can be relied on at all; of a part of the way to ``coverage`` that part."""
    load: Literal["social_cost", "leximin"] = "social_cost"
    """How work is shared out: at least social cost; or, of plans about as good, by the one with the fairest loads."""
    load_allowance: Share | None = absent("the requested gap")
    """Share of the least social cost found that a plan with fairer loads may cost more."""
    depends_share: Share = 1.0
    """Share of the earlier hours of each task it waits for that must be covered before a task is worked."""
    backup_diversity: bool = False
    """Whether backups of a task must be of other kinds than its doers."""
    handover_cost: Money | None = absent("doers are chosen once for the whole window")
    """Price of each change of doers within a task's window; with it they may join and hand over at a period's start."""
    overlap_periods: Periods = 1
    """Periods that a doer who hands over works beside the one who joined for it."""
    escalation_delay: Periods | None = absent("parties from above may be doers at once")
    """Periods after the first gap from which a party from above the task's zone may be a doer."""
    mode: Literal["emergency", "normal", "parallel", "thresholds", "optimise"] = "emergency"
    """Operating mode of every zone; or thresholds: each zone's by its severity, see ``thresholds``; or optimise: the
    plan chooses them, see ``mode_level`` and table ``mode_rules``."""
    thresholds: Annotated[dict[Literal["emergency", "parallel"], OnOff], Kind("thresholds")] | None = absent("none")
    """Severities, 0 to 1, at which a zone goes into a mode (on) and out of it (off): {emergency: [on, off], …}."""
    mode_level: Level | None = absent("zones that were observed, and those without a zone above")
    """Level of the zones whose modes are chosen where mode is optimise, and of those above all: others follow them."""
    governance: Literal["centralised", "networked", "alone", "judgement"] = "centralised"
    """Who decides: the core; coalitions at prices that the core posts; each without the others; or each by a guess."""
    information: Rung = "prices"
    """What coalitions see of each other: where goods lie, what others say they would take, their plans, prices."""
    guess: Guess = "optimistic"
    """What coalitions that decide by judgement guess that others take of the goods of all."""
    coalitions: Literal["party", "community", "street", "district", "city"] = "party"
    """Who decides together where not the core does: each party by itself, or all parties of a zone of this level."""
    price_rounds: Annotated[int, Kind("whole", "rounds", least=0)] | None = absent("until the gap is proven")
    """Most rounds of prices of networked governance."""
    decomposition: Literal["prices", "consensus"] = "prices"
    """How the core of networked governance finds prices: of a clearing that must fit; or moved by what does not fit."""

    rationing: Literal["social_cost", "leximin", "field"] = "social_cost"
    """How what is short is shared out: at least social cost, the worst served shares first, or by the field rule."""
    max_gini: Share | None = absent("unlimited")
    """Most that the Gini coefficient of served shares, by place and commodity, may be."""
    max_ratio: Annotated[float, Kind("number", "times", least=1)] | None = absent("unlimited")
    """Most times that the largest served share may be the smallest."""
    change_cost: Annotated[dict[str, Weight], Kind("weights", among=CHANGEABLE)] | None = absent("changes cost nothing")
    """When planning anew, money for each doer (doer) and each tonne of a shipment (shipment) decided otherwise."""
    approval_periods: Annotated[dict[str, Weight], Kind("weights", among=LEVELS)] | None = absent("0 everywhere")
    """When ways of deciding are compared, periods that approval takes at each level between a place and the core."""
    order: Annotated[str, Kind("list", among=TERM_NAMES)] | None = absent("none")
    """Terms of the social cost: the most important first for lexicographic, the two of the front for pareto."""
    rights: Literal["population", "use", "law"] | None = absent("nobody's: shared by every coalition")
    """Whose the capacity of roads without an owner is in a settlement: by people, by use in the plan, or by law."""
    settle_in: Literal["social_cost", "cash", "supplies"] = "social_cost"
    """What is shared in a settlement: the whole social cost, only what is paid (transport and work), or only what
    people go without."""

    budget: Money | None = absent("unlimited")
    """Money that may be spent before anything happens."""
    money_weight: Annotated[float, Kind("number", "social cost per unit of money", least=0)] = 1.0
    """Social cost of a unit of money spent before anything happens."""
    risk: Annotated[dict[str, Weight], Kind("weights")] = Field(
        default_factory=lambda: dict(RISK), json_schema_extra={"absent": "lambda 0, level 0.95"}
    )
    """Weight of the worst scenarios in a preparation: lambda of CVaR beside the mean, at the confidence level; with
    losses: of the worst loss of at most so many things of table ``losses`` in CVaR's place."""

    @field_validator("order", mode="before")
    @classmethod
    def _join(cls, order: Any) -> Any:
        """Terms may be given as a list; they are kept as tables write lists."""
        return ";".join(order) if isinstance(order, list | tuple) else order

    @field_validator("risk", mode="after")
    @classmethod
    def _complete(cls, risk: dict[str, float]) -> dict[str, float]:
        """Given numbers win over the defaults."""
        return {**RISK, **risk}

    @field_validator("group_weights", mode="after")
    @classmethod
    def _merge(cls, weights: dict[str, float]) -> dict[str, float]:
        """Given weights win over the defaults, groups not given keep theirs."""
        return {**GROUP_WEIGHTS, **weights}


POLICY: Mapping[str, Column] = MappingProxyType({column.name: column for column in columns_of(Policy)})
"""The policy's keys, in contract order."""
