"""LPs of a case: lanes and routes priced until none improves, the bound proven each round, the basis kept."""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.answer import ROLES, SWITCHES, VALUES, duals_of, values_of
from coordination.planning.columns import price_lanes
from coordination.planning.proof import prove
from coordination.solver import LinearProgram
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.proof import Proof
    from coordination.planning.session import Session
    from coordination.planning.worths import Prices
    from coordination.solver import Solution

LOG = logging.getLogger(__name__)
Changes = Sequence[tuple[str, int, float]]
MOST_ROUNDS = 400
WARM_COLUMNS = 300
"""Columns up to which the last basis is a better start than none: beyond, the simplex method wanders."""
WARM_SECONDS = 15.0
"""Most time for a round of pricing from the last basis: mostly it takes one to six, and what it gains is little."""
LONGER = 1.3
"""A round of pricing takes at most so many times as long as the one before."""
LARGEST_COST = 1024.0
"""Costs are scaled, by a power of two, to at most this: a solver's tolerances are absolute."""


@dataclass(frozen=True)
class LinearAnswer:
    """The optimum of an LP.

    Attributes
    ----------
    ships : DataFrame
        Shipments in the model.
    values : dict of str to ndarray
        Of the variables in `VALUES`.
    duals : dict of str to Series
        Of the constraints in `DUALS`.
    terms : dict of str to float
        Terms of the objective.
    objective : float
        Of the restricted model.
    bound : float
        Proven for the model with all lanes and routes.
    rest : float
        The part of it that is not supply's.
    prices : Prices
        What proved it.
    cheapest : ndarray, shape (places, batches, periods)
        What goods cost at those prices.
    rounds : int
        Rounds of pricing.
    program : PricedProgram or None
        The LP, where it was kept open to be asked more; whoever has it closes it.
    """

    ships: pd.DataFrame
    values: dict[str, NDArray[np.float64]]
    duals: dict[str, pd.Series[float]]
    terms: dict[str, float]
    objective: float
    bound: float
    rest: float
    prices: Prices
    cheapest: NDArray[np.float64]
    rounds: int
    program: PricedProgram | None = None


def with_roles(form: MatrixForm, roles: dict[str, NDArray[np.float64]]) -> MatrixForm:
    """Return the LP with the roles, and what facilities do, fixed as far as they are given."""
    lb, ub = form.lb.copy(), form.ub.copy()
    for name in (*ROLES, *SWITCHES):
        if name in form.variables and name in roles:
            columns = form.variables[name].slice
            lb[columns] = ub[columns] = np.round(roles[name])
    return dataclasses.replace(form, integrality=np.zeros_like(form.integrality), lb=lb, ub=ub)


