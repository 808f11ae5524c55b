"""How quickly the command line answers when it only has to speak."""

import statistics
import sys

from benchmarks.bars import Measured, Run, run_command, run_process

MOST_SECONDS = 0.5
TURNS = 5


def help_text(run: Run) -> Measured:
    """Measure the median wall time of ``--help``, beside that of Python doing nothing."""
    run_command(["--help"])
    ours, bare = [], []
    for _ in range(TURNS):
        done = run_command(["--help"])
        ours.append(done.seconds)
        bare.append(run_process([sys.executable, "-c", "pass"]).seconds)
        if done.code:
            return Measured(False, done.tail)
    seconds, nothing = statistics.median(ours), statistics.median(bare)
    text = f"{1000 * seconds:.0f} ms (Python alone {1000 * nothing:.0f} ms)"
    return Measured(seconds <= MOST_SECONDS, text, {"help": ours, "python": bare})
