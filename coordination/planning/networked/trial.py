"""Trade beside one program of everybody with the same roles: what decomposition is measured by."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coordination.errors import SolverError
from coordination.planning.clock import Clock
from coordination.planning.linear import solve_linear, with_roles
from coordination.planning.networked.coalitions import coalitions_of
from coordination.planning.networked.market import open_market
from coordination.planning.networked.ways import WAYS
from coordination.planning.options import PlanOptions

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from coordination.instance import Instance
    from coordination.planning.networked.rounds import Round


@dataclass(frozen=True)
class Trial:
    """How trade went.

    Attributes
    ----------
    coalitions : int
        How many traded.
    least : float
        Cost of one program with the same roles, money.
    value : float
        Cost of what was cleared last, money.
    rounds : list of Round
        Every round.
    said : DataFrame
        Rows and bytes by message.
    """

    coalitions: int
    least: float
    value: float
    rounds: list[Round]
    said: pd.DataFrame


def against_one_program(
    instance: Instance, by: str, gap: float, rounds: int | None = None, executor: Executor | None = None,
    decomposition: str = "prices",
) -> Trial:  # fmt: skip
    """Return how trade goes, roles as in a plan of everybody, beside the least cost with these roles.

    Parameters
    ----------
    by : str
        Who decides together: party or a level.
    gap : float
        At which trade ends.
    decomposition : str
        How prices are found, as ``policy.decomposition`` says.
    """
    from coordination.planning.planning import answer_plainly
    from coordination.planning.ways import begun

    clock = Clock()
    session, _ = begun(instance, PlanOptions(gap=1e-4, threads=1), clock, None)
    answer, _ = answer_plainly(instance, PlanOptions(gap=1e-4, threads=1), clock)
    if answer.program is not None:
        answer.program.close()
    session.columns.active = session.columns.allowed.copy()
    apart = dataclasses.replace(session, model=answer.model)
    linear = solve_linear(apart, lambda form: with_roles(form, answer.values), "roles fixed", 0.0)
    if linear is None or linear.program is None:
        raise SolverError("networked: the program of everybody was not solved")
    linear.program.close()
    market = open_market(answer.model, answer.values, coalitions_of(instance, by))
    try:
        traded = WAYS[decomposition](
            market.coalitions, market.clearing, market.constant, market.messages, rounds=rounds, gap=gap,
            executor=executor,
        )  # fmt: skip
    finally:
        market.clearing.close()
    said = market.messages.table().groupby("message", as_index=False)[["rows", "bytes"]].sum()
    return Trial(len(market.coalitions), linear.objective, traded.rounds[-1].value, traded.rounds, said)
