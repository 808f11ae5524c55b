"""Generalised assignment as a special case of responsibility: every job to one agent, within the agents' capacities.

The embedding. There is one period. An agent is a party whose hours are its capacity; a job is a task of one hour for
one doer, who does all of it (min_share 1); the resource that it takes of an agent is the effort's factor, hours per
hour. Every job has a skill of its own, which those have whose capacity it does not exceed. A factor is above 0, so an
agent has a twin with hours without limit, who does for it what takes nothing of it.

Both directions are one: a doer costs what the agent is worse than the best agent for the job,

    effort[i,j] = c[i,j] - min_i c[i,j]  (minimisation)        effort[i,j] = max_i c[i,j] - c[i,j]  (maximisation)

and, every job being done once, what was taken off is a constant. All numbers are sums and differences of the file's,
so whole numbers stay whole. An hour that nobody does costs more than all jobs at their worst: no job is left that can
be done, and a plan that leaves one, proven, says that the problem has no solution.

``python -m benchmarks.issue_04.gap FILE … [--max]`` solves files of one's own.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import coordination as co
from benchmarks import ROOT
from benchmarks.bars import Measured, Run
from benchmarks.issue_04.gap_files import GapProblem, read_gap

DATA = ROOT.parent / "shared" / "data" / "gap"
TWIN = "{} taking nothing"
QUICK_JOBS = 20


@dataclass(frozen=True)
class Solved:
    """What a plan says of a problem.

    Attributes
    ----------
    value : float or None
        Cost or profit of the assignment, from the file's numbers; None where some job is left.
    proven : bool
        Whether no assignment is better (or, without a value, whether there is none).
    agent : ndarray of int, shape (jobs,)
        Agent of each job, −1 where it is left.
    """

    value: float | None
    proven: bool
    agent: NDArray[np.int64]


def efforts(problem: GapProblem, maximise: bool) -> NDArray[np.float64]:
    """Return what each agent is worse than the best one for each job."""
    cost = -problem.cost if maximise else problem.cost
    return np.asarray(cost - cost.min(axis=0))


def embed(problem: GapProblem, maximise: bool) -> co.Instance:
    """Write a problem as an instance (see the head of this file)."""
    effort = efforts(problem, maximise)
    agents, jobs = effort.shape
    able = np.argwhere(problem.use <= problem.capacity[:, None]).tolist()
    does = {(i, j): TWIN.format(f"agent {i}") if problem.use[i, j] == 0 else f"agent {i}" for i, j in able}
    parties = [{"party": f"agent {i}", "hours": problem.capacity[i]} for i in range(agents)]
    parties += [{"party": TWIN.format(f"agent {i}")} for i in range(agents)]
    place = {"kind": "enterprise", "zone": "all", "superior": "core"}
    policy = {"min_share": 1, "level_cost": 0, "gap_cost": 1 + float(effort.max(axis=0).sum())}
    return co.Instance.from_tables(
        {"name": problem.name, "periods": 1, "period_hours": 1, "policy": policy},
        {
            "zones": [{"zone": "all", "level": "city"}],
            "parties": [{"party": "core", "kind": "core", "zone": "all"}, *({**party, **place} for party in parties)],
            "skills": [
                {"party": party, "skill": f"job {j}", "hours": problem.use[i, j] or 1}
                for (i, j), party in does.items()
            ],
            "tasks": [
                {"task": f"job {j}", "domain": "convenience", "zone": "all", "skill": f"job {j}", "hours": 1}
                for j in range(jobs)
            ],
            "efforts": [
                {"task": f"job {j}", "party": party, "factor": problem.use[i, j] or 1, "cost": effort[i, j]}
                for (i, j), party in does.items()
            ],
        },
    )  # fmt: skip


def solve(problem: GapProblem, maximise: bool) -> Solved:
    """Plan a problem to a gap of 0 and read the assignment off the plan."""
    plan = co.plan(embed(problem, maximise), gap=0.0)
    agents, jobs = problem.cost.shape
    number = {f"agent {i}": i for i in range(agents)} | {TWIN.format(f"agent {i}"): i for i in range(agents)}
    rows = plan.responsibilities[plan.responsibilities["role"] == "responsible"]
    agent = np.full(jobs, -1, dtype=np.int64)
    agent[rows["task"].str.removeprefix("job ").astype(int)] = rows["party"].map(number)
    proven = plan.status is co.Status.OPTIMAL
    if (agent < 0).any():
        return Solved(None, proven, agent)
    taken = np.bincount(agent, problem.use[agent, np.arange(jobs)], agents)
    if (taken > problem.capacity + 1e-6 * np.maximum(1.0, problem.capacity)).any():
        raise ValueError(f"{problem.name}: the plan takes more of an agent than there is")
    return Solved(float(problem.cost[agent, np.arange(jobs)].sum()), proven, agent)


def bounds(path: Path) -> dict[str, tuple[float, float]]:
    """Read published lower and upper bounds by name, such as c0515_1_Max."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {name: (float(lower), float(upper)) for name, lower, upper in rows}


def published(run: Run) -> Measured:
    """Solve every problem given, in both directions, and gap1 in its owner's layout."""
    if not DATA.exists():
        return Measured(None, "the GAP files are not beside the repository")
    known, found = bounds(DATA / "bounds.txt"), {}
    for name, (lower, upper) in known.items():
        file, direction = name.rsplit("_", 1)
        (problem,) = read_gap(DATA / "instances" / file)
        if not run.quick or problem.cost.shape[1] <= QUICK_JOBS:
            found[name] = _judged(solve(problem, direction == "Max"), lower, upper)
    for problem in read_gap(DATA / "gap1.txt"):
        lower, upper = known[f"c0515_{problem.name.rsplit('-', 1)[1]}_Max"]
        found[problem.name] = _judged(solve(problem, maximise=True), lower, upper)
    held = [name for name, row in found.items() if row["holds"]]
    return Measured(len(held) == len(found), f"{len(held)} of {len(found)} reached and proven", found)


def _judged(solved: Solved, lower: float, upper: float) -> dict:
    """Return what was found beside what was published; where that is not proven, better than it holds too."""
    holds = solved.proven and solved.value is not None and lower - 1e-6 <= solved.value <= upper + 1e-6
    return {"value": solved.value, "proven": solved.proven, "lower": lower, "upper": upper, "holds": holds}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the best value of every problem in files; 1 where one has no solution or none proven."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.issue_04.gap", description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--max", action="store_true", dest="maximise", help="profits, to be maximised")
    given = parser.parse_args(arguments)
    good = True
    for problem in (problem for file in given.files for problem in read_gap(file)):
        solved = solve(problem, given.maximise)
        value = "no solution" if solved.value is None else f"{solved.value:.12g}"
        print(f"{problem.name}: {value}, {'proven' if solved.proven else 'not proven'}")
        good &= solved.proven and solved.value is not None
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
