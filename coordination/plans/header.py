"""The file ``plan.json``: what the plan is, how good it is, and where it comes from."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["plan", "preparation", "cycle", "comparison", "settlement"]

Amount = Annotated[float, Field(allow_inf_nan=False)]


class PlanReason(BaseModel):
    """Why one place goes short of the commodity of which it lacks the largest share."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    place: str
    """The place."""
    commodity: str
    """The commodity."""
    short: Amount
    """Share of the need over the horizon that stays unserved."""
    quantity: Amount
    """The same in the commodity's unit."""
    limit: str
    """The limit that binds, as in prices; or several, cost, nothing, unreachable, none."""
    id: str
    """Of the limit, as in prices; empty where it is none of them."""
    periods: list[int]
    """Periods in which the limit has a price."""
    more: Amount
    """How much more of it a re-solve was given: units, hours or tonnes."""
    saving: Amount | None
    """Money by which the re-solve's social cost is lower; null without a re-solve."""
    sentence: str
    """All this for people."""


class PlanFront(BaseModel):
    """Points of two terms of the social cost that cannot be better in both."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    terms: list[str]
    """Both terms."""
    exact: bool
    """Whether these are all points of the front, proven."""
    points: list[list[Amount | None]]
    """Of each point both terms, and the least social cost with them, null where there was no time; money."""


class PlanRules(BaseModel):
    """What the policy's rules on fairness and order cost."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    without: Amount | None
    """Least social cost found without the rules, money; null where there was no time."""
    price: Amount | None
    """Social cost of this plan above that, money."""
    front: PlanFront | None
    """The front of two terms where policy.objective is pareto."""


class PlanBaseline(BaseModel):
    """What the plan saves against what dispatchers do without a solver."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    rule: Literal["field"]
    """The rule: field, own reserve first, then proportional from the nearest depot."""
    objective: Amount
    """Social cost of the rule's own plan, money."""
    saves: Amount
    """That less the social cost of this plan, money; negative where the rule does better."""
    share: Amount | None
    """The same as a share of the rule's social cost; null where that is not above 0."""


class PlanPosition(BaseModel):
    """Where a player of a settlement stands before and after payments."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    party: str
    """The player."""
    cash: Amount
    """What it pays out in the plan: transport and work, money."""
    valued: Amount
    """What else falls on it: deprivation, gaps, interest and the like, money."""
    pays: Amount
    """What it pays to others in all, whole cents; negative where it receives."""


class PlanSettlement(BaseModel):
    """The game of a settlement, and whether anybody gains by leaving."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    method: str
    """By which the shares that are paid were found."""
    methods: list[str]
    """All methods told in table shares, the paid one first."""
    by: str
    """Who the players are: party, or the level of zones whose parties act together."""
    roles: Literal["fixed", "free"]
    """Whether a coalition keeps the roles of the plan or plans anew."""
    seed: int
    """Of the draws of an estimated Shapley value."""
    settle_in: str
    """What is shared: the whole social cost, cash alone, or what people go without (supplies)."""
    rights: str | None
    """Whose roads without an owner are (policy.rights); null: nobody's."""
    players: int
    """Number of players."""
    joint: Amount
    """What all together would pay in the game, money."""
    above: Amount
    """What the plan costs more than that, money."""
    alone: Amount
    """What all would pay alone, summed, money."""
    epsilon: Amount
    """Least that some coalition gains by leaving whatever the shares; 0 where the core is not empty, money."""
    coalition: list[str]
    """The subset that comes nearest to leaving, or would."""
    excess: Amount
    """What it would gain, money; negative where it would lose."""
    bound: Amount
    """No subset would gain more, money."""
    stable: bool
    """Whether no subset gains more than the tolerance."""
    tolerance: Amount | None = None
    """Gain that counts as none, money: a cent for each player (null: that), in large cases at least 1e-8 of the joint
    cost, which is as near as their programs are solved."""
    certificate: list[str]
    """All this in words."""
    words: list[str] = []
    """What the settlement means, in plain words: what pooling saves, who gains, who gives, who pays, what is proven."""
    positions: list[PlanPosition]
    """Each player's costs and payment."""


