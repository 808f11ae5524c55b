"""Published fronts of bi-objective knapsacks, by the engine that plans use for two terms.

2KP50 comes as CSV tables of the AUGMECON2 papers (weights by row, capacities, profits by row, the front), 2KP50-11 as a
text of the vOptLib: numbers of items, objectives and constraints, then profits, weights and the capacity, with comments
after #. Profits are maximised: their negatives are the objectives.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from benchmarks import ROOT
from benchmarks.bars import Measured, Run
from coordination.compilation import MatrixForm
from coordination.objectives import Front, Objective, pareto_front

DATA = ROOT.parent / "shared" / "data" / "moo"
Knapsack = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Profits (objectives, items), weights (constraints, items), capacities."""


def table(path: Path) -> np.ndarray:
    """Read a CSV table whose first row and column number the others."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return np.array([[float(cell) for cell in row[1:]] for row in rows])


def read_tables(folder: Path) -> tuple[Knapsack, np.ndarray]:
    """Read a knapsack of the AUGMECON2 papers and its front."""
    problem = table(folder / "c.csv"), table(folder / "a.csv"), table(folder / "b.csv")[:, 0]
    return problem, table(folder / "pareto_sols.csv")


def read_text(problem: Path, front: Path) -> tuple[Knapsack, np.ndarray]:
    """Read a knapsack of the vOptLib and its front."""
    lines = (line.partition("#")[0] for line in problem.read_text(encoding="utf-8").splitlines())
    numbers = [float(word) for line in lines for word in line.split()]
    items, objectives, limits = (int(number) for number in numbers[:3])
    body = np.array(numbers[3:])
    profits, rest = body[: objectives * items].reshape(objectives, items), body[objectives * items :]
    # Each constraint is its weights and its capacity.
    rows = rest.reshape(limits, items + 1)
    points = [[float(word) for word in line.split()] for line in front.read_text(encoding="utf-8").splitlines()]
    return (profits, rows[:, :-1], rows[:, -1]), np.array([point for point in points if point])


def knapsack(weights: np.ndarray, capacity: np.ndarray) -> MatrixForm:
    """Return a knapsack without an objective as a matrix."""
    limits, items = weights.shape
    matrix = sp.csc_array(weights)
    return MatrixForm(
        start=matrix.indptr.astype(np.int32), index=matrix.indices.astype(np.int32), value=matrix.data,
        c=np.zeros(items), lb=np.zeros(items), ub=np.ones(items),
        row_lower=np.full(limits, -np.inf), row_upper=np.asarray(capacity, dtype=float),
        integrality=np.ones(items, dtype=np.uint8), offset=0.0, maximize=False,
        variables={}, constraints={}, terms={},
    )  # fmt: skip


def front_of(problem: Knapsack) -> Front:
    """Return the front of a knapsack; values are negative profits."""
    profits, weights, capacity = problem
    first, second = (Objective(f"profit {n}", -row) for n, row in enumerate(profits, start=1))
    return pareto_front(knapsack(weights, capacity), first, second)


def judged(fronts: Sequence[tuple[str, tuple[Knapsack, np.ndarray]]]) -> Measured:
    """Compare fronts, point by point, with what was published."""
    raw, good, words = {}, True, []
    for name, (problem, published) in fronts:
        front = front_of(problem)
        ours = sorted((-front.values).tolist())
        same = front.exact and ours == sorted(published.tolist())
        good &= same
        words.append(f"{name} {len(ours)} of {len(published)} points{'' if same else ', not the same'}")
        raw[name] = {"points": ours, "exact": front.exact, "solves": front.solves}
    return Measured(good, "; ".join(words), raw)


def published(run: Run) -> Measured:
    """Reproduce both published fronts."""
    if not DATA.exists():
        return Measured(None, "the fronts are not beside the repository")
    fronts = [
        ("2KP50", read_tables(DATA / "2kp50")),
        ("2KP50-11", read_text(DATA / "2KP50-11.dat", DATA / "2KP50-11.min.front")),
    ]
    return judged(fronts)