class PricedProgram:
    """An LP over the shipments in the model, kept in the solver while shipments are priced in.

    Rows do not depend on which shipments are in the model, so new shipments are new columns of the same rows: they
    are cut out of the form compiled with them.

    Parameters
    ----------
    session : Session
        The run of planning.
    make : callable
        Compiles the LP for the session's present columns.
    basis : bool
        Whether the solver moves to a vertex: then it can be asked more, from the last basis. Large programs that only
        prices and shares are wanted of are quicker without.
    """

    def __init__(self, session: Session, make: Callable[[], MatrixForm], *, basis: bool = True) -> None:
        self._session, self._make, self._basis = session, make, basis
        with session.clock.stage("compile"):
            self.form = make()
            self._ships = session.columns.ships()
        self._active = np.flatnonzero(session.columns.active)
        largest = float(np.abs(self.form.c).max(initial=0.0))
        self._scale = 2.0 ** -max(0.0, np.ceil(np.log2(max(largest, 1.0) / LARGEST_COST)))
        self._hand_over()

    def _hand_over(self) -> None:
        scaled = dataclasses.replace(self.form, c=self.form.c * self._scale, offset=0.0)
        with self._session.clock.stage("hand over"):
            self._program = LinearProgram(scaled, self._session.solver_options(), basis=self._basis)

    def close(self) -> None:
        """Let the solver go."""
        self._program.close()

    def over(self) -> bool:
        """Return whether no time is left for another solve."""
        return self._session.clock.over()

    def set_upper(self, name: str, upper: NDArray[np.float64]) -> None:
        """Change the upper bounds of the rows of one constraint component."""
        if name in self.form.constraints:
            rows = np.arange(*self.form.constraints[name].slice.indices(self.form.rows))
            self._program.set_row_bounds(rows, np.full(len(rows), -np.inf), upper)

    def solve_changed(self, rows: Changes, lowest: Changes, stage: str, seconds: float) -> Solution | None:
        """Solve once more with some limits moved, and put them back; None when not solved in time.

        Parameters
        ----------
        rows : list of (str, int, float)
            Constraint component, row within it, and what to add to its right-hand side.
        lowest : list of (str, int, float)
            Variable component, column within it, and the least value it may have.
        stage : str
            What progress calls it.
        seconds : float
            The most to spend.

        Returns
        -------
        Solution
            Objective and duals in money.
        """
        program, form = self._program, self.form
        at = np.array([form.constraints[name].slice.start + n for name, n, _ in rows], dtype=np.int64)
        more = np.array([value for _, _, value in rows])
        where = np.array([form.variables[name].slice.start + n for name, n, _ in lowest], dtype=np.int64)
        least = np.array([value for _, _, value in lowest])
        lower, upper = program.form.row_lower[at], program.form.row_upper[at]
        lb, ub = program.form.lb[where], program.form.ub[where]
        program.set_row_bounds(at, lower + more, upper + more)
        program.set_column_bounds(where, least, ub)
        try:
            solution = self._session.solve_again(program, stage, seconds)
        finally:
            program.set_row_bounds(at, lower, upper)
            program.set_column_bounds(where, lb, ub)
        if solution is None or solution.status is not Status.OPTIMAL or solution.x is None:
            return None
        assert solution.row_dual is not None
        assert solution.reduced_cost is not None
        return dataclasses.replace(
            solution,
            objective=float(program.form.c @ solution.x) / self._scale + form.offset,
            row_dual=solution.row_dual / self._scale,
            reduced_cost=solution.reduced_cost / self._scale,
        )

    def optimum(self, stage: str, target: float, *, most: int = MOST_ROUNDS, spare: float = 0.0) -> LinearAnswer | None:
        """Solve and price until no lane and no route improves; None when no LP was solved in time.

        Parameters
        ----------
        stage : str
            What progress calls it.
        target : float
            Relative distance of bound and value at which pricing may stop; 0: until nothing improves.
        most : int
            Rounds after which pricing stops, proof or not.
        spare : float
            Share of the time limit that is left for what comes after; a further round begins only if it is likely to
            end before that.
        """
        session, best, bound = self._session, None, -np.inf
        for number in range(1, most + 1):
            limit, began = WARM_SECONDS if best is not None and self._basis else None, time.monotonic()
            limit = session.clock.besides(spare) if spare > 0.0 else limit
            solution = session.solve_again(self._program, f"{stage}, round {number}", seconds=limit)
            if solution is None or solution.status is not Status.OPTIMAL:
                return best
            with session.clock.stage("price"):
                proof = self._proof(solution)
                answer = self._answer(solution, proof, number)
                lanes = price_lanes(proof.lanes, proof.prices, proof.cheapest, answer.duals)
            bound = max(bound, proof.bound)
            best = dataclasses.replace(answer, bound=bound)
            LOG.info(
                "%s, round %d: %d shipments, value %.8g, bound %.8g, %d lanes and %d routes improve",
                stage, number, len(self._ships), best.objective, bound, len(lanes), len(proof.routes.routes),
            )  # fmt: skip
            if not (len(lanes) or proof.routes.routes):
                break
            size = max(1.0, abs(best.objective))
            if best.objective - bound <= target * size or session.clock.over() or number == most:
                break
            if spare > 0.0 and not session.clock.has(LONGER * (time.monotonic() - began), spare):
                break
            few = lanes[:WARM_COLUMNS] if self._basis else lanes
            session.columns.active[tuple(few.T)] = True
            proof.routes.append(session.model.case, session.columns)
            self._append()
        return best

    def _proof(self, solution: Solution) -> Proof:
        """Return what the solution's duals prove."""
        assert solution.row_dual is not None
        dual = solution.row_dual / self._scale
        return prove(self._session.model, self._session.columns, self.form, dual, self._session.routes_complete)

    def _answer(self, solution: Solution, proof: Proof, number: int) -> LinearAnswer:
        """Return the solution by name, costs in money again."""
        assert solution.x is not None
        assert solution.row_dual is not None
        x, form = solution.x, self.form
        values = values_of(form, x, VALUES)
        values["ship"] = np.concatenate([values["ship"], x[form.columns :]])
        objective = float(self._program.form.c @ x) / self._scale + form.offset
        terms = form.term_values(x[: form.columns])
        return LinearAnswer(
            ships=self._ships,
            values=values,
            duals=duals_of(form, solution.row_dual / self._scale),
            terms=terms | {"transport": terms["transport"] + objective - sum(terms.values())},
            objective=objective,
            bound=-np.inf,
            rest=proof.rest,
            prices=proof.prices,
            cheapest=proof.cheapest,
            rounds=number,
        )

    def _append(self) -> None:
        """Append the columns of shipments that are new in the model."""
        columns = self._session.columns
        with self._session.clock.stage("compile"):
            form, active = self._make(), np.flatnonzero(columns.active)
        assert form.rows == self.form.rows
        fresh = np.flatnonzero(~np.isin(active, self._active, assume_unique=True))
        if len(fresh) > WARM_COLUMNS or not self._basis:
            self.close()
            self.form, self._ships, self._active = form, columns.ships(), active
            self._hand_over()
            return
        where = form.variables["ship"].slice.start + fresh
        with self._session.clock.stage("hand over"):
            self._program.add_columns(
                form.c[where] * self._scale, form.lb[where], form.ub[where], form.matrix[:, where]
            )
        self._ships = pd.concat([self._ships, columns.ships().iloc[fresh]], ignore_index=True)
        self._active = active


def solve_linear(
    session: Session, change: Callable[[MatrixForm], MatrixForm], stage: str, target: float
) -> LinearAnswer | None:
    """Solve an LP of the joint model by pricing, and keep it open; None when no LP was solved in time.

    Parameters
    ----------
    change : callable
        Makes the LP of the joint model, such as `with_roles`.
    stage, target
        As for `PricedProgram.optimum`.
    """
    columns = session.columns
    program, answer = PricedProgram(session, lambda: change(session.model.compile(columns))), None
    try:
        answer = program.optimum(stage, target)
    finally:
        if answer is None:
            program.close()
    return None if answer is None else dataclasses.replace(answer, program=program)
