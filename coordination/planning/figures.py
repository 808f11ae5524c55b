"""The terms of the social cost, from what a plan says is done (not from the solver's variables)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.chosen import SENT, Chosen
from coordination.terms import TERM_NAMES
from coordination.world.choosing import cost_of_modes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.assignment import Assignment
    from coordination.planning.case import Case
    from coordination.planning.conversions import Conversions
    from coordination.planning.flows import Flows


def terms_of(
    case: Case,
    lanes: pd.DataFrame,
    flows: Flows,
    level: NDArray[np.float64],
    assignment: Assignment,
    conversions: Conversions,
) -> dict[str, float]:
    """Return every term of the social cost with the sign it enters with.

    Parameters
    ----------
    lanes : DataFrame
        With ``cost`` per tonne.
    level : ndarray, shape (places, labels, periods)
        Units at each period's end, what expires still included.
    """
    waiting, policy = case.waiting, case.instance.policy
    ships = flows.ships
    carried = ships["quantity"].to_numpy() * case.batch_tonnes[ships["batch"].to_numpy()]
    terms = dict.fromkeys(TERM_NAMES, 0.0)
    terms["deprivation"] = float(waiting.deprivation(flows.backlog).sum())
    terms["lapsed"] = float(waiting.lapsed(flows.backlog).sum())
    terms["overflow"] = float(policy.overflow_cost * overflow_tonnes(case, level, conversions.storage).sum())
    terms["transport"] = float((lanes["cost"].to_numpy()[ships["lane"].to_numpy()] * carried).sum())
    terms["worst_off"] = float(policy.worst_off * worst_share(case, flows))
    terms["everyday_value"], terms["conversion"] = conversions.everyday_lost, conversions.cost
    sent = pd.DataFrame({name: lanes[name].to_numpy()[ships["lane"].to_numpy()] for name in SENT[:3]})
    sent = sent.assign(commodity=case.batches.commodity[ships["batch"].to_numpy()], depart=ships["period"].to_numpy())
    terms["mode"] = cost_of_modes(case.instance)
    terms["change"] = Chosen(case).term(assignment.roles, assignment.doer, sent.assign(tonnes=carried))
    return terms | assignment.terms()


def overflow_tonnes(case: Case, level: NDArray[np.float64], added: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return tonnes above storage at each period's end, shape (places, periods).

    Parameters
    ----------
    added : ndarray, shape (places, periods)
        Tonnes of storage that facilities add.
    """
    labels = case.batches.labels
    tonnes = case.tonnes[labels["commodity"].to_numpy()]
    stays = labels["expires"].to_numpy()[:, None] > np.arange(case.periods)[None, :]
    stored = np.einsum("nkt,kt->nt", level, tonnes[:, None] * stays)
    over = np.where(np.isfinite(case.world.storage), stored - case.world.storage - added, 0.0)
    return np.where(over > 1e-9, over, 0.0)


def worst_share(case: Case, flows: Flows) -> float:
    """Return the largest unserved share over place and commodity with need (0 without need).

    Need and service before the horizon count, where ``held`` has them.
    """
    needed, met = case.met_before
    need, served = case.need_total + needed, met.copy()
    keys = case.waiting.keys
    np.add.at(served, (keys["place"].to_numpy(dtype=int), keys["commodity"].to_numpy(dtype=int)), flows.served.sum(1))
    some = need > 0
    return float((1.0 - served[some] / need[some]).clip(min=0.0).max(initial=0.0))
