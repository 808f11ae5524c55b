"""The README's line on the real city: time, proven gap, what is not solving."""

import math
import shutil
import time

from benchmarks import ROOT
from benchmarks.bars import Measured, Run, readme_line, run_process

MOST_SECONDS, MOST_GAP, MOST_OVERHEAD = 360.0, 1e-3, 15.0
SOLVING = ("solve", "price")
"""Stages that run the solver or column generation; every other stage counts as overhead."""


def readme(run: Run) -> Measured:
    """Run the plan command with the README's options, in a process of its own, on two cores."""
    plan = run.plan
    header, command = plan.header, plan.command
    seconds = sum(header["seconds"].values()) if command is None else command.seconds
    gap = math.inf if header["gap"] is None else header["gap"]
    raw = {name: header[name] for name in ("seconds", "objective", "bound", "gap", "status", "notes", "sizes", "terms")}
    how = "its stages; made before" if command is None else "wall"
    value = f"{seconds:.1f} s ({how}), gap {gap:.4%}, {header['status']}, social cost {header['objective']:,.2f}"
    ended = command is None or command.code == 0
    if command is not None:
        raw |= {"wall": command.seconds, "code": command.code, "said": command.tail.replace(str(run.scratch), "")}
        value += "" if ended else f"; but the command ended with {command.code}: {command.last}"
    return Measured(ended and seconds <= MOST_SECONDS and gap <= MOST_GAP, value, raw)


def install(run: Run) -> Measured:
    """Run every part of the README's line in a fresh clone, each timed; needs a package index."""
    clone, seconds = run.scratch / "clone", {}
    steps = [["git", "clone", "-q", str(ROOT), str(clone)]]
    steps += [["bash", "-c", part] for part in readme_line().split(" && ")]
    for step, name in zip(steps, ("clone", "environment", "installation", "plan"), strict=True):
        done = run_process(step, folder=ROOT if name == "clone" else clone, fresh=True)
        seconds[name] = done.seconds
        if done.code:
            return Measured(False, f"{name} ended with {done.code}: {done.last}", {"seconds": seconds})
    shutil.rmtree(clone)
    text = ", ".join(f"{name} {spent:.1f} s" for name, spent in seconds.items())
    return Measured(seconds["plan"] <= MOST_SECONDS, text, {"seconds": seconds})


def overhead(run: Run) -> Measured:
    """Add up all stages of the plan but those that solve, as plan.json states them."""
    plan = run.plan
    parts = {name: spent for name, spent in plan.header["seconds"].items() if name not in SOLVING}
    total = sum(parts.values())
    text = f"{total:.1f} s: " + ", ".join(f"{name} {spent:.1f}" for name, spent in sorted(parts.items()))
    raw = {"parts": parts}
    if plan.command is not None:
        raw["outside of all stages"] = plan.command.seconds - sum(plan.header["seconds"].values())
        text += f"; besides, start of Python and the summary's re-solves {raw['outside of all stages']:.1f}"
    return Measured(total <= MOST_OVERHEAD, text, raw)


def verified(run: Run) -> Measured:
    """Ask for the second opinion on the plan folder."""
    from coordination.verification import verify

    begin = time.perf_counter()
    verdict = verify(run.plan.folder)
    seconds, count = time.perf_counter() - begin, sum(verdict.checked.values())
    raw = {"seconds": seconds, "comparisons": count, "violations": [str(found) for found in verdict.violations[:20]]}
    return Measured(verdict.ok, f"{len(verdict.violations)} violations in {count:,} comparisons, {seconds:.1f} s", raw)