class PlanReplanned(BaseModel):
    """Where a plan made anew comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    after: int
    """Periods of the plan before that are carried out."""
    before: Amount
    """Social cost of the plan before, with all carried out before it, money."""
    executed: Amount
    """Social cost of all that is carried out, money; what a task costs once counts with its last period."""
    total: Amount | None
    """That and the social cost of this plan, money."""
    news: list[str]
    """The events that it heeds."""
    released: list[str]
    """Tasks under way whose roles could not go on, and were chosen anew."""
    keeping: Amount | None = None
    """Social cost of this instance, prices of changes left out, when kept as near as may be to the plan before, money;
    null where it was not found out."""


class PlanRound(BaseModel):
    """A round of prices."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    round: int
    """From 1 on; 0: before any prices."""
    value: Amount
    """Cost of what the core cleared, money."""
    bound: Amount | None
    """Best so far: with these roles nothing costs less, money; null where nothing is proven."""
    offers: int
    """Offers taken up."""


class PlanNetworked(BaseModel):
    """How coalitions and the core came to a plan."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    by: str
    """Who decided together: party, or the level of zones whose parties did."""
    decomposition: str = "prices"
    """How the core found prices: of a clearing that must fit (prices), or moved by what does not fit (consensus)."""
    coalitions: list[str]
    """Names of the coalitions."""
    rounds: list[PlanRound]
    """Every round of prices."""
    bound: Amount | None
    """With these roles nothing costs less, money; null where nothing is proven."""
    gap: Amount | None
    """max(0, objective − bound) / max(1e-10, |objective|) with that bound; null where nothing is proven."""


class PlanRepair(BaseModel):
    """One repair."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    thing: str
    """The road or place."""
    party: str
    """Whose crew repairs it."""
    hours: Amount
    """Hours of the crew, the way there included."""
    whole_from: int
    """First period in which it is whole."""
    saves: Amount | None
    """Social cost that would be added without this repair, roles and the others held, money; null: not found out."""


class PlanRecovery(BaseModel):
    """What is repaired, why, and what is lost in the meantime."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    area_lost: dict[str, Amount]
    """By zone the sum of 1 − function over the horizon, in periods: the resilience triangle."""
    repairs: list[PlanRepair]
    """All repairs, those first that are whole first."""
    left: list[str]
    """What is damaged and not repaired within the horizon."""


class PlanSwitch(BaseModel):
    """One zone going from one operating mode into another."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    zone: str
    """The zone, which chooses its mode."""
    period: int
    """First period in the mode."""
    left: str
    """The mode it was in."""
    entered: str
    """The mode it goes into."""
    earlier: Amount | None
    """Social cost that going into it one period earlier would add, roles and other zones' modes held, money; null: not
    allowed, or not found out."""
    later: Amount | None
    """The same for one period later."""


