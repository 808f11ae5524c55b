"""What the second stage costs after a first stage, and how that cost changes with it."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from coordination.errors import SolverError
from coordination.solver import LinearProgram, SolverOptions
from coordination.status import Status
from coordination.twostage.program import stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coordination.compilation.matrix import MatrixForm
    from coordination.solver.solution import FloatArray, Solution
    from coordination.twostage.program import Scenario, TwoStageProgram
    from coordination.twostage.workforce import Workforce

    Basis = tuple[NDArray[np.int8], NDArray[np.int8]]

HELD_ELSEWHERE = 2
"""Two-stage programs whose scenarios a worker process keeps in its solvers; what is older is forgotten."""


MOST_HELD = 300
"""Scenarios that stay in solvers of this process (some MB each); of the others the basis is kept."""


@dataclass(frozen=True)
class Outcome:
    """The answer of one scenario to one first stage.

    Attributes
    ----------
    feasible : bool
        Whether anything can be done; if not, all figures are those of how far it is from that.
    value : float
        What the scenario costs; or how much of its rows is violated at least.
    bound : float
        Proven: it is no less.
    gradient : numpy.ndarray
        (first-stage columns,) how the bound changes with the first stage.
    basis : tuple or None
        Where the scenario's solver can go on, when it is another process.
    dual : numpy.ndarray or None
        (rows,) the dual solution behind the bound; None where nothing can be done, or it is another scenario's.
    exact : bool
        Whether the scenario was solved; if not, `value` is only the best bound that duals of others give.
    """

    feasible: bool
    value: float
    bound: float
    gradient: FloatArray
    basis: Basis | None = None
    dual: FloatArray | None = None
    exact: bool = True


class Held:
    """A scenario that stays in the solver.

    Parameters
    ----------
    scenario : Scenario
        Without whole numbers.
    options : SolverOptions
        Of each solve.
    """

    def __init__(self, scenario: Scenario, options: SolverOptions) -> None:
        self.scenario, self.options = scenario, options
        self.program = LinearProgram(scenario.form, options)
        self._violation: LinearProgram | None = None

    def outcome(self, x: FloatArray, basis: Basis | None = None, *, keep: bool = False) -> Outcome:
        """Return the scenario's answer to a first stage.

        Parameters
        ----------
        x : numpy.ndarray
            (first-stage columns,) the first stage.
        basis : tuple, optional
            Basis to start from, whatever was solved here before.
        keep : bool
            Whether the answer tells its own basis.
        """
        if basis is not None:
            self.program.start_from(basis)
        solution = self._solved(self.program, x)
        if solution.status is Status.INFEASIBLE:
            return self._violated(x, fresh=keep)
        self._demand(solution)
        return self._read(solution, feasible=True, basis=self.program.basis if keep else None)

    def _solved(self, program: LinearProgram, x: FloatArray) -> Solution:
        form = self.scenario.form
        moved = self.scenario.technology @ x
        rows = np.arange(form.rows)
        program.set_row_bounds(rows, form.row_lower - moved, form.row_upper - moved)
        return program.solve()

    def _violated(self, x: FloatArray, *, fresh: bool) -> Outcome:
        """Return how far the scenario is from an answer; elsewhere with a fresh solver, as no basis travels for it."""
        if self._violation is None or fresh:
            self._violation = LinearProgram(_violation(self.scenario.form), self.options)
        solution = self._solved(self._violation, x)
        self._demand(solution)
        return self._read(solution, feasible=False, basis=None)

    def _demand(self, solution: Solution) -> None:
        if solution.status is not Status.OPTIMAL:
            raise SolverError(f"scenario {self.scenario.name!r}: its recourse ended {solution.status}")

    def _read(self, solution: Solution, *, feasible: bool, basis: Basis | None) -> Outcome:
        assert solution.row_dual is not None
        gradient = -(self.scenario.technology.T @ solution.row_dual)
        dual = solution.row_dual if feasible else None
        return Outcome(feasible, solution.objective, solution.bound, gradient, basis, dual)

    def close(self) -> None:
        """Let the solvers go."""
        self.program.close()
        if self._violation is not None:
            self._violation.close()


def _violation(form: MatrixForm) -> MatrixForm:
    """Return the program of least violation of a scenario's rows."""
    eye = sp.eye_array(form.rows, format="csc")
    zeros = np.zeros(form.columns)
    return stage(
        sp.hstack([form.matrix, eye, -eye], format="csc"),
        np.concatenate([zeros, np.ones(2 * form.rows)]),
        row_lower=form.row_lower,
        row_upper=form.row_upper,
        lb=np.concatenate([form.lb, np.zeros(2 * form.rows)]),
        ub=np.concatenate([form.ub, np.full(2 * form.rows, np.inf)]),
    )


