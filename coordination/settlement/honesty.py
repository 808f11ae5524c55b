r"""Honesty: what a single party gains by misreporting, under each way of sharing.

With roles as planned, a party says that a stock is half of what it is or not there, or that a fleet or its work costs
twice what it does. The joint plan and the shares follow what is said; the party then bears its share, less what it
said to pay and does not. With x' and c' the plan and the costs that follow from the report, its gain is

.. math:: x_i(\text{truth}) - \bigl(x_i(\text{report}) - (c' - c)\, x' - (k'_i - k_i)\bigr)

Stock that is hidden is of no other use to it. What limits that are nobody's are worth is shared in proportion to
savings. No way of sharing here is proof against all of it, and none claims to be:
no budget-balanced one that reaches the least cost can be (Green and Laffont 1979); this measures how far each is.

Source: Green, J. and Laffont, J.-J. (1979), Incentives in Public Decision-Making.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy.sparse as sp

from coordination.errors import UsageError
from coordination.plans import Plan
from coordination.settlement.production import ProductionGame
from coordination.settlement.settling import built, refuse, shares_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.case import Case
    from coordination.settlement.held import Held
    from coordination.settlement.ownership import Production
    from coordination.settlement.players import Players

    Floats = NDArray[np.float64]

DRAWS = 300
LEAST_PAYOFF = 0.01
"""Shares below a cent are no measure for a gain."""
COLUMNS = ["method", "reports", "gaining", "largest", "share", "party", "report"]


@dataclass(frozen=True)
class Report:
    """One misreport of one party.

    Attributes
    ----------
    party : int
        Who reports.
    what : str
        In words.
    rows : ndarray of int
        Rows of goods whose part of the party is said to be smaller.
    left : float
        What is left of them by its word.
    costs : ndarray
        Money per unit that columns are said to cost more.
    constant : float
        Money that roles are said to cost more in any case.
    """

    party: int
    what: str
    rows: NDArray[np.int64]
    left: float
    costs: Floats
    constant: float


def honesty(
    plan: Plan | str | Path,
    *,
    draws: int = DRAWS,
    method: tuple[str, ...] = ("owen",),
    by: str = "party",
    seed: int = 0,
) -> pd.DataFrame:
    """Measure what random single-party misreports gain under each way of sharing.

    Parameters
    ----------
    plan : Plan, str or Path
        A plan, or the folder of one; its roles are kept.
    draws : int
        Misreports: a party, a stock halved or hidden, or the costs of a fleet or of its work doubled.
    method : tuple of str
        Ways of sharing, as for `settle`.
    by : str
        Players, as for `settle`; a party's gain is its player's.
    seed : int
        Of the draws.

    Returns
    -------
    DataFrame
        By method: ``reports`` drawn, how many were ``gaining``, the ``largest`` gain (money), and the largest as a
        ``share`` of what the player bears when it tells the truth, with the ``party`` and the ``report`` of that.

    Raises
    ------
    UsageError
        An option is unknown, or nobody has anything to misreport.
    """
    plan = plan if isinstance(plan, Plan) else Plan.load(plan)
    refuse(plan, method, "fixed")
    if draws < 1:
        raise UsageError(f"honesty: {draws} draws found; expected 1 or more misreports to measure")
    case, held, players, production = built(plan, by)
    reports = _drawn(case, held, production, draws, np.random.default_rng(seed))
    truth = _shares(production, players, method)[0]
    found: dict[str, list[tuple[float, float, Report]]] = {name: [] for name in method}
    known: dict[tuple[int, str], tuple[dict[str, Floats], Floats]] = {}
    for report in reports:
        key = (report.party, report.what)
        if key not in known:
            known[key] = _shares(reported(production, report), players, method)
        shares, x = known[key]
        player = int(players.of_party[report.party])
        overstated = float(report.costs @ x) + report.constant
        for name in method:
            gain = float(truth[name][player] - shares[name][player]) + overstated
            payoff = abs(float(truth[name][player]))
            found[name].append((gain, gain / payoff if payoff > LEAST_PAYOFF else 0.0, report))
    return pd.DataFrame([_row(name, case, gains) for name, gains in found.items()], columns=COLUMNS)


def _row(method: str, case: Case, gains: list[tuple[float, float, Report]]) -> dict[str, object]:
    best = max(gains, key=lambda gain: (gain[1], gain[0]))
    return {
        "method": method,
        "reports": len(gains),
        "gaining": sum(gain[0] > LEAST_PAYOFF for gain in gains),
        "largest": max(0.0, *(gain[0] for gain in gains)),
        "share": max(0.0, best[1]),
        "party": str(case.coding.parties[best[2].party]),
        "report": best[2].what,
    }


def _shares(production: Production, players: Players, method: tuple[str, ...]) -> tuple[dict[str, Floats], Floats]:
    """Return the shares of each way, and the joint plan."""
    game = ProductionGame(production, players.names, players.of_party)
    try:
        shares = {name: shares_of(game, name) for name in method}
        return shares, game.joint_plan
    finally:
        game.close()


def reported(production: Production, report: Report) -> Production:
    """Return the program as a report has it."""
    rhs = sp.lil_array(production.rhs)
    for row in report.rows:
        rhs[row, report.party] = report.left * rhs[row, report.party]
    form = production.form
    c = form.c.copy()
    c[production.columns] += report.costs
    constant = production.constant.copy()
    constant[report.party] += report.constant
    return dataclasses.replace(
        production, form=dataclasses.replace(form, c=c), rhs=sp.csr_array(rhs), constant=constant
    )


def _drawn(case: Case, held: Held, production: Production, draws: int, rng: np.random.Generator) -> list[Report]:
    """Draw a party, then one of its misreports, so many times."""
    choices = [*_stocks(case, production), *_costs(case, held, production)]
    if not choices:
        raise UsageError("honesty: nobody has a stock, a fleet that costs or work that is paid; nothing to misreport")
    parties = sorted({report.party for report in choices})
    own = {party: [report for report in choices if report.party == party] for party in parties}
    drawn = []
    for _ in range(draws):
        mine = own[parties[int(rng.integers(len(parties)))]]
        drawn.append(mine[int(rng.integers(len(mine)))])
    return drawn


def _stocks(case: Case, production: Production) -> list[Report]:
    """Return each party's goods of each commodity at each place, halved and hidden."""
    labels = production.form.constraints.get("inventory")
    if labels is None:
        return []
    at = {int(row): n for n, row in enumerate(production.rows)}
    index = labels.index.to_frame(index=False)
    index.columns = pd.Index(["place", "batch", "period"])
    index["row"] = [at.get(labels.slice.start + n, -1) for n in range(len(index))]
    index["commodity"] = case.batches.commodity[index["batch"].to_numpy(dtype=int)]
    index = index[index["row"] >= 0]
    held = sp.csc_array(production.rhs)
    none, found = np.zeros(len(production.costs)), []
    for party in range(len(case.coding.parties)):
        own = held.indices[held.indptr[party] : held.indptr[party + 1]]
        mine = index[index["row"].isin(own).to_numpy()]
        for _, rows in mine.groupby(["place", "commodity"]):
            place, kind = rows["place"].iloc[0], rows["commodity"].iloc[0]
            name = f"{case.coding.commodities[int(kind)]} at {case.coding.places[int(place)]}"
            for left, verb in ((0.5, "halved"), (0.0, "hidden")):
                found.append(Report(party, f"{name} {verb}", rows["row"].to_numpy(dtype=np.int64), left, none, 0.0))
    return found


