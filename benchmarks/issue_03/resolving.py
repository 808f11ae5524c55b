"""Solving the city's supply again after needs, costs or roads changed, from the last basis, against the best cold solve.

The model is that of ``handing_over``: supply with all hours of the supply tasks given, shipments on the nearest lanes.
Needs are changed in the instance and the model is compiled again (not timed, for either side); the program in the
solver takes the bounds that differ. Everything runs in one fresh process, warm and cold next to each other.
"""

import json
import statistics
import sys
import time

from benchmarks.bars import Measured, Run, run_module

LEAST = 20.0
SAME = 1e-6
DRAWS, TURNS = 3, 3
CAP = 240.0
"""Seconds allowed for a cold solve."""
WAYS = {
    "simplex": ("simplex", True), "ipx": ("ipx", True), "ipx without crossover": ("ipx", False),
    "hipo": ("hipo", True), "hipo without crossover": ("hipo", False),
}  # fmt: skip


def cold(form, way: str) -> tuple[float, float | None]:
    """Return seconds of a cold solve with everything that belongs to it, and the objective (None: none that counts)."""
    from coordination.solver import SolverOptions, solve
    from coordination.status import Status

    algorithm, crossover = WAYS[way]
    begin = time.perf_counter()
    solution = solve(form, options=SolverOptions(algorithm=algorithm, crossover=crossover, time_limit=CAP))
    seconds = time.perf_counter() - begin
    counts = solution.status is Status.OPTIMAL and solution.algorithm == algorithm
    return seconds, solution.objective if counts else None


def warm(held, before, after) -> dict:
    """Return seconds of changing and solving again, median of some turns, and the objective."""
    seconds = []
    for _ in range(TURNS):
        held.become(before)
        held.solve()
        begin = time.perf_counter()
        held.become(after)
        solution = held.solve()
        seconds.append(time.perf_counter() - begin)
    return {
        "seconds": seconds, "warm": statistics.median(seconds), "warm objective": solution.objective,
        "iterations": solution.iterations, "log": solution.log,
    }  # fmt: skip


def one_draw(held, before, after, ways: list[str]) -> dict:
    """Return warm and cold figures of one change; the best cold way is the quickest that counts."""
    figures = warm(held, before, after)
    figures["cold"] = {way: cold(after, way) for way in ways}
    counting = {way: found for way, found in figures["cold"].items() if found[1] is not None}
    best = min(counting, key=lambda way: counting[way][0])
    seconds, objective = counting[best]
    error = abs(figures["warm objective"] - objective) / (1.0 + abs(objective))
    return figures | {"best": best, "ratio": seconds / figures["warm"], "error": error}


def once(folder: str) -> dict:
    """Measure all kinds of changes in this process."""
    from benchmarks.issue_03.changes import Supply
    from coordination.instance import load
    from coordination.solver import LinearProgram
    from coordination.solver.algorithms import hipo_available

    supply = Supply(load(folder))
    ways = [way for way, (algorithm, _) in WAYS.items() if algorithm != "hipo" or hipo_available()]
    found = {"columns": supply.form.columns, "rows": supply.form.rows, "entries": supply.form.entries}
    with LinearProgram(supply.form) as held:
        begin = time.perf_counter()
        found["first log"] = held.solve().log
        found["first"] = time.perf_counter() - begin
        for name, change in (
            ("needs", supply.changed_needs), ("costs", supply.changed_costs), ("roads", supply.closed_roads),
        ):  # fmt: skip
            found[name] = []
            for seed in range(DRAWS):
                draw = one_draw(held, supply.form, change(seed), ways)
                found[name].append(draw)
                # Every way once, on needs; from then on the quickest speaks for all of them.
                ways = [draw["best"]]
    return found


def resolving(run: Run) -> Measured:
    """Return the ratio for changed needs; those for costs and roads beside it."""
    found = run_module("benchmarks.issue_03.resolving", str(run.city))
    parts, errors, ratios = [], [], {}
    for name in ("needs", "costs", "roads"):
        draws = found[name]
        ratios[name] = statistics.median(draw["ratio"] for draw in draws)
        errors += [draw["error"] for draw in draws]
        again = statistics.median(draw["warm"] for draw in draws)
        parts.append(f"{name} {ratios[name]:.1f} x ({again:.2f} s)")
    first = found["needs"][0]
    text = (
        f"{', '.join(parts)}; best cold solve {first['best']} {first['cold'][first['best']][0]:.1f} s;"
        f" objectives within {max(errors):.0e} ({found['columns']:,} columns)"
    )
    return Measured(ratios["needs"] >= LEAST and max(errors) <= SAME, text, found)


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1])))
