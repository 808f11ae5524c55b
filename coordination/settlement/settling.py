"""Settle a plan: value coalitions, share the joint cost, pay, certify."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.errors import UsageError
from coordination.planning.clock import Clock
from coordination.planning.options import PlanOptions
from coordination.planning.planning import plan as plan_again
from coordination.planning.recovery import refuse_damage
from coordination.planning.ways import begun
from coordination.plans import Plan
from coordination.settlement.burdens import Burdens
from coordination.settlement.certificate import certified
from coordination.settlement.fiscal import fiscal_tiers, public_players, requisitioned_players
from coordination.settlement.games import (
    ListedGame,
    check_core,
    equal_profit,
    least_core,
    nash_bargaining,
    near_least_core,
    nucleolus,
    shapley,
)
from coordination.settlement.held import Held
from coordination.settlement.ledger import ledger, payments
from coordination.settlement.ownership import production_of
from coordination.settlement.players import players_of
from coordination.settlement.priced import PricedGame, priced_game, priced_model
from coordination.settlement.production import LISTED, LinearGame, ProductionGame
from coordination.settlement.rights import RIGHTS
from coordination.settlement.telling import in_words
from coordination.status import Status
from coordination.wording import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.case import Case
    from coordination.planning.session import Session
    from coordination.settlement.games import Game, LeastCore
    from coordination.settlement.players import Players

    Floats = NDArray[np.float64]

METHODS = ("owen", "least_core", "nucleolus", "shapley", "equal_profit", "nash")
AGREED = {"rights": RIGHTS, "settle_in": ("social_cost", "cash", "supplies")}
"""Keys of the policy that a settlement may have other than its plan, and their values."""
CENT = 0.01
MOST_FREE = 8
"""Players up to which coalitions are planned anew, roles free."""
MOST_CASH = 12
"""Players up to which what coalitions pay is compared: all of them are valued."""
NEAR = 1e-6
"""Share of all savings within which epsilon is found where the worst coalition takes a search."""
MOST_SEARCHES = 30
"""Such searches at most."""
NEAREST = 1e-8
"""Share of the joint cost of a large case as which a gain is none: its programs are not solved nearer."""
APART = 1e-6
"""Relative distance of the plan's cost and that of its game above which it is told."""


@dataclasses.dataclass
class Settled:
    """What a settlement is made of, before it is written.

    Attributes
    ----------
    game : Game
        What coalitions would pay by themselves.
    shares : dict of str to ndarray
        Of each method, by player, money; the first is paid.
    epsilon : float
        What some coalition gains whatever the shares; 0 where the core is not empty, or that is not known.
    known : bool
        Whether it is known if the core is empty.
    settle_in : str
        What is shared: social_cost, cash or supplies.
    notes : list of str
        Honest remarks.
    """

    game: Game
    shares: dict[str, Floats]
    epsilon: float
    known: bool
    settle_in: str
    notes: list[str]


