r"""What the answer of one scenario tells about others: duals are shared where only right-hand sides and bounds differ.

Scenarios with the same recourse matrix and costs have the same dual solutions. With d = q − W' y, any of them bounds
the cost of every such scenario after every first stage

.. math:: Q_s(x) \ge y^{+} (h_s - T_s x) + y^{-} (k_s - T_s x) + d^{+} l_s + d^{-} u_s

so a few scenarios are solved and their duals give a cut for each of the others by one matrix product. Whether that is
near enough is measured on more scenarios, solved after their bound is known, until what is missing is small or all are
solved.

Source: Higle, J. and Sen, S. (1991), Stochastic decomposition, Mathematics of Operations Research 16 (duals kept for
other scenarios; there only right-hand sides differ).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.twostage.recourse import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coordination.solver.solution import FloatArray
    from coordination.twostage.program import Scenario
    from coordination.twostage.recourse import Recourse

    Ints = NDArray[np.int64]

MANY = 50
"""Scenarios from which on sharing is tried."""

FEWEST = 4
"""Scenarios of a family that are solved first; as many again measure what their duals miss, then twice as many …"""

FIRST_PART = 0.02
"""Share of a family that is solved first, if that is more."""

NOISE = 1e-9
"""Duals below this, relative to the largest, are noise."""

WRONG_SIGN = 1e-6
"""Reduced costs below this, relative to the largest, are noise where the bound that they ask for is infinite."""


@dataclass
class Family:
    """Scenarios with one recourse matrix and the same costs.

    Attributes
    ----------
    numbers : ndarray of int
        (members,) which scenarios.
    scenarios : list of Scenario
        Themselves.
    turn : int
        Where the next selection begins, so that all have their turn.
    """

    numbers: Ints
    scenarios: list[Scenario]
    turn: int = 0
    _shared: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        forms = [one.form for one in self.scenarios]
        low, high = np.array([form.lb for form in forms]), np.array([form.ub for form in forms])
        differ = (low != low[0]).any(axis=0) | (high != high[0]).any(axis=0)
        self._shared = {
            "matrix": forms[0].matrix,
            "costs": forms[0].c,
            "offset": np.array([form.offset for form in forms]),
            "row_lower": np.array([form.row_lower for form in forms]).T,
            "row_upper": np.array([form.row_upper for form in forms]).T,
            "differ": differ,
            "lb": low[0], "ub": high[0], "lbs": low[:, differ].T, "ubs": high[:, differ].T,
        }  # fmt: skip

    def selection(self) -> Ints:
        """Return members in the order in which they are solved this time: spread evenly, from another one each time."""
        count = len(self.numbers)
        first = max(FEWEST, round(FIRST_PART * count))
        step = max(1, count // first)
        order = np.argsort(np.arange(count) % step, kind="stable")
        self.turn += 1
        return np.roll(order, -(self.turn - 1) * first)

    def bounds(self, duals: FloatArray, x: FloatArray) -> FloatArray:
        """Return what each dual solution proves of each member.

        Parameters
        ----------
        duals : numpy.ndarray
            (n, rows) dual solutions.
        x : numpy.ndarray
            (first-stage columns,) first stage.

        Returns
        -------
        numpy.ndarray
            (n, members) lower bounds of cost.
        """
        own = self._shared
        duals = _clean(duals)
        moved = np.column_stack([one.technology @ x for one in self.scenarios])
        found = _side(np.maximum(duals, 0.0), own["row_lower"] - moved)
        found += _side(np.minimum(duals, 0.0), own["row_upper"] - moved)
        reduced = own["costs"] - (own["matrix"].T @ duals.T).T
        noise = WRONG_SIGN * max(1.0, float(np.abs(own["costs"]).max(initial=0.0)))
        same = ~own["differ"]
        for one_sided, name in ((np.maximum(reduced, 0.0), "lb"), (np.minimum(reduced, 0.0), "ub")):
            part = np.where(np.isinf(own[name]) & (np.abs(one_sided) <= noise), 0.0, one_sided)
            found += _side(part[:, same], own[name][same, None])
            found += _side(part[:, own["differ"]], own[name + "s"])
        return np.asarray(found + own["offset"])


def _clean(duals: FloatArray) -> FloatArray:
    most = np.maximum(1.0, np.abs(duals).max(axis=1, keepdims=True, initial=0.0))
    return np.asarray(np.where(np.abs(duals) <= NOISE * most, 0.0, duals))


def _side(weights: FloatArray, bounds: FloatArray) -> FloatArray:
    """Return weights times bounds; minus infinity where a weight meets an infinite bound."""
    infinite = np.isinf(bounds)
    found = np.asarray(weights @ np.where(infinite, 0.0, bounds))
    if infinite.any():
        found = np.where((weights != 0.0).astype(float) @ infinite.astype(float) > 0.0, -np.inf, found)
    return found


def families_of(scenarios: Sequence[Scenario]) -> list[Family]:
    """Return scenarios put together by recourse matrix, costs, and which of their bounds are infinite."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for number, one in enumerate(scenarios):
        form = one.form
        parts = (
            form.start, form.index, form.value, form.c, np.isinf(form.lb), np.isinf(form.ub),
            np.isinf(form.row_lower), np.isinf(form.row_upper),
        )  # fmt: skip
        key = hashlib.sha256(b"|".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()
        groups.setdefault((form.columns, form.rows, key), []).append(number)
    return [Family(np.array(some), [scenarios[number] for number in some]) for some in groups.values()]


class Sharing:
    """Answers of all scenarios to a first stage, as many of them solved as it needs.

    Parameters
    ----------
    recourse : Recourse
        Who solves.
    probabilities : numpy.ndarray
        (scenarios,) how likely each is.
    """

    def __init__(self, recourse: Recourse, probabilities: FloatArray) -> None:
        self.recourse, self.p = recourse, probabilities
        self.families = families_of(recourse.scenarios)
        self.solved = 0

    def worthwhile(self) -> bool:
        """Return whether there are scenarios enough that have one structure."""
        return len(self.p) >= MANY and len(self.p) >= 2 * FEWEST * len(self.families)

    def outcomes(self, x: FloatArray, tolerance: float) -> list[Outcome]:
        """Return every scenario's answer, exact or bounded by the duals of others.

        Parameters
        ----------
        x : numpy.ndarray
            (first-stage columns,) the first stage.
        tolerance : float
            How much the mean cost may be underestimated, about; 0: all are solved.
        """
        states = [_State(family) for family in self.families]
        most = tolerance if tolerance > 0 else -1.0
        while waiting := [state for state in states if state.more]:
            asked = [state.next() for state in waiting]
            numbers = np.concatenate([state.family.numbers[some] for state, some in zip(waiting, asked, strict=True)])
            starts = [state.start(member) for state, some in zip(waiting, asked, strict=True) for member in some]
            answers = iter(self.recourse.outcomes(x, numbers.tolist(), starts))
            self.solved += len(numbers)
            for state, some in zip(waiting, asked, strict=True):
                state.take(some, [next(answers) for _ in some], x)
            missing = sum(state.missing(self.p) for state in states)
            for state in states:
                state.judge(missing, most)
        found: list[Outcome | None] = [None] * len(self.p)
        for state in states:
            for number, outcome in zip(state.family.numbers, state.all_outcomes(), strict=True):
                found[number] = outcome
        return [one for one in found if one is not None]


class _State:
    """One family while it is asked about one first stage."""

    def __init__(self, family: Family) -> None:
        self.family, self.order = family, family.selection()
        self.at, self.more = 0, True
        count = len(family.numbers)
        self.outcome: list[Outcome | None] = [None] * count
        self.bound, self.by = np.full(count, -np.inf), np.full(count, -1)
        self.error = np.inf
        self.infeasible = False

    def next(self) -> Ints:
        count = len(self.order)
        size = max(FEWEST, round(FIRST_PART * count)) if self.at == 0 else self.at
        some = self.order[self.at : self.at + size]
        self.at += len(some)
        return some

    def start(self, member: int) -> int | None:
        """Return the scenario from whose basis another one may start: whose dual bounds it best."""
        by = int(self.by[member])
        return int(self.family.numbers[by]) if by >= 0 else None

    def take(self, some: Ints, answers: list[Outcome], x: FloatArray) -> None:
        known = np.isfinite(self.bound[some])
        values = np.array([answer.value for answer in answers])
        if known.any():
            self.error = float(np.maximum(0.0, values[known] - self.bound[some][known]).mean())
        for member, answer in zip(some, answers, strict=True):
            self.outcome[member] = answer
        if not all(answer.feasible for answer in answers):
            self.infeasible = True
            return
        if self.at >= len(self.order):
            return
        proven = self.family.bounds(np.array([answer.dual for answer in answers]), x)
        best = proven.argmax(axis=0)
        value = proven[best, np.arange(proven.shape[1])]
        better = value > self.bound
        self.bound[better], self.by[better] = value[better], some[best[better]]

    def missing(self, p: FloatArray) -> float:
        """Return by how much the mean cost of those not solved is underestimated, about."""
        rest = self.order[self.at :]
        return float(p[self.family.numbers[rest]].sum()) * self.error if len(rest) else 0.0

    def judge(self, missing: float, most: float) -> None:
        """Decide whether to go on."""
        enough = missing <= most and not self.infeasible and bool(np.isfinite(self.bound).all())
        self.more = self.at < len(self.order) and not enough

    def all_outcomes(self) -> list[Outcome]:
        return [self._of(member) if one is None else one for member, one in enumerate(self.outcome)]

    def _of(self, member: int) -> Outcome:
        """Return the answer of a member that was not solved: the best bound, and how it changes."""
        source = self.outcome[self.by[member]]
        assert source is not None
        assert source.dual is not None
        gradient = -(self.family.scenarios[member].technology.T @ _clean(source.dual[None, :])[0])
        value = float(self.bound[member])
        return Outcome(True, value, value, gradient, exact=False)