class PlanSwitching(BaseModel):
    """When zones switch their operating mode, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    switches: list[PlanSwitch]
    """All switches, by period."""


class PlanHeader(BaseModel):
    """The head of a plan folder."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    kind: Kind
    """What kind of decision the folder holds."""
    status: str
    """How it ended: optimal (proven within the requested gap), feasible, infeasible, …"""
    objective: Amount | None
    """Social cost of the plan, money; null without a feasible plan."""
    terms: dict[str, Amount]
    """The terms of the social cost with the sign they enter with, money."""
    bound: Amount | None
    """No plan can cost less, money; null where nothing is proven."""
    gap: Amount | None
    """max(0, objective − bound) / max(1e-10, |objective|); null where nothing is proven."""
    seconds: dict[str, Amount]
    """Seconds of each stage: read, build, compile, solve, write, …"""
    sizes: dict[str, Any]
    """Sizes of the instance and of the model."""
    versions: dict[str, str]
    """Versions of everything that could change the plan."""
    options: dict[str, Any]
    """Options it was made with: gap (requested), time_limit, threads, scenario, …"""
    seed: int | None
    """Seed of the solver."""
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """Hash of the instance's validated content."""
    notes: list[str] = []
    """Remarks that honesty asks for: limits reached, what was not proven."""
    reasons: list[PlanReason] = []
    """Why places go short, those that go most short first."""
    rules: PlanRules | None = None
    """What the policy's rules on fairness and order cost; null without such rules."""
    baseline: PlanBaseline | None = None
    """What the plan saves against the field rule; null where there was no time to find out."""
    solver: dict[str, str] = {}
    """What the solver chose and why, by stage of planning."""
    settlement: PlanSettlement | None = None
    """The game and the certificate of a settlement; null for other kinds."""
    replanned: PlanReplanned | None = None
    """Where a plan made anew comes from; null for others."""
    networked: PlanNetworked | None = None
    """How coalitions and the core came to a plan of networked governance; null for others."""
    recovery: PlanRecovery | None = None
    """What is repaired and why; null where nothing is damaged."""
    switching: PlanSwitching | None = None
    """When zones switch their operating mode, and why; null where they choose none."""


class DepotValue(BaseModel):
    """What one more unit at a depot would save."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    place: str
    """The depot."""
    commodity: str
    """Of what."""
    value: Amount
    """Mean social cost that one more unit there would save, money."""


class GroupUnmet(BaseModel):
    """Need of a group that stays unmet, tonnes."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    group: str
    """The group of people."""
    mean: Amount
    """Over all scenarios."""
    cvar: Amount
    """Mean of the worst scenarios, at policy.risk.level."""
    worst: Amount
    """In the worst scenario that may happen."""


class Assured(BaseModel):
    """What comes of a row of table assurances."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    row: int
    """Its line, the header being 1."""
    limit: Amount
    """Share of the need that may stay unmet."""
    measure: Literal["probability", "level"]
    """What was asked for: a probability that the limit is kept, or the level of a CVaR that keeps it."""
    asked: Amount
    """That probability, or that level."""
    found: Amount
    """The probability with which the limit is kept; or CVaR of the share unmet."""


class Replayed(BaseModel):
    """What a full plan of a scenario costs after the first stage."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    scenario: str
    """The scenario."""
    response: Amount
    """Social cost of the response with roles in shares, as the first stage was decided by."""
    plan: Amount
    """Social cost of the plan."""
    difference: Amount
    """That less the response."""


class PolicyWorth(BaseModel):
    """What a way of deciding costs while a forecast sharpens."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    policy: str
    """static: everything now; rolling: as if for good, anew with every forecast; tree: reckoning with later decisions;
    wait and see: as if all were known now, which is no policy (in the mean a bound)."""
    cost: Amount
    """As the objective, over all ways through the forecasts."""
    saves: Amount
    """The cost of static less that."""
    simulated: Amount | None = None
    """Mean cost over simulated events, in which people need otherwise than believed."""
    low: Amount | None = None
    """Lower end of its 95 % interval."""
    high: Amount | None = None
    """Upper end of it."""
    saved: Amount | None = None
    """Mean of what is saved against static in the same events."""
    saved_low: Amount | None = None
    """Lower end of its 95 % interval."""
    saved_high: Amount | None = None
    """Upper end of it."""


class PreparationHeader(PlanHeader):
    """The content of ``plan.json`` of a preparation."""

    figures: dict[str, Amount | None] = {}
    """What money is spent, what scenarios cost, what knowing and adapting are worth, how well stock lies."""
    unmet: list[GroupUnmet] = []
    """What of its need each group does not get."""
    assured: list[Assured] = []
    """What comes of each row of table assurances."""
    replayed: list[Replayed] = []
    """What full plans of some scenarios cost after the first stage."""
    marginal: list[DepotValue] = []
    """What one more unit at each depot would save."""
    level: str | None = None
    """Level of zones by which the instance was put together from a larger one; full plans are of the larger one."""
    adapting: list[PolicyWorth] = []
    """What adapting to forecasts is worth, by policy."""