def settle(
    plan: Plan | str | Path,
    *,
    method: str | tuple[str, ...] = "owen",
    by: str = "party",
    roles: str = "fixed",
    rights: str | None = None,
    settle_in: str | None = None,
    seed: int = 0,
    time_limit: float | None = None,
) -> Plan:
    """Share the cost of a plan among the parties so that pooling is worth while, and say who pays whom.

    Parameters
    ----------
    plan : Plan, str or Path
        A plan, or the folder of one.
    method : str or tuple of str
        owen (from the prices of the coordination LP), least_core, nucleolus, shapley, equal_profit or nash; of several
        the first is paid, the others are told in table ``shares``.
    by : str
        Who the players are: party, or the zones of a level (community, …), whose parties act together; parties above
        that level are one player with the core.
    roles : str
        fixed: a coalition keeps the roles of the plan; free: each coalition plans anew, up to 8 players.
    rights : str, optional
        Whose roads without an owner are: population, use or law; other than the plan's ``policy.rights``.
    settle_in : str, optional
        What is shared: social_cost, cash or supplies; other than the plan's ``policy.settle_in``.
    seed : int
        Of the draws by which the Shapley value is estimated beyond 12 players.
    time_limit : float, optional
        Seconds for each search of the worst coalition; its bound then says how far it got.

    Returns
    -------
    Plan
        Of kind settlement: the plan with tables ``shares`` and ``ledger`` and the record ``settlement``.

    Raises
    ------
    UsageError
        An option is unknown, the plan has no feasible answer, or it is larger or has rules that are not settled yet.
    PlanError
        The folder is no plan folder, or damaged.
    SolverError
        A program was not solved.

    Notes
    -----
    The game is that of `coordination.settlement.production`: with roles fixed and every limit owned Owen's payoffs are
    in the core, proven by the duals. Roads with a capacity and no owner are nobody's (`policy.rights` says otherwise):
    then, or with roles free, the core may be empty, and the least core takes the place of Owen's payoffs, its epsilon
    stated. With ``policy.settle_in: cash`` only what is paid (transport, work) is shared, with
    ``supplies`` only what people go without.
    """
    plan = plan if isinstance(plan, Plan) else Plan.load(plan)
    methods = (method,) if isinstance(method, str) else tuple(method)
    refuse(plan, methods, roles)
    if time_limit is not None and not time_limit > 0.0:
        raise UsageError(f"settle: time limit {time_limit} found; expected seconds above 0")
    plan = _agreed(plan, {"rights": rights, "settle_in": settle_in})
    clock = Clock()
    with clock.stage("build"):
        session, small = _begun(plan)
        if not small:
            refuse_of_large(plan, methods, roles)
    options = {"by": by, "roles": roles, "seed": seed}
    with clock.stage("settle"):
        if not small:
            model, held = priced_model(session, plan)
            large, players = priced_game(session, model, held, plan, by)
            settled = _settled_large(large, methods)
            return _written(plan, model.case, players, Burdens(plan, held), settled, clock, options)
        case, held, players, production = _whole(session, plan, by)
        game = ProductionGame(production, players.names, players.of_party, time_limit)
        try:
            settled = _settled(plan, game, methods, roles, seed)
            return _written(plan, case, players, Burdens(plan, held), settled, clock, options)
        finally:
            game.close()


def _agreed(plan: Plan, keys: dict[str, str | None]) -> Plan:
    """Return the plan with keys of the policy on which planning does not depend as the settlement has them."""
    given = {name: value for name, value in keys.items() if value is not None}
    for name, value in given.items():
        if value not in AGREED[name]:
            raise UsageError(f"settle: {name} {value!r} found; expected one of {', '.join(AGREED[name])}")
    if not given:
        return plan
    instance = plan.instance.replace(policy=given)
    return dataclasses.replace(plan, instance=instance, sha256=instance.sha256)


def refuse(plan: Plan, methods: tuple[str, ...], roles: str) -> None:
    """Refuse options that are unknown, what is no plan, and plans without a feasible answer."""
    if plan.kind == "settlement":
        raise UsageError(
            "settle: the folder holds a settlement, whose costs are shared already; expected the plan that it settles "
            "(kind plan in plan.json), which lies beside it as it was."
        )
    if plan.kind != "plan":
        raise UsageError(f"settle: a {plan.kind} found; expected a plan (kind plan in plan.json).")
    if not plan.feasible:
        raise UsageError(f"settle: the plan is {plan.status}; expected a plan with costs to share.")
    unknown = [name for name in methods if name not in METHODS]
    if unknown or not methods or len(set(methods)) < len(methods):
        raise UsageError(f"settle: method {', '.join(methods) or 'none'} found; expected some of {', '.join(METHODS)}")
    if roles not in ("fixed", "free"):
        raise UsageError(f"settle: roles {roles!r} found; expected fixed or free")


def built(plan: Plan, by: str) -> tuple[Case, Held, Players, Any]:
    """Return the case, the plan's roles, the players and the coordination LP with its owners."""
    session, small = _begun(plan)
    if not small:
        raise UsageError(
            f"honesty: {plan.instance.name} has {int(session.columns.allowed.sum()):,} possible shipments; misreports "
            "are measured in cases whose model is solved whole (40,000). Measure a district by itself."
        )
    return _whole(session, plan, by)


