"""Many scenarios: how long a preparation on Sioux Falls takes, and the extensive form by HiGHS's best algorithm beside.

``python -m benchmarks.issue_06.many_scenarios COUNT WAY SECONDS`` solves the program of so many scenarios, built
before the clock starts, and prints seconds, objective and bound; WAY is ours or an algorithm of HiGHS.
"""

import json
import sys
import time

import coordination as co
from benchmarks.bars import Measured, Run, run_module, two_cores
from benchmarks.issue_06.sioux import NETWORK, preparation
from coordination.preparation.preparing import two_stage_program
from coordination.solver import SolverOptions
from coordination.solver import solve as solve_form
from coordination.twostage import extensive_form, solve

GAP = 1e-3
SCENARIOS, SECONDS = 1000, 300.0
PATIENCE = 600.0
"""Seconds for the extensive form."""
LADDER, QUICK_LADDER = (10, 20, 50, 100, 200, 500), (10, 20)
ALGORITHMS = ("choose", "simplex", "ipx")
"""Of the extensive form: HiGHS on the program as it is, with whole numbers; then its relaxation, which is less work."""
AT_LEAST, MANY = 10.0, 500
SLOWER, FEW = 1.2, 100


def thousand(run: Run) -> Measured:
    """Prepare 1,000 scenarios with the front door: built, decided, and every scenario evaluated."""
    if not NETWORK.exists():
        return Measured(None, "the road networks are not beside the repository")
    two_cores()
    instance = preparation(SCENARIOS)
    began = time.perf_counter()
    made = co.prepare(instance, gap=GAP, figures=False)
    seconds = time.perf_counter() - began
    raw = {"seconds": seconds, "parts": dict(made.seconds), "gap": made.gap, "objective": made.objective}
    proven = made.gap is not None and made.gap <= GAP
    value = f"{seconds:.0f} s, gap {100 * (made.gap or 0):.3g} %" if proven else f"{made.status} after {seconds:.0f} s"
    return Measured(proven and seconds <= SECONDS, value, raw | {"sizes": dict(made.sizes)})


def against_extensive(run: Run) -> Measured:
    """Solve ever more scenarios our way and in the extensive form; compare times on one machine, one after the other.

    Where the extensive form is not done in its time, that time counts: its ratio is at least that.
    """
    if not NETWORK.exists():
        return Measured(None, "the road networks are not beside the repository")
    found: dict[int, dict] = {}
    alive = list(ALGORITHMS)
    for count in QUICK_LADDER if run.quick else LADDER:
        ours = _solved(count, "ours")
        theirs = {way: _solved(count, way) for way in alive}
        done = {way: row for way, row in theirs.items() if row["done"]}
        best = min((row["seconds"] for row in done.values()), default=PATIENCE)
        found[count] = {"ours": ours, "extensive": theirs, "ratio": best / ours["seconds"], "unfinished": not done}
        alive = [way for way in alive if theirs[way]["done"]]
    held = all(
        row["ours"]["done"] and row["ratio"] >= (AT_LEAST if count >= MANY else 1 / SLOWER if count < FEW else 0.0)
        for count, row in found.items()
    )
    said = ", ".join(
        f"{count}: {'> ' if row['unfinished'] else ''}{row['ratio']:.1f} x" for count, row in found.items()
    )
    return Measured(
        held, f"extensive form's time over ours by scenarios: {said}", {str(n): r for n, r in found.items()}
    )


def _solved(count: int, way: str) -> dict:
    return run_module("benchmarks.issue_06.many_scenarios", str(count), way, str(PATIENCE))


def main() -> None:
    """Solve one program one way."""
    count, way, limit = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    program = two_stage_program(preparation(count))
    began = time.perf_counter()
    if way == "ours":
        answer = solve(program, options=SolverOptions(gap=GAP, time_limit=limit))
        done, row = answer.gap <= GAP, {"objective": answer.objective, "bound": answer.bound, "log": answer.log}
    else:
        algorithm = {} if way == "choose" else {"algorithm": way}
        form = extensive_form(program if way == "choose" else program.relaxed())
        solution = solve_form(form, options=SolverOptions(gap=GAP, time_limit=limit, **algorithm))
        done = solution.x is not None and solution.gap <= GAP
        row = {"objective": solution.objective, "bound": solution.bound, "log": solution.log}
    print(json.dumps({"seconds": time.perf_counter() - began, "done": bool(done), **row}))


if __name__ == "__main__":
    main()
