"""Capacitated warehouse location (OR-Library's cap files) as a preparation that is certain.

A warehouse is a place without storage of its own and an option that adds its capacity for its fixed cost; goods are
bought there for nothing, and brought to customers at the file's cost per unit (a cost there is for the whole demand).
A unit missing costs more than all warehouses and the dearest way: nothing is left that can be brought.

``python -m benchmarks.issue_06.warehouses FILE … [--capacity N]`` solves files of one's own; large files of the family
carry the word ``capacity`` where a number stands in others.
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
from benchmarks.issue_06.star import HEADER, star

DATA = ROOT.parent / "shared" / "data" / "orlib-cap"
TOLERANCE = 1e-6
OPTIMA = {
    "cap41": 1040444.375, "cap42": 1098000.450, "cap43": 1153000.450, "cap44": 1235500.450, "cap51": 1025208.225,
    "cap61": 932615.750, "cap62": 977799.400, "cap63": 1014062.050, "cap64": 1045650.250, "cap71": 932615.750,
    "cap72": 977799.400, "cap73": 1010641.450, "cap74": 1034976.975, "cap81": 838499.288, "cap82": 910889.563,
    "cap83": 975889.563, "cap84": 1069369.525, "cap91": 796648.438, "cap92": 855733.500, "cap93": 896617.538,
    "cap94": 946051.325, "cap101": 796648.437, "cap102": 854704.200, "cap103": 893782.112, "cap104": 928941.750,
}  # fmt: skip
"""Of the owner's table: Beasley, J. E. (1988), European Journal of Operational Research 33."""
QUICK = ("cap41", "cap64", "cap71", "cap84", "cap101")


@dataclass(frozen=True)
class WarehouseProblem:
    """A file: capacity and fixed cost by warehouse, demand by customer, cost of the whole demand by pair."""

    name: str
    capacity: NDArray[np.float64]
    fixed: NDArray[np.float64]
    demand: NDArray[np.float64]
    cost: NDArray[np.float64]


def read_warehouses(path: Path, capacity: float | None = None) -> WarehouseProblem:
    """Read a file.

    Parameters
    ----------
    path : Path
        Numbers in free format: m n; m times capacity and fixed cost; n times demand and m costs.
    capacity : float, optional
        What the word ``capacity`` stands for.

    Raises
    ------
    ValueError
        If there are too few or too many numbers, or the word stands there and nothing is given for it.
    """
    words = path.read_text(encoding="utf-8").split()
    if "capacity" in words and capacity is None:
        raise ValueError(f"{path.name}: found the word capacity; expected a number for it: --capacity N")
    try:
        numbers = np.array([float(capacity or 0.0) if word == "capacity" else float(word) for word in words])
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}; expected numbers") from error
    warehouses, customers = (int(number) for number in numbers[:2])
    expected = 2 + 2 * warehouses + customers * (1 + warehouses)
    if len(numbers) != expected:
        raise ValueError(f"{path.name}: found {len(numbers)} numbers; expected {expected} for their sizes")
    head, rest = numbers[2 : 2 + 2 * warehouses].reshape(-1, 2), numbers[2 + 2 * warehouses :]
    rows = rest.reshape(customers, 1 + warehouses)
    return WarehouseProblem(path.stem, head[:, 0], head[:, 1], rows[:, 0], rows[:, 1:].T)


def embed(problem: WarehouseProblem) -> co.Instance:
    """Write a problem as an instance (see the head of this file)."""
    some = problem.demand > 0
    unit = problem.cost[:, some] / problem.demand[some]
    warehouses = [f"w{i}" for i in range(len(problem.fixed))]
    customers = [f"c{j}" for j in np.flatnonzero(some).tolist()]
    tables = star(unit, warehouses, customers)
    for place in tables["places"]:
        if place["kind"] == "depot":
            place["storage_tonnes"] = 0
    dear = 1.0 + float(problem.fixed.sum() + unit.max())
    options = zip(warehouses, problem.fixed.tolist(), problem.capacity.tolist(), strict=True)
    needs = zip(customers, problem.demand[some].tolist(), strict=True)
    return co.Instance.from_tables(
        {"name": problem.name, **HEADER},
        {
            **tables,
            "commodities": [{"commodity": "goods", "kg": 1000, "cost_without": dear}],
            "needs": [{"place": c, "commodity": "goods", "period": 0, "quantity": q} for c, q in needs],
            "options": [
                {"place": w, "use": "depot", "size": "open", "money": money, "capacity": room}
                for w, money, room in options
            ],
            "purchases": [{"place": w, "commodity": "goods", "owner": "core", "unit_money": 0} for w in warehouses],
        },
    )


def solve(problem: WarehouseProblem, gap: float = 1e-7) -> co.Preparation:
    """Prepare a problem; the second stage follows from the first, so figures on information are left out."""
    return co.prepare(embed(problem), gap=gap, figures=False)


def published(run: Run) -> Measured:
    """Solve every problem given to its published optimum, proven."""
    if not DATA.exists():
        return Measured(None, "the warehouse files are not beside the repository")
    found = {}
    for name in QUICK if run.quick else OPTIMA:
        solved = solve(read_warehouses(DATA / f"{name}.txt"))
        holds = solved.status is co.Status.OPTIMAL and _near(solved.objective, OPTIMA[name])
        holds &= _near(solved.bound, OPTIMA[name])
        found[name] = {"value": solved.objective, "bound": solved.bound, "published": OPTIMA[name], "holds": holds}
    held = sum(row["holds"] for row in found.values())
    return Measured(held == len(found), f"{held} of {len(found)} reached and proven", found)


def _near(value: float | None, expected: float) -> bool:
    return value is not None and abs(value - expected) <= TOLERANCE * expected


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the least cost of every problem in files; 1 where one is not proven."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.issue_06.warehouses", description=__doc__.splitlines()[0]
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--capacity", type=float, help="what the word capacity in a file stands for")
    given = parser.parse_args(arguments)
    good = True
    for file in given.files:
        solved = solve(read_warehouses(file, given.capacity))
        proven = solved.status is co.Status.OPTIMAL
        opened = ", ".join(solved.first_stage.query("what == 'option'")["place"])
        print(f"{file.stem}: {solved.objective:.12g}, {'proven' if proven else 'not proven'}; open: {opened}")
        good &= proven
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