def _begun(plan: Plan) -> tuple[Session, bool]:
    """Return a run of planning, begun, and whether the case's model is solved whole."""
    _refuse_made_anew(plan)
    refuse_damage(plan.instance, "A settlement")
    return begun(plan.instance, PlanOptions(scenario=plan.instance.scenario), Clock(), None)


def _whole(session: Session, plan: Plan, by: str) -> tuple[Case, Held, Players, Any]:
    session.columns.active = session.columns.allowed.copy()
    model = session.model
    halls = len(model.case.facilities.places)
    if halls:
        raise UsageError(
            f"settle: {plan.instance.name} has facilities that can be converted (places: {halls}); what that is "
            "worth to whom is not settled yet. Settle the instance without them."
        )
    held = Held.of(plan, model.roles)
    production = production_of(model, session.columns, held, plan)
    return model.case, held, players_of(model.case, production, by), production


def refuse_of_large(plan: Plan, methods: tuple[str, ...], roles: str) -> None:
    """Refuse what is not settled in large cases, whose coalitions are not valued one by one."""
    asked = [f"method {name}" for name in methods if name != "owen"]
    asked += ["roles free"] if roles == "free" else []
    settle_in = plan.instance.policy.settle_in
    asked += [f"settle_in {settle_in}"] if settle_in != "social_cost" else []
    if asked:
        raise UsageError(
            f"settle: {plan.instance.name} is too large for {', '.join(asked)}: of cases whose model is not solved "
            "whole (more than 40,000 possible shipments), Owen's payoffs with the plan's roles are settled alone."
        )


def _settled_large(game: PricedGame, methods: tuple[str, ...]) -> Settled:
    """Return Owen's payoffs of a large case; what is nobody's goes to those who save."""
    notes, joint = [], game.cost(game.everybody)
    sure = abs(game.unowned) <= CENT * APART * max(1.0, abs(joint))
    if not sure:
        notes.append(
            f"Roads with a capacity and no owner save {-game.unowned:,.2f} in the joint plan and are open to every "
            "coalition, so the core may be empty. In a case so large the least core is not looked for: what they save "
            "is shared in proportion to savings (policy.rights would assign them)."
        )
    return Settled(game, {name: shares_of(game, name) for name in methods}, 0.0, sure, "social_cost", notes)


def _refuse_made_anew(plan: Plan) -> None:
    """Refuse what a plan made anew goes on with, and what changes cost: nothing says yet whose that is."""
    instance = plan.instance
    rows = {"held": len(instance.held), "pins with a price": int(instance.pins["price"].notna().sum())}
    found = [f"{name} ({counted(number, 'row')})" for name, number in rows.items() if number]
    if found:
        raise UsageError(
            f"settle: {instance.name} has {', '.join(found)}; whose that is, nothing says yet. Settle the plan that "
            "was made anew, or plan without these rows."
        )


def _settled(plan: Plan, game: ProductionGame, methods: tuple[str, ...], roles: str, seed: int) -> Settled:
    """Return the shares of each method of the game that is played."""
    notes: list[str] = []
    played: Game = game
    if roles == "free":
        played = free_game(plan, game)
    settle_in = plan.instance.policy.settle_in
    if settle_in != "social_cost":
        played = _in_part(game, settle_in, roles)
    joint = played.cost(played.everybody)
    # Where Owen's argument does not hold the core may be empty.
    sure = played is game and abs(game.unowned) <= CENT * APART * max(1.0, abs(joint))
    least = None
    if not sure:
        methods = tuple(dict.fromkeys("least_core" if name == "owen" else name for name in methods))
        notes.append(_why_not_owen(plan, game, played is game))
    if (not sure or "least_core" in methods) and played.size > 1:
        least = _least(played, notes)
    epsilon = 0.0 if sure or least is None else max(0.0, least[1])
    shares = {
        name: least[0].shares if name == "least_core" and least else shares_of(played, name, seed, notes)
        for name in methods
    }
    known = sure or least is None or least[1] > 0.0 or least[0].epsilon <= 0.0
    return Settled(played, shares, epsilon, known, settle_in, notes)


