"""Planning by other rules than least social cost alone: fair shares, terms in order, the front of two, fair loads.

Where the joint model can be solved whole, everything is done on it, as in the direct way. Where it cannot, the plan of
least social cost is made first, and its roles and shipments are kept: with these the rules on shares and the order of
terms are carried out on a linear program; then nothing is proven, and the plan says so.

Rules come in this order: bounds on inequality hold throughout; leximin of served shares; the terms of ``order`` one
after the other; the social cost last of all, which decides what the rules leave open. A front is that of the two terms
of ``order``; of its points, each filled in at least social cost, the plan is the one with the least.

Fair loads come after the social cost, of which they may cost ``load_allowance`` (absent: the gap asked for): plans
within it count as equally good, and of these the one with the fairest loads is chosen
(`coordination.planning.fair_loads`).

Shares are those of `worst_off`: what is served of the need of a place and commodity over groups and periods, backlogs
counted in need. Leximin, of them or of loads, is exact up to thirty; beyond, it is the worst, then the sums of the
worst 5, 10 and 25 in a hundred.

The bound is that of the last turn: no plan that keeps what the turns before it reached costs less. Where one of them is
not proven to the gap, nothing is proven of the whole; but where only loads shall be fair the bound of the least social
cost holds all the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from coordination.errors import UsageError
from coordination.objectives import Level, Objective, lexicographic, pareto_front
from coordination.objectives.fairness import (
    how_exact,
    with_gini,
    with_ratio,
    with_shares,
    with_worst_sums,
    worst_counts,
)
from coordination.objectives.limits import at_most
from coordination.planning.amounts import with_amounts
from coordination.planning.answer import VALUES, Answer, nothing_found, trivial_bound, values_of
from coordination.planning.fair_loads import fair_loads, left_undone
from coordination.planning.linear import with_roles
from coordination.planning.roles import decided_apart
from coordination.wording import amount, counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.instance.policy import Policy
    from coordination.objectives import Front
    from coordination.planning.model import ResponseModel
    from coordination.planning.session import Session
    from coordination.solver import Solution

    Floats = NDArray[np.float64]

MOST_POINTS = 25
"""Points of a front that is a curve."""
COST_TIME = 0.5
"""Share of the time left that the least social cost takes at most where loads shall be fair."""
KEPT = "The policy's rules were carried out with the roles and shipments of the plan of least social cost: unproven."
HUNGRY = "Neither term of the front counts people who go without: its points may send nothing to anybody."
PRICES = "Prices are missing: under the policy's rules they would not be those of the social cost."


def ruled(policy: Policy) -> bool:
    """Return whether a policy asks for more than least social cost."""
    rules = (policy.max_gini, policy.max_ratio)
    fair = "leximin" in (policy.rationing, policy.load)
    return policy.objective != "social_cost" or fair or any(r is not None for r in rules)


def solve_ruled(session: Session, before: Answer | None = None) -> Answer:
    """Solve the joint model by the policy's rules.

    Parameters
    ----------
    before : Answer, optional
        The plan of least social cost whose roles and shipments are kept, of a case too large to be solved whole.

    Raises
    ------
    UsageError
        A front of a case that is too large.
    """
    if before is None:
        return _Ruled(session).answer()
    if session.model.case.instance.policy.objective == "pareto":
        raise UsageError(
            "policy.objective pareto is carried out on instances that are solved as one model; this one is too large."
            " Plan a part of it, or take the key out of the policy."
        )
    if before.program is not None:
        before.program.close()
    return _Ruled(session, kept=before).answer()


@dataclass
class _Ruled:
    """One run by rules.

    Attributes
    ----------
    session : Session
        The run of planning.
    figures : dict
        Rounds, sizes and the like, for provenance.
    found : dict
        The social cost without the rules, and the front.
    kept : Answer or None
        The plan of least social cost whose roles and shipments are kept.
    """

    session: Session
    figures: dict[str, Any] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=lambda: {"without": None, "front": None})
    kept: Answer | None = None

    @property
    def model(self) -> ResponseModel:
        """The joint model, with the chosen roles alone where they are kept."""
        return self.session.model if self.kept is None else self.kept.model

    @property
    def policy(self) -> Policy:
        """The rules."""
        return self.model.case.instance.policy

    def answer(self) -> Answer:
        """Solve, rule after rule."""
        session, columns = self.session, self.session.columns
        plain = self._whole() if self.kept is None else self._restricted(self.kept)
        seconds = session.clock.within(COST_TIME) if self.policy.load == "leximin" else None
        free = session.solve(plain, "without the rules", seconds=seconds)
        form, fair = self._with_rules(plain)
        if self.policy.objective == "pareto":
            x, bound = self._front(form)
        elif form is plain and self.policy.objective == "social_cost":
            x, bound = self._only_loads(form, free)
        else:
            x, bound = self._levels(form, fair)
        if x is None:
            return nothing_found(session, trivial_bound(self.session.model), self.figures)
        if free is not None and free.x is not None:
            self.found["without"] = free.objective
        session.notes.append(PRICES)
        values = values_of(plain, x, VALUES)
        if self.kept is not None:
            session.notes.append(KEPT)
            bound = -math.inf
        bound, ships = max(bound, trivial_bound(self.session.model)), columns.ships()
        return Answer(self.model, columns, ships, values, None, bound, session.notes, self.figures, rules=self.found)

    def _whole(self) -> MatrixForm:
        """Return the whole joint model, with who is accountable decided where nothing else depends on it."""
        session, columns = self.session, self.session.columns
        columns.active = columns.allowed.copy()
        with session.clock.stage("compile"):
            form = with_amounts(self.model.compile(columns), self.model, columns)
        self.figures = {"columns": form.columns, "rows": form.rows, "entries": form.entries, "way": "by rules"}
        return decided_apart(session, form)

    def _restricted(self, kept: Answer) -> MatrixForm:
        """Return the joint model with the roles and the shipments of a plan, a linear program."""
        columns = self.session.columns
        columns.active[:] = False
        columns.active[tuple(kept.ships[name].to_numpy() for name in ("lane", "batch", "period"))] = True
        with self.session.clock.stage("compile"):
            form = with_roles(self.model.compile(columns), kept.values)
        self.figures = {**kept.figures, "way": "by rules, restricted"}
        return form

    def _with_rules(self, form: MatrixForm) -> tuple[MatrixForm, list[Objective]]:
        """Return the program with what the rules on shares need, and their objectives."""
        policy, shares = self.policy, served_shares(self.model, form)
        count = shares.shape[0]
        if not count or (policy.rationing != "leximin" and policy.max_gini is None and policy.max_ratio is None):
            return form, []
        form, columns = with_shares(form, shares)
        if policy.max_gini is not None:
            form = with_gini(form, columns, policy.max_gini)
        if policy.max_ratio is not None:
            form = with_ratio(form, columns, policy.max_ratio)
        if policy.rationing != "leximin":
            return form, []
        self.session.notes += how_exact(count, "shares")
        return with_worst_sums(form, columns, worst_counts(count))

    def _only_loads(self, form: MatrixForm, free: Solution | None) -> tuple[Floats | None, float]:
        """Return the columns and what is proven where loads shall be fair and no other rule is there."""
        if free is None or free.x is None:
            return None, -math.inf
        objective = Objective("social cost", form.c, form.offset)
        cost = Level(objective, objective.value(free.x), free.bound, free, form)
        x, bound = fair_loads(self.session, self.model.roles, cost, left_undone(form))
        return x, cost.bound if bound is None else bound

    def _levels(self, form: MatrixForm, fair: list[Objective]) -> tuple[Floats | None, float]:
        """Take the turns; return the columns and what is proven."""
        terms = self.policy.order.split(";") if self.policy.objective == "lexicographic" and self.policy.order else []
        objectives = [*fair, *(Objective.of_terms(form, term) for term in terms)]
        social_cost = Objective("social cost", form.c, form.offset)
        levels = lexicographic(form, [*objectives, social_cost], self._solve_level)
        for level in levels[len(fair) : len(objectives)]:
            proof = f"at least {amount(level.bound)}" if math.isfinite(level.bound) else "nothing proven"
            self.session.notes.append(f"Order: {level.objective.name} {amount(level.value)} ({proof}).")
        if not levels:
            return None, -math.inf
        complete = len(levels) == len(objectives) + 1
        proven = complete and all(level.proven(self.session.options.gap) for level in levels[:-1])
        if not proven:
            self.session.notes.append("The policy's rules were not all proven in time; no bound is given.")
        x, bound = levels[-1].solution.x, levels[-1].bound
        if complete and self.policy.load == "leximin":
            x, last = fair_loads(self.session, self.model.roles, levels[-1], left_undone(form))
            bound = -math.inf if last is None else last
        return x, bound if proven else -math.inf

    def _solve_level(self, form: MatrixForm, stage: str) -> Solution | None:
        """Solve one turn: the last, of the social cost, to the gap asked for, the others to optimality."""
        return self.session.solve(form, stage, gap=None if stage == "social cost" else 0.0)

    def _front(self, form: MatrixForm) -> tuple[Floats | None, float]:
        """Find the front of two terms and fill in its points; return the point that costs least."""
        first, second = (whole_objective(self.model, form, term) for term in (self.policy.order or "").split(";"))
        front = pareto_front(form, first, second, points=MOST_POINTS, solve=self._solve_level)
        best, bound, costs = None, math.inf, []
        for values in front.values:
            held = _held(form, first, second, values)
            filled = self.session.solve(held, "social cost of a point")
            costs.append(math.nan if filled is None or filled.x is None else form.objective(filled.x))
            bound = min(bound, -math.inf if filled is None else filled.bound)
            if filled is not None and filled.x is not None and costs[-1] <= np.nanmin(costs):
                best = filled.x
        self._record(front, first, second, costs)
        return best, bound if front.exact else -math.inf

    def _record(self, front: Front, first: Objective, second: Objective, costs: list[float]) -> None:
        points = np.column_stack([front.values, costs]).tolist() if len(costs) else []
        self.found["front"] = {
            "terms": [first.name, second.name],
            "exact": front.exact,
            "points": [[None if math.isnan(value) else value for value in point] for point in points],
        }
        said = "all of them" if front.exact else "not all of them"
        self.session.notes.append(f"Front of {first.name} and {second.name}: {counted(len(points), 'point')}, {said}.")
        if not {"deprivation", "lapsed"} & {first.name, second.name}:
            self.session.notes.append(HUNGRY)


def whole_objective(model: ResponseModel, form: MatrixForm, term: str) -> Objective:
    """Return a term over whole columns where that can be: who must do all of a task or nothing covers all its hours.

    With min_share 1 the hours covered are those of the task times whether the party is a doer, and the gap is what is
    left of them: then pay, benefit and gaps change in steps, and their fronts are exact.
    """
    plain, roles = Objective.of_terms(form, term), model.roles
    if model.case.instance.policy.min_share < 1.0 or not {"cover", "doer", "gap"} <= set(form.variables):
        return plain
    cover, doer, gap = (form.variables[name].slice for name in ("cover", "doer", "gap"))
    c = plain.c.copy()
    task_period = pd.MultiIndex.from_frame(roles.open_tasks[["task", "period"]])
    row = task_period.get_indexer(pd.MultiIndex.from_frame(roles.cover[["task", "period"]]))
    constant = plain.constant + float(c[gap] @ roles.most_gap)
    hourly = c[cover] - c[gap][row]
    np.add.at(c, doer.start + roles.cover["pair"].to_numpy(), hourly * roles.cover["hours"].to_numpy())
    c[cover], c[gap] = 0.0, 0.0
    return Objective(term, c, constant)


def _held(form: MatrixForm, first: Objective, second: Objective, values: Floats) -> MatrixForm:
    """Return the program that keeps both objectives of a point, with a little room for arithmetic."""
    for objective, value in zip((first, second), values.tolist(), strict=True):
        form = at_most(form, objective, value + 1e-6 * max(1.0, abs(value)))
    return form


def served_shares(model: ResponseModel, form: MatrixForm) -> sp.csr_array[Any]:
    """Return what each column adds to the served share of each place and commodity with need."""
    needy, service = np.argwhere(model.case.need_total > 0), model.frame.service
    total = model.case.need_total[tuple(needy.T)]
    index = pd.MultiIndex.from_arrays([needy[:, 0], needy[:, 1]])
    of = index.get_indexer(pd.MultiIndex.from_frame(service[["place", "commodity"]]))
    visits = model.case.facilities.visits(model.frame.needs)
    going = index.get_indexer(pd.MultiIndex.from_frame(visits[["place", "commodity"]]))
    rows = {"serve": of, "visit": going}
    parts = [
        (rows[name], np.arange(form.columns)[form.variables[name].slice]) for name in rows if name in form.variables
    ]
    row, column = (np.concatenate([np.zeros(0, dtype=np.int64), *(part[n] for part in parts)]) for n in (0, 1))
    return sp.csr_array((1.0 / total[row], (row, column)), shape=(len(needy), form.columns))
