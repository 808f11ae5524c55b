"""Solving the city's supply again from the last basis after needs, costs or roads changed, against the best cold solve.

The model is that of ``handing_over``: supply with all hours of the supply tasks given, shipments on the nearest lanes.
Needs are changed in the instance and the model is compiled again (not timed, for either side); the program in the
solver takes the bounds that differ. Everything runs in one fresh process, warm and cold next to each other.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from benchmarks.bars import Measured, Run, run_module

LEAST = 20.0
SAME = 1e-6
DRAWS = {"needs": 3, "costs": 1, "roads": 1}
TURNS = 3
CAP = 240.0
"""Seconds allowed for a cold solve, and at most `HOPELESS` times the quickest so far: it will not be the best."""
HOPELESS = 1.5
CLOCKS = ("clock", "processor")
WAYS = {
    "simplex": ("simplex", True), "ipx": ("ipx", True), "ipx without crossover": ("ipx", False),
    "hipo": ("hipo", True), "hipo without crossover": ("hipo", False),
}  # fmt: skip


def timed(act) -> tuple[dict, object]:
    """Return seconds by the clock and by the processor, which other programs disturb less, and the result."""
    clock, processor = time.perf_counter(), time.process_time()
    result = act()
    return {"clock": time.perf_counter() - clock, "processor": time.process_time() - processor}, result


def cold(form, way: str, cap: float) -> dict:
    """Return seconds of a cold solve with everything that belongs to it, and the objective (None: none that counts)."""
    from coordination.solver import SolverOptions, solve
    from coordination.status import Status

    algorithm, crossover = WAYS[way]
    options = SolverOptions(algorithm=algorithm, crossover=crossover, time_limit=cap)
    seconds, solution = timed(lambda: solve(form, options=options))
    counts = solution.status is Status.OPTIMAL and solution.algorithm == algorithm
    return seconds | {"objective": solution.objective if counts else None}


def warm(held, before, after) -> dict:
    """Return seconds of changing and solving again, median of some turns, and the objective."""

    def again():
        held.become(after)
        return held.solve()

    turns = []
    for _ in range(TURNS):
        held.become(before)
        held.solve()
        seconds, solution = timed(again)
        turns.append(seconds)
    median = {clock: statistics.median(turn[clock] for turn in turns) for clock in CLOCKS}
    return {
        "turns": turns, "warm": median | {"objective": solution.objective}, "iterations": solution.iterations,
        "log": solution.log,
    }  # fmt: skip


def one_draw(held, before, after, ways: list[str]) -> dict:
    """Return warm and cold figures of one change, and the ratio to whichever cold way was quickest on this very one.

    The quickest is looked for by each clock apart: the nearest rival by one may win by the other.
    """
    figures, cap = warm(held, before, after), CAP
    figures["cold"] = {}
    for way in ways:
        figures["cold"][way] = found = cold(after, way, cap)
        if found["objective"] is not None:
            cap = min(cap, HOPELESS * found["clock"])
    counting = {way: found for way, found in figures["cold"].items() if found["objective"] is not None}
    best = {clock: min(counting, key=lambda way, clock=clock: counting[way][clock]) for clock in CLOCKS}
    again = figures["warm"]
    errors = [abs(again["objective"] - one["objective"]) / (1.0 + abs(one["objective"])) for one in counting.values()]
    ratio = {clock: counting[best[clock]][clock] / again[clock] for clock in CLOCKS}
    return figures | {"best": best, "ratio": ratio, "error": max(errors)}


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
        found["first"] = {"log": held.solve().log, "seconds": time.perf_counter() - begin}
        for name, change in (
            ("needs", supply.changed_needs), ("costs", supply.changed_costs), ("roads", supply.closed_roads),
        ):  # fmt: skip
            found[name] = []
            for seed in range(DRAWS[name]):
                draw = one_draw(held, supply.form, change(seed), ways)
                found[name].append(draw)
                # Every way on the first draw; then those that counted, for none of them is the quickest on all.
                ways = [way for way in ways if draw["cold"][way]["objective"] is not None]
    return found


def resolving(run: Run) -> Measured:
    """Return the ratio for changed needs; those for costs and roads beside it."""
    file = run.scratch / "resolving.json"
    run_module("benchmarks.issue_03.resolving", str(run.city), str(file))
    found = json.loads(file.read_text(encoding="utf-8"))
    parts, errors, ratios = [], [], {}
    for name in ("needs", "costs", "roads"):
        draws = found[name]
        ratio = {clock: statistics.median(draw["ratio"][clock] for draw in draws) for clock in CLOCKS}
        ratios[name], again = min(ratio.values()), statistics.median(draw["warm"]["clock"] for draw in draws)
        errors += [draw["error"] for draw in draws]
        parts.append(f"{name} {ratio['clock']:.1f} x ({again:.2f} s; {ratio['processor']:.1f} x by the processor)")
    best = ", ".join(f"{d['best']['clock']} {d['cold'][d['best']['clock']]['clock']:.1f} s" for d in found["needs"])
    text = (
        f"{', '.join(parts)}; best cold solves of needs {best};"
        f" objectives within {max(errors):.0e} ({found['columns']:,} columns)"
    )
    return Measured(ratios["needs"] >= LEAST and max(errors) <= SAME, text, found)


if __name__ == "__main__":
    # Through a file: more figures than a line that is kept of a process's last words.
    Path(sys.argv[2]).write_text(json.dumps(once(sys.argv[1])), encoding="utf-8")
    print("{}")
