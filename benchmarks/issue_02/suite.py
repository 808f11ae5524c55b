"""The tests of the README's test line."""

import sys

from benchmarks.bars import Measured, Run, run_process

MOST_SECONDS = 300.0


def quick_line(run: Run) -> Measured:
    """Measure the wall time of ``pytest -q -n auto``, the README's line, on two cores, the environment being there."""
    done = run_process([sys.executable, "-m", "pytest", "-q", "-n", "auto"])
    passed = done.code == 0 and done.seconds <= MOST_SECONDS
    return Measured(
        passed, f"{done.seconds:.0f} s: {done.last}", {"seconds": done.seconds, "code": done.code, "last": done.last}
    )
