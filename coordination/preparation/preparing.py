"""Prepare an instance: build both stages, solve them, say what knowing and adapting are worth."""

from __future__ import annotations

import logging
import platform
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.aggregation import aggregate
from coordination.errors import SolverError, UsageError
from coordination.instance import expect_instance
from coordination.planning.case import Case
from coordination.planning.clock import Clock
from coordination.planning.options import PlanOptions
from coordination.planning.recovery import refuse_damage
from coordination.plans.preparation import Preparation
from coordination.preparation.asking import check_floors, check_scenarios, refuse_what_is_not_kept
from coordination.preparation.assuring import assured_table, refuse_out_of_reach, tied_columns, with_assurances
from coordination.preparation.decided import cleaned, first_stage_table
from coordination.preparation.first_stage import FirstStage
from coordination.preparation.losing import Losing, check_losses, loss_table
from coordination.preparation.mean import MEAN, mean_instance
from coordination.preparation.measuring import Measure
from coordination.preparation.multistage import Adapted, adapted
from coordination.preparation.multistage.program import TreeProgram
from coordination.preparation.multistage.tree import Tree
from coordination.preparation.replay import replayed, scenarios_to_replay
from coordination.preparation.rotating import idle_rotation
from coordination.preparation.second_stage import GOODS, SecondStage, undisturbed
from coordination.preparation.unmet import unmet_by_group
from coordination.preparation.worths import balance, marginal_values
from coordination.solver import SolverOptions
from coordination.status import Status
from coordination.twostage import Risk, TwoStageProgram, information, solve, solve_robust
from coordination.twostage.risk import cvar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.instance import Instance
    from coordination.planning.model import ResponseModel
    from coordination.twostage import Answer
    from coordination.twostage.solving import Method

LOG = logging.getLogger(__name__)

CERTAIN = "as given"
"""Name of the one scenario of an instance without scenarios."""
UNCERTAIN = "The instance has no scenarios: what is decided answers to the instance as it is, as if it were certain."
SHORTEST = "Lanes run on shortest routes only: what other routes around full roads would save is not counted."

TIED = "Assurances tie the scenarios together: they were solved in one program, the extensive form."


def prepare(
    instance: Instance,
    *,
    gap: float = 1e-4,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int = 0,
    method: Method = "auto",
    figures: bool = True,
    replay: int = 0,
    keep: Sequence[str] = (),
    level: str | None = None,
    draws: int = 0,
    executor: Executor | None = None,
    workers: int | None = None,
    on_progress: Callable[[Any], None] | None = None,
) -> Preparation:
    """Decide what to open, buy, move and keep on standby before anything happens, over all scenarios.

    Parameters
    ----------
    instance : Instance
        With tables ``options``, ``purchases``, ``moves``, ``standby``, ``floors``, and ``scenarios`` with their
        ``effects``; without scenarios it is certain as it is.
    gap : float
        Requested proven gap, relative to the objective.
    time_limit : float, optional
        Seconds for deciding the first stage; what building and the figures take comes on top.
    threads : int, optional
        Threads of the solver; all cores by default.
    seed : int
        Seed of the solver.
    method : {"auto", "extensive", "benders"}
        As for `coordination.twostage.solve`.
    figures : bool
        Whether to find out, beside the first stage, what knowing, adapting and stock elsewhere are worth.
    replay : int
        Plan so many scenarios fully after the first stage, the likeliest first, and say what that costs beside the
        response in shares.
    keep : sequence of str
        Scenarios that are planned fully and whose plans are kept.
    level : str, optional
        Decide on the city put together by this level of zones (`coordination.aggregation`): quicker, and a little off.
        Scenarios are planned fully in the city as it is, so the difference says how far off.
    draws : int
        Where forecasts sharpen (table ``forecasts``): events that each policy is played through beside.
    executor : concurrent.futures.Executor, optional
        Takes scenario work.
    workers : int, optional
        Threads for it without an executor.
    on_progress : callable, optional
        Receives each `coordination.twostage.Round`.

    Returns
    -------
    Preparation
        First stage, costs by scenario, figures, the proven bound and gap.

    Raises
    ------
    InstanceError
        Probabilities do not sum to one, a scenario has no effect, the budget cannot meet the hard floors.
    UsageError
        An option is out of its range, or the policy asks for what a preparation does not keep yet.
    SolverError
        The solver failed in a way that no change of the data explains.
    """
    expect_instance(instance)
    options = PlanOptions(gap=gap, time_limit=time_limit, threads=threads, seed=seed)
    if instance.scenario is not None:
        raise UsageError("a preparation is over all scenarios: give the instance without one")
    refuse_damage(instance, "A preparation")
    refuse_what_is_not_kept(instance)
    check_scenarios(instance)
    check_losses(instance)
    if len(instance.forecasts) and figures:
        Tree.of(instance)  # what is wrong with it is said before anything is solved
    if draws < 0:
        raise UsageError(f"draws is {draws}; expected 0 or more")
    if workers is not None and workers < 1:
        raise UsageError(f"workers is {workers}; expected 1 or more")
    if replay < 0:
        raise UsageError(f"replay is {replay}; expected 0 or more")
    scenarios_to_replay(instance.scenarios, replay, keep)  # names that are none are said before anything is solved
    clock, full = Clock(time_limit), instance
    if level is not None:
        with clock.stage("aggregate"):
            instance = aggregate(full, level)
    with clock.stage("build"):
        first = FirstStage(Case.of(instance))
        check_floors(first)
        run = _Preparing(instance, first, options, executor, workers)
    asked = SolverOptions(gap=gap, time_limit=time_limit, threads=threads, seed=seed)
    with clock.stage("solve"):
        answer = run.answer(method, asked, on_progress)
    if answer.x is None:
        if answer.status is Status.INFEASIBLE:
            refuse_out_of_reach(first, run.program, run.exact)
        return run.without(answer, clock)
    with clock.stage("decide"):
        x = run.decided(answer.x)
        costs, values = run.measure.after(x)
    with clock.stage("figures"):
        found, marginal = run.figures(answer, x, costs, all_of_them=figures)
    made = run.written(answer, x, costs, values, found, marginal, clock)
    if len(instance.forecasts) and figures:
        with clock.stage("adapting"):
            worth = run.adapted(draws)
        made = replace(made, adapting=worth.policies, tables=dict(made.tables) | {"adaptive": worth.table})
    with clock.stage("replay"):
        names = scenarios_to_replay(made.scenario_costs, replay, keep)
        rows, plans = replayed(full, made.first_stage, made.scenario_costs, names, options)
    kept = {name: plan for name, plan in plans.items() if name in keep}
    return replace(made, replayed=rows, plans=kept, level=level, seconds=dict(clock.seconds))