def _costs(case: Case, held: Held, production: Production) -> list[Report]:
    """Return each fleet and each party's work that costs anything, doubled."""
    form, found, nothing = production.form, [], np.zeros(0, dtype=np.int64)
    owner = case.coding.parties.get_indexer(pd.Index(case.instance.fleets["party"]))
    if "ship" in form.variables:
        ships, term = form.variables["ship"], np.zeros(form.columns)
        np.add.at(term, form.terms["transport"].columns, form.terms["transport"].coefficients)
        lane = ships.index.get_level_values(0).to_numpy(dtype=int)
        carrier = np.full(form.columns, -1)
        carrier[ships.slice] = production.lane_fleet[lane]
        for number, party in enumerate(owner):
            more = np.where(carrier == number, term, 0.0)[production.columns]
            if more.any():
                name = f"cost of {case.coding.fleets[number]} doubled"
                found.append(Report(int(party), name, nothing, 1.0, more, 0.0))
    if "cover" in form.variables:
        cover, pay = held.roles.cover, held.roles.cover["pay"].to_numpy(dtype=float)
        who = cover["party"].to_numpy(dtype=int)
        for worker in np.unique(who[pay > 0.0]):
            work = np.zeros(form.columns)
            work[form.variables["cover"].slice] = np.where(who == worker, pay, 0.0)
            sure = float((pay * held.committed)[who == worker].sum())
            found.append(Report(int(worker), "cost of work doubled", nothing, 1.0, work[production.columns], sure))
    return found


EXPLAINED = (
    "A misreport: one party says that a stock is half or not there, or that a fleet or its work costs twice what it "
    "does; plan and payments follow what it says, and it keeps the difference. The gain is what it then bears less, "
    "also as a share of its payoff when all tell the truth. Roles stay as planned."
)
UNMEASURED = (
    "Under {method} {gaining} of {reports} misreports gain, all by players whose payoff is otherwise nothing, so that "
    "no share of it says how much; the largest gain is {largest:,.2f}, by {party} ({report})."
)
HONEST = "Under {method} none of the {reports} misreports gains a cent."
GAINS = (
    "Under {method} {gaining} of {reports} misreports gain. As a share of the payoff most is gained by {party} "
    "({report}): {share:.1%}. The largest gain is {largest:,.2f}."
)
ADVICE = "No way of sharing here is proof against misreports: check stocks and costs before you settle by them."


def told(table: pd.DataFrame) -> list[str]:
    """Return the table in lines."""
    lines = [EXPLAINED, "", f"{'method':<14}{'reports':>9}{'gaining':>9}{'largest gain':>16}{'of payoff':>11}  by"]
    for row in table.itertuples():
        lines.append(
            f"{row.method:<14}{row.reports:>9}{row.gaining:>9}{row.largest:>16,.2f}{row.share:>11.1%}  "
            f"{row.party}: {row.report}"
        )
    lines.append("")
    for found in table.to_dict("records"):
        text = HONEST if not found["gaining"] else GAINS if found["share"] > 0.0 else UNMEASURED
        lines.append(text.format(**{str(name): value for name, value in found.items()}))
    return [*lines, ADVICE] if table["gaining"].any() else lines
