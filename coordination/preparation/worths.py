"""What one more unit would save at each depot, and how much better the stock as it is could lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy.sparse as sp

from coordination.solver import SolverOptions
from coordination.twostage import Scenario, TwoStageProgram, evaluate, solve, stage
from coordination.twostage.evaluation import answers

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from coordination.preparation.first_stage import FirstStage
    from coordination.preparation.second_stage import SecondStage


def marginal_values(
    program: TwoStageProgram,
    stages: list[SecondStage],
    probe: pd.DataFrame,
    x: NDArray[np.float64],
    options: SolverOptions,
    executor: Executor | None,
) -> pd.DataFrame:
    """Return what one more unit at each depot would save in the mean: ``place``, ``commodity``, ``value``.

    Parameters
    ----------
    program : TwoStageProgram
        The preparation.
    stages : list of SecondStage
        Its scenarios.
    probe : DataFrame
        ``place``, ``commodity``, ``expires`` of the goods.
    x : ndarray
        The first stage.
    options, executor
        As for `solve_many`.

    Returns
    -------
    DataFrame
        From the duals of the recourse: right for small changes; of several duals any.
    """
    solutions = answers(program, x, options=options, executor=executor)
    saved = np.zeros(len(probe))
    for one, solution, probability in zip(stages, solutions, program.probabilities, strict=True):
        assert solution.row_dual is not None
        row, number, kept = one.goods(probe)
        np.add.at(saved, number, probability * kept * solution.row_dual[row])
    found = probe[["place", "commodity"]].assign(value=np.maximum(0.0, saved) + 0.0)
    return found.groupby(["place", "commodity"], as_index=False, sort=False)[["value"]].max()


def balance(
    first: FirstStage, stages: list[SecondStage], options: SolverOptions, executor: Executor | None
) -> tuple[float, float, pd.DataFrame] | None:
    """Return the mean cost with stock as it lies, with the same stock best placed, and where that is.

    Nothing is opened or bought for either, and moving costs nothing. None where nothing lies anywhere.

    Parameters
    ----------
    first : FirstStage
        Whose lots and depots.
    stages : list of SecondStage
        The scenarios, built with every lot at every depot.
    options, executor
        As for `solve`.

    Notes
    -----
    The ratio of both is the stock balance metric of Acimovic, J. and Goentzel, J. (2016), Models and metrics to assess
    humanitarian response capacity, Journal of Operations Management 45.
    """
    goods = first.lots.groupby(["commodity", "expires"], as_index=False, dropna=False, sort=False)[["quantity"]].sum()
    if goods.empty:
        return None
    every = _everywhere(first, goods)
    here = every.merge(
        first.lots.groupby(["place", "commodity", "expires"], as_index=False, dropna=False)[["quantity"]].sum(),
        on=["place", "commodity", "expires"], how="left",
    )["quantity"].fillna(0.0).to_numpy(dtype=float)  # fmt: skip
    program = _placement(first, stages, every, goods, here)
    costs, _ = evaluate(program, here, options=options, executor=executor)
    answer = solve(program, options=options, executor=executor)
    if answer.x is None:
        return None
    placed = every[["place", "commodity", "expires"]].assign(quantity=answer.x)
    return float(program.probabilities @ costs), answer.objective, placed[placed["quantity"] > 1e-6]


def _everywhere(first: FirstStage, goods: pd.DataFrame) -> pd.DataFrame:
    """Return every good at every depot: ``good``, ``place``, ``commodity``, ``expires``, ``tonnes``."""
    places = pd.DataFrame({"place": first.depots})
    every = goods.assign(good=np.arange(len(goods)))[["good", "commodity", "expires"]].merge(places, how="cross")
    return every.assign(tonnes=first.kg.reindex(every["commodity"]).to_numpy(dtype=float) / 1000.0)


def _placement(
    first: FirstStage, stages: list[SecondStage], every: pd.DataFrame, goods: pd.DataFrame, here: NDArray[np.float64]
) -> TwoStageProgram:
    """Return the program that places what there is, within storage."""
    count, number = len(every), np.arange(len(every))
    shape = (len(goods), count)
    total = sp.csr_array((np.ones(count), (every["good"].to_numpy(), number)), shape=shape)
    rooms = first.rooms.merge(first.instance.places[["place", "storage_tonnes"]], on="place")
    code = pd.Index(rooms["place"]).get_indexer(every["place"])
    inside = code >= 0
    tonnes = every["tonnes"].to_numpy(dtype=float)
    fits = sp.csr_array((tonnes[inside], (code[inside], number[inside])), shape=(len(rooms), count))
    most = np.maximum(rooms["storage_tonnes"].to_numpy(dtype=float), fits @ here)
    quantity = goods["quantity"].to_numpy(dtype=float)
    matrix = sp.vstack([total, fits])
    form = stage(
        matrix,
        0.0,
        row_lower=np.concatenate([quantity, np.full(len(rooms), -np.inf)]),
        row_upper=np.concatenate([quantity, most]),
    )
    return TwoStageProgram(form, tuple(_scenario(one, every, first) for one in stages))


def _scenario(one: SecondStage, every: pd.DataFrame, first: FirstStage) -> Scenario:
    """Return a scenario in which nothing lies anywhere but what the program places."""
    row, number, kept = one.goods(every)
    technology = sp.csc_array((kept, (row, number)), shape=(one.form.rows, len(every)))
    lots = first.lots
    at, which, share = one.goods(lots)
    lower, upper = one.form.row_lower.copy(), one.form.row_upper.copy()
    quantity = lots["quantity"].to_numpy(dtype=float)
    np.add.at(lower, at, share * quantity[which])
    np.add.at(upper, at, share * quantity[which])
    from dataclasses import replace

    return Scenario(one.name, one.probability, technology, replace(one.form, row_lower=lower, row_upper=upper))