def _least(game: Game, notes: list[str]) -> tuple[LeastCore, float]:
    """Return the least core, and what some coalition gains whatever the shares; near it where that takes a search."""
    if not isinstance(game, ProductionGame) or game.size <= LISTED:
        found = least_core(game)
        return found, found.epsilon
    joint = game.cost(game.everybody)
    # What is nobody's goes to those who save, not to those who bring nothing.
    inner = _with_rest(game.owen, game.alone, joint - float(game.owen.sum()))
    near = max(CENT * game.size, NEAR * abs(game.alone.sum() - joint))
    found, lower = near_least_core(game, inner, near=near, rounds=MOST_SEARCHES)
    if found.epsilon - max(0.0, lower) > CENT * game.size:
        notes.append(
            f"The least epsilon lies between {max(0.0, lower):,.2f} and {max(0.0, found.epsilon):,.2f}; the shares are "
            "those of the latter."
        )
    return found, lower


def _why_not_owen(plan: Plan, game: ProductionGame, fixed: bool) -> str:
    if fixed:
        return (
            f"Roads with a capacity and no owner save {-game.unowned:,.2f} in the joint plan and are open to every "
            "coalition, so the core may be empty: the least core takes the place of Owen's payoffs (policy.rights "
            "would assign them)."
        )
    what = {"cash": "what is paid", "supplies": "what people go without"}.get(plan.instance.policy.settle_in)
    why = f"{what} in the cheapest plan is no linear production game" if what else "roles are whole"
    return f"The core may be empty as {why}: the least core takes the place of Owen's payoffs."


def shares_of(game: Game, method: str, seed: int = 0, notes: list[str] | None = None) -> Floats:
    """Return the shares of one method, summing to the joint cost; what is to be said of them goes to the notes.

    Parameters
    ----------
    game : Game
        A cost game; Owen's payoffs are known of a `ProductionGame` alone.
    method : str
        Of `METHODS`.
    seed : int
        Of the draws of an estimated Shapley value.
    notes : list of str, optional
        Takes remarks.
    """
    if method == "owen":
        assert isinstance(game, LinearGame)
        joint = game.cost(game.everybody)
        return _with_rest(game.owen, game.alone, joint - float(game.owen.sum()))
    if method == "least_core":
        return least_core(game).shares
    if method == "nucleolus":
        return nucleolus(game).shares
    if method == "equal_profit":
        return equal_profit(game).shares
    if method == "nash":
        return nash_bargaining(game).shares
    found = shapley(game, seed=seed)
    if not found.exact and notes is not None:
        notes.append(
            f"The Shapley value is estimated from draws: each share within {found.interval.max():,.2f} with 95 % "
            f"confidence; what the estimates missed together, {found.missed:,.2f}, is shared equally."
        )
    return found.shares


def free_game(plan: Plan, game: ProductionGame) -> Game:
    """Return the game in which each coalition plans anew what `Instance.restrict` leaves it, roles free.

    Parameters
    ----------
    plan : Plan
        What all together pay.
    game : ProductionGame
        Whose players it has.

    Raises
    ------
    UsageError
        There are too many players to plan for every coalition.
    """
    if game.size > MOST_FREE:
        raise UsageError(
            f"settle: {game.size} players with roles free found; expected at most {MOST_FREE} (--by LEVEL)"
        )
    parties = plan.instance.parties["party"].to_numpy(dtype=object)
    known = {game.everybody: float(plan.objective or 0.0)}

    def cost(coalition: int) -> float:
        if coalition in known:
            return known[coalition]
        own = [
            str(p)
            for p, player in zip(parties, game.grouping, strict=True)
            if player >= 0 and coalition >> int(player) & 1
        ]
        found = plan_again(plan.instance.restrict(*own), gap=1e-6, threads=1)
        return float(found.objective if found.objective is not None else math.inf)

    return ListedGame(game.players, cost)


def _in_part(game: ProductionGame, settle_in: str, roles: str) -> Game:
    """Return the game of what each coalition pays, or what its people go without, in its cheapest plan."""
    if roles == "free":
        raise UsageError(f"settle: settle_in {settle_in} with roles free found; expected roles fixed")
    if game.size > MOST_CASH:
        raise UsageError(
            f"settle: {game.size} players settled in {settle_in} found; expected at most {MOST_CASH}, as all their "
            "coalitions are valued. Let the parties of a zone act together (--by LEVEL)."
        )
    return ListedGame(game.players, game.cash if settle_in == "cash" else game.without)