def two_stage_program(instance: Instance) -> TwoStageProgram:
    """Return the two-stage program that `prepare` solves: for other solvers, and for measuring.

    Parameters
    ----------
    instance : Instance
        As for `prepare`.

    Raises
    ------
    InstanceError, UsageError
        As for `prepare`.
    """
    expect_instance(instance)
    refuse_what_is_not_kept(instance)
    check_scenarios(instance)
    if "losses" in instance.policy.risk:
        raise UsageError(
            "policy.risk: the worst of losses is no part of a two-stage program: prepare decides against it"
        )
    first = FirstStage(Case.of(instance))
    check_floors(first)
    return _Preparing(instance, first, PlanOptions(), None, None).program


class _Preparing:
    """What the steps of one preparation share."""

    def __init__(
        self,
        instance: Instance,
        first: FirstStage,
        options: PlanOptions,
        executor: Executor | None,
        workers: int | None,
    ) -> None:
        self.instance, self.first, self.options = instance, first, options
        self.executor, self.workers = executor, workers
        risk = instance.policy.risk
        self.risk = Risk(weight=risk["lambda"], level=risk["level"])
        self.exact = SolverOptions(gap=min(1e-6, options.gap), threads=options.threads, seed=options.seed)
        scenarios = instance.scenarios
        self.names = scenarios["scenario"].tolist()
        total = float(scenarios["probability"].sum()) if self.names else 1.0
        self.p = scenarios["probability"].to_numpy(dtype=float) / total if self.names else np.ones(1)
        self.probe = self._probe()
        self.base = undisturbed(instance, self.probe)
        self.stages = self._stages()
        every = enumerate(self.stages)
        self.whole = TwoStageProgram(first.form, tuple(with_assurances(one, number, first) for number, one in every))
        self.program = replace(self.whole, first=_without_losses(first))
        self.losing = Losing.of(instance, first, self.probe)
        self.measure = Measure(
            self.program, self.risk, tied_columns(first), [one.form.rows for one in self.stages], self.losing,
            self.exact, executor, workers,
        )  # fmt: skip
        self.listed: dict[int, int] = {}

    def answer(self, method: Method, asked: SolverOptions, on_round: Callable[[Any], None] | None) -> Answer:
        """Return the best first stage found."""
        shared: dict[str, Any] = {"executor": self.executor, "workers": self.workers, "on_round": on_round}
        tied = bool(self.measure.tied.any())
        if self.losing is not None:
            worst = int(self.first.column("worst")[0])
            found = solve_robust(
                self.whole, self.losing.scenarios, worst=worst, options=asked, **shared,
                scenarios_count=True if tied else None,
            )  # fmt: skip
            self.listed = found.rounds
            return found.answer
        answer = solve(self.program, risk=self.risk, method="extensive" if tied else method, options=asked, **shared)
        if tied:
            passed = ", though benders was asked for" if method == "benders" else ""
            answer.log[:1] = [f"extensive: table assurances ties the scenarios by whole numbers or CVaR{passed}"]
        return answer

    def decided(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return a first stage with whole options and without dust, the worst loss left out."""
        x = cleaned(self.first, x)
        x[self.first.column("worst")] = 0.0
        return x

    def _probe(self) -> pd.DataFrame:
        """Return every good at every place where it may lie before anything happens."""
        first = self.first
        goods = pd.concat([first.lots[["commodity", "expires"]], first.purchases[["commodity"]]]).drop_duplicates()
        every = goods.reindex(columns=["commodity", "expires"]).merge(
            pd.DataFrame({"place": first.depots}), how="cross"
        )
        known = pd.concat([every[GOODS], first.placed[GOODS], first.lots[GOODS]]).drop_duplicates(ignore_index=True)
        return known.astype({"expires": float})

    def _stages(self) -> list[SecondStage]:
        if not self.names:
            return [SecondStage.of(self.base, None, self.probe, CERTAIN, 1.0)]
        pairs = zip(self.names, self.p.tolist(), strict=True)
        return [SecondStage.of(self.base, name, self.probe, name, p) for name, p in pairs]

    def _alone(self, base: ResponseModel, scenario: str | None, name: str) -> TwoStageProgram:
        """Return the program of one scenario that is certain."""
        one = SecondStage.of(base, scenario, self.probe, name, 1.0)
        return replace(self.program, scenarios=(one.scenario(self.first),))

    def figures(
        self, answer: Answer, x: NDArray[np.float64], costs: NDArray[np.float64], *, all_of_them: bool
    ) -> tuple[dict[str, float | None], pd.DataFrame]:
        """Return figures by name, and what one more unit would save at each depot."""
        terms = self.program.first.term_values(x)
        weight = self.instance.policy.money_weight
        money = float(first_stage_table(self.first, x)["money"].astype(float).sum())
        found: dict[str, float | None] = {
            "money": money,
            "money_weighed": weight * money,
            "floor": terms.get("floor", 0.0),
            "expected_cost": float(self.p @ costs),
            "cvar_cost": cvar(costs, self.p, self.risk.level),
            "worst_cost": float(costs[self.p > 0].max()),
        }
        marginal = pd.DataFrame(columns=["place", "commodity", "value"])
        if not all_of_them:
            return found, marginal
        own = self.program.first.objective(x)
        found |= self._knowing(replace(answer, objective=own + self.measure.response(costs, self.measure.lost(x))))
        marginal = marginal_values(self.program, self.stages, self.probe, x, self.exact, self.executor)
        lies = balance(self.first, self.stages, self.exact, self.executor)
        if lies is not None:
            as_it_lies, best, _ = lies
            found |= {"cost_as_it_lies": as_it_lies, "cost_best_placed": best}
            found["balance"] = as_it_lies / best if best > 0 else None
        return found, marginal

    def adapted(self, draws: int) -> Adapted:
        """Return what adapting to forecasts is worth."""
        program = TreeProgram(
            Tree.of(self.instance), self.first, self.program.scenarios, self.risk, self.exact, self.executor
        )
        return adapted(program, self.instance, self.probe, draws, self.options.seed)

    def _knowing(self, answer: Answer) -> dict[str, float | None]:
        """Return EVPI, VSS and the cost of ignoring disruption."""
        shared: dict[str, Any] = {"options": self.exact, "executor": self.executor, "workers": self.workers}
        if not self.names and self.measure.plain:
            return {"wait_and_see": answer.objective, "evpi": 0.0, "vss": 0.0, "ignoring_disruption": 0.0}
        if not self.measure.plain:
            return self._knowing_more(answer.objective)
        averaged = mean_instance(self.instance, self.names, self.p).under(None)
        mean = self._alone(undisturbed(averaged, self.probe), MEAN, MEAN).scenarios[0]
        known = information(self.program, answer, risk=self.risk, mean=mean, **shared)
        calm = self._alone(self.base, None, "undisturbed")
        careless = solve(calm, options=self.exact)
        found: dict[str, float | None] = {"wait_and_see": known.wait_and_see, "evpi": known.evpi, "vss": known.vss}
        if careless.x is not None:
            found["ignoring_disruption"] = self.measure.total(self.decided(careless.x)) - answer.objective
        return found

    def _knowing_more(self, objective: float) -> dict[str, float | None]:
        """Return the same where there are assurances or losses."""
        calm = self._alone(self.base, None, "undisturbed").scenarios[0]
        mean = calm
        if self.names:
            averaged = mean_instance(self.instance, self.names, self.p).under(None)
            mean = self._alone(undisturbed(averaged, self.probe), MEAN, MEAN).scenarios[0]
        return self.measure.knowing(objective, mean, calm)

    def written(
        self,
        answer: Answer,
        x: NDArray[np.float64],
        costs: NDArray[np.float64],
        values: list[NDArray[np.float64]],
        figures: dict[str, float | None],
        marginal: pd.DataFrame,
        clock: Clock,
    ) -> Preparation:
        """Return what is decided."""
        if not np.isfinite(costs).all():
            raise SolverError("a scenario has no response after the first stage found: report it with the instance")
        table = first_stage_table(self.first, x)
        by_scenario = pd.DataFrame(
            {
                "scenario": [one.name for one in self.stages],
                "probability": self.p,
                "cost": costs,
                "terms": [_terms(one, y) for one, y in zip(self.stages, values, strict=True)],
            }
        )
        lost = self.measure.lost(x)
        tables = {"first_stage": table, "scenario_costs": by_scenario}
        if self.losing is not None and lost is not None:
            figures |= {"worst_loss_cost": float(lost.max()), "nothing_lost_cost": float(lost[0])}
            tables["loss_costs"] = loss_table(self.losing, lost, self.listed)
        tables["assured"], assured = assured_table(self.first, self.stages, values)
        assert figures["money_weighed"] is not None
        assert figures["floor"] is not None
        response = self.measure.response(costs, lost)
        objective = figures["money_weighed"] + figures["floor"] + response
        bound = min(answer.bound, objective)
        gap = max(0.0, objective - bound) / max(1e-10, abs(objective))
        status = answer.status
        if status is Status.OPTIMAL and gap > max(self.options.gap, 1e-6):
            status = Status.FEASIBLE
        terms = {"money": figures["money_weighed"], "floor": figures["floor"]}
        return self._made(
            answer, clock, status=status, objective=objective, bound=bound, gap=gap,
            terms={**terms, "response": response}, figures=figures, assured=assured,
            unmet=unmet_by_group(self.stages, values, self.p, self.risk.level),
            marginal=marginal.to_dict("records"), tables=tables,
        )  # fmt: skip

    def without(self, answer: Answer, clock: Clock) -> Preparation:
        """Return that there is no first stage."""
        return self._made(
            answer, clock, status=answer.status, objective=None, bound=None, gap=None, terms={}, figures={},
            marginal=[], tables={},
        )  # fmt: skip

    def _made(self, answer: Answer, clock: Clock, **fields: Any) -> Preparation:
        columns = self.program.first.columns + sum(one.form.columns for one in self.program.scenarios)
        notes = [] if self.names else [UNCERTAIN]
        routed = all(one.complete for one in self.stages) and (self.losing is None or self.losing.complete)
        notes += [] if routed else [SHORTEST]
        notes += idle_rotation(self.first)
        notes += [TIED] if self.measure.tied.any() else []
        return Preparation(
            seconds=dict(clock.seconds),
            sizes={
                "scenarios": len(self.stages),
                "first_stage_columns": self.program.first.columns,
                "columns": columns,
                "method": answer.method,
                "rounds": len(answer.rounds),
            },
            versions=_versions(),
            options=self.options.as_dict(),
            seed=self.options.seed,
            sha256=self.instance.sha256,
            notes=[*notes, *(line for line in answer.log if "lost" in line)],
            solver={"solve": "; ".join(answer.log[:2])},
            instance=self.instance,
            **fields,
        )


def _without_losses(first: FirstStage) -> MatrixForm:
    """Return the first stage with the cost of the worst loss held at 0."""
    form, worst = first.form, first.column("worst")
    if not len(worst):
        return form
    c, lb, ub = form.c.copy(), form.lb.copy(), form.ub.copy()
    c[worst] = lb[worst] = ub[worst] = 0.0
    return replace(form, c=c, lb=lb, ub=ub)


def _terms(one: SecondStage, values: NDArray[np.float64]) -> str:
    """Return the terms of a scenario's social cost as text: name=money, ;-separated."""
    terms = one.form.term_values(values)
    return ";".join(f"{name}={value:.17g}" for name, value in terms.items() if value != 0.0)


def _versions() -> dict[str, str]:
    names = ("coordination", "highspy", "pyomo", "pandas", "numpy", "scipy", "networkx")
    return {"python": platform.python_version()} | {name: version(name) for name in names}