class Recourse:
    """All scenarios of a program, warm in the solvers of its workers.

    Each scenario keeps a solver of its own. In this process it simply stays; elsewhere nobody knows which worker gets
    which task, so each task brings the scenario's last basis, and its data where the worker does not hold them. What
    comes out depends neither on who did it nor on who was lost.

    Parameters
    ----------
    program : TwoStageProgram
        Its recourse is solved without whole numbers.
    workforce : Workforce
        Who solves.
    options : SolverOptions
        Of each solve.
    """

    def __init__(self, program: TwoStageProgram, workforce: Workforce, options: SolverOptions) -> None:
        self.scenarios = [replace(one, form=_bare(one.form)) for one in program.scenarios]
        self.options = replace(options, threads=1, probe=False)
        self.workforce = workforce
        self.token = uuid.uuid4().hex
        self._held: dict[int, Held] = {}
        self._bases: dict[int, Basis] = {}
        self._sent: set[int] = set()
        self._first: dict[tuple[int, ...], Basis | None] = {}

    def outcomes(
        self, x: FloatArray, numbers: Sequence[int] | None = None, starts: Sequence[int | None] | None = None
    ) -> list[Outcome]:
        """Return scenarios' answers to a first stage, in order.

        Parameters
        ----------
        x : numpy.ndarray
            (first-stage columns,) the first stage.
        numbers : sequence of int, optional
            Which scenarios; all by default.
        starts : sequence of int or None, optional
            For each of them the scenario solved last whose basis it starts from, instead of its own.
        """
        numbers = range(len(self.scenarios)) if numbers is None else numbers
        bases = [self._bases.get(start) if start is not None else None for start in starts or [None] * len(numbers)]
        if self.workforce.local:
            answers = []
            for at in range(0, len(numbers), MOST_HELD):
                part, begun = numbers[at : at + MOST_HELD], bases[at : at + MOST_HELD]
                self._hold(part, begun, x)
                tasks = [(self._held[n], x, basis, starts is not None) for n, basis in zip(part, begun, strict=True)]
                answers += self.workforce.run(_outcome, tasks)
        else:
            own = [
                self._bases.get(number) if basis is None else basis
                for number, basis in zip(numbers, bases, strict=True)
            ]
            answers = self._elsewhere(x, numbers, own)
        self._bases |= {n: answer.basis for n, answer in zip(numbers, answers, strict=True) if answer.basis is not None}
        return answers

    def _hold(self, numbers: Sequence[int], bases: Sequence[Basis | None], x: FloatArray) -> None:
        """Put scenarios into solvers; without a basis to start from, they get that of the first one of their shape."""
        for number, basis in zip(numbers, bases, strict=True):
            if number in self._held:
                continue
            scenario = self.scenarios[number]
            self._make_room(numbers)
            self._held[number] = held = Held(scenario, self.options)
            shape = scenario.form.matrix.shape
            if shape not in self._first:
                held.outcome(x)
                self._first[shape] = held.program.basis
            elif basis is None and (known := self._bases.get(number, self._first[shape])) is not None:
                held.program.start_from(known)

    def _make_room(self, wanted: Sequence[int]) -> None:
        """Let the solver of another scenario go, where there are too many; its basis stays."""
        if len(self._held) < MOST_HELD:
            return
        kept = set(wanted)
        gone = next(number for number in self._held if number not in kept)
        self._held.pop(gone).close()

    def _elsewhere(self, x: FloatArray, numbers: Sequence[int], bases: Sequence[Basis | None]) -> list[Outcome]:
        def task(at: int, *, send: bool) -> tuple[Any, ...]:
            number = numbers[at]
            return (self.token, number, self.scenarios[number] if send else None, self.options, x, bases[at])

        answers = self.workforce.run(elsewhere, [task(at, send=n not in self._sent) for at, n in enumerate(numbers)])
        self._sent |= set(numbers)
        lacking = [at for at, answer in enumerate(answers) if answer is None]
        again = self.workforce.run(elsewhere, [task(at, send=True) for at in lacking])
        for at, answer in zip(lacking, again, strict=True):
            answers[at] = answer
        return answers

    def close(self) -> None:
        """Let the solvers of this process go."""
        for held in self._held.values():
            held.close()
        self._held.clear()


def _bare(form: MatrixForm) -> MatrixForm:
    """Return a form without names, which stay here, and without whole numbers."""
    return replace(form, variables={}, constraints={}, terms={}, integrality=np.zeros_like(form.integrality))


def _outcome(held: Held, x: FloatArray, basis: Basis | None, keep: bool) -> Outcome:
    return held.outcome(x, basis, keep=keep)


_HELD: OrderedDict[str, dict[int, Held]] = OrderedDict()
_LOCK = threading.Lock()


def elsewhere(
    token: str, number: int, scenario: Scenario | None, options: SolverOptions, x: FloatArray, basis: Basis | None
) -> Outcome | None:
    """Return a scenario's answer, where an executor put the task; None if its data are not there.

    Parameters
    ----------
    token : str
        Of the program.
    number : int
        Of the scenario.
    scenario : Scenario or None
        Its data; None if they were sent before, perhaps to another worker.
    options : SolverOptions
        Of the solve.
    x : numpy.ndarray
        The first stage.
    basis : tuple or None
        Where the scenario's last solve ended.
    """
    with _LOCK:
        mine = _HELD.setdefault(token, {})
        while len(_HELD) > HELD_ELSEWHERE:
            _HELD.popitem(last=False)
        held = mine.pop(number, None)
    if held is None and scenario is None:
        return None
    if held is None or basis is None:
        # Without a basis to start from, a solver that was used before would know more than a fresh one.
        source = scenario if held is None else held.scenario
        assert source is not None
        held = Held(source, options)
    outcome = held.outcome(x, basis, keep=True)
    with _LOCK:
        mine[number] = held
    return outcome