def _written(
    plan: Plan, case: Case, players: Players, burdens: Burdens, settled: Settled, clock: Clock, options: dict[str, Any]
) -> Plan:  # fmt: skip
    """Return the settlement as a plan folder holds it."""
    size, game = len(players.names), settled.game
    taking = players.of_party >= 0
    core = int(np.flatnonzero(case.instance.parties["kind"] == "core")[0])
    home = int(players.of_party[core]) if players.of_party[core] >= 0 else 0
    # Who has no part in the game has no costs either; what rounding leaves there is the core's.
    of = np.where(taking, players.of_party, home)
    whole, cash = (
        np.asarray(np.bincount(of, money, size), dtype=np.float64) for money in (burdens.whole, burdens.cash)
    )
    settle_in = plan.instance.policy.settle_in
    without = np.asarray(np.bincount(of, burdens.without, size), dtype=np.float64)
    falls = {"cash": cash, "supplies": without}.get(settle_in, whole)
    joint = game.cost(game.everybody)
    above = float(falls.sum() - joint)
    if above > APART * max(1.0, abs(joint)):
        settled.notes.append(
            f"The plan costs {above:,.2f} more than the least with its roles: borne in proportion to savings."
        )
    borne = {name: _with_rest(shares, game.alone, above) for name, shares in settled.shares.items()}
    first = next(iter(borne))
    cents = payments(
        borne[first], falls, requisitioned_players(case, players), public_players(case, players),
        fiscal_tiers(case, players), home,
    )  # fmt: skip
    final = falls + cents / 100.0
    within = max(CENT * size, NEAREST * abs(joint)) if isinstance(game, PricedGame) else CENT * size
    check = check_core(game, final - _spread(settled.shares[first], game.alone, above))
    table = pd.concat(
        [_rows(players, game.alone, falls, final if name == first else borne[name], name) for name in borne],
        ignore_index=True,
    )
    record = {
        "method": first, "methods": list(borne), **options, "settle_in": settle_in,
        "rights": plan.instance.policy.rights, "players": size, "joint": joint, "above": above,
        "alone": float(game.alone.sum()), "epsilon": settled.epsilon, "coalition": list(check.coalition),
        "excess": check.excess, "bound": check.bound, "stable": bool(check.bound <= within),
        "tolerance": within,
        "words": in_words(
            pd.DataFrame({"alone": game.alone, "pays": cents / 100.0, "bears": final}, index=list(players.names)),
            settle_in, case.instance.currency, bool(check.bound <= within),
        ),
        "certificate": certified(game, check, settled, final, within / size, first),
        "positions": [
            {"party": name, "cash": float(cash[n]), "valued": float(whole[n] - cash[n]), "pays": float(cents[n] / 100)}
            for n, name in enumerate(players.names)
        ],
    }  # fmt: skip
    tables = dict(plan.tables) | {"shares": table, "ledger": ledger(players.names, cents, cash, settle_in)}
    seconds = dict(plan.seconds) | {f"settlement {stage}": value for stage, value in clock.seconds.items()}
    return dataclasses.replace(
        plan, kind="settlement", status=Status(plan.status), tables=tables, seconds=seconds,
        notes=[*plan.notes, *settled.notes], settlement=record,
    )  # fmt: skip


def _spread(shares: Floats, alone: Floats, above: float) -> Floats:
    """Return how a cost beyond the game's is borne: in proportion to savings, equally where there are none."""
    saving = np.maximum(alone - shares, 0.0)
    weight = saving / saving.sum() if saving.sum() > 0.0 else np.full(len(shares), 1.0 / len(shares))
    return above * weight


def _with_rest(shares: Floats, alone: Floats, above: float) -> Floats:
    return shares + _spread(shares, alone, above)


def _rows(players: Players, alone: Floats, falls: Floats, bears: Floats, method: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"party": players.names, "cost_alone": alone, "cost_together": falls, "share": bears, "method": method}
    )
