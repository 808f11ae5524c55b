"""The ladder of instances, and planning one of them in a process of its own, with its peak memory."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import ROOT
from benchmarks.bars import COMMAND, Run

SHARED = ROOT.parent / "shared" / "data" / "tntp"
"""Public road networks, where they lie beside the repository."""


@dataclass(frozen=True)
class City:
    """One rung: a name, how to get its folder (None where its data are not here), options of the plan command."""

    name: str
    folder: Callable[[Run], Path | None]
    options: tuple[str, ...]


def made(communities: int, commodities: int = 10) -> Callable[[Run], Path]:
    """Return how to make a city of so many communities, 14 periods, in the run's scratch folder; once."""

    def folder(run: Run) -> Path:
        from coordination.generation import generate

        path = run.scratch / f"city-{communities}"
        if not path.exists():
            generate(communities=communities, commodities=commodities, periods=14, shortage=0.1).save(path)
        return path

    return folder


def on_network(name: str) -> Callable[[Run], Path | None]:
    """Return how to make a city on a public road network, None where it is not here."""

    def folder(run: Run) -> Path | None:
        from coordination.generation import generate

        source, path = SHARED / name, run.scratch / name
        if not source.exists():
            return None
        if not path.exists():
            generate(network=source / f"{name}_net.tntp", commodities=4, periods=7).save(path)
        return path

    return folder


LADDER = (
    City("neighbourhood", lambda _: ROOT / "instances" / "neighbourhood", ("--gap", "1e-6")),
    City("Sioux Falls", on_network("SiouxFalls"), ("--gap", "1e-3", "--time-limit", "120")),
    City("Anaheim", on_network("Anaheim"), ("--gap", "1e-3", "--time-limit", "240")),
    City("xian", lambda run: run.city, ("--gap", "1e-3", "--time-limit", "270")),
    City("1,000 communities", made(1000), ("--gap", "5e-3", "--time-limit", "600")),
    City("3,000 communities", made(3000), ("--gap", "5e-3", "--time-limit", "870")),
)


@dataclass(frozen=True)
class Planned:
    """How planning went: plan.json, wall seconds, MiB at most, exit code, the plan's folder, the last it said."""

    header: dict
    seconds: float
    mib: float
    code: int
    folder: Path
    said: str


def planned(city: City, run: Run) -> Planned | None:
    """Plan a city with the command, once a run; None where its data are not here."""
    source = city.folder(run)
    if source is None:
        return None
    target = run.scratch / f"plan of {city.name}"
    kept = target.with_suffix(".json")
    if not kept.exists():
        command = [sys.executable, "-c", COMMAND, "plan", str(source), "--out", str(target), *city.options]
        kept.write_text(json.dumps(_measured(command)), encoding="utf-8")
    header = json.loads((target / "plan.json").read_text(encoding="utf-8")) if (target / "plan.json").exists() else {}
    return Planned(header, folder=target, **json.loads(kept.read_text(encoding="utf-8")))


def held_to_two(command: list[str]) -> list[str]:
    """Return a command that runs on two of this process's cores, where the system can say so."""
    if not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) <= 2 or not shutil.which("taskset"):
        return command
    return ["taskset", "-c", ",".join(map(str, sorted(os.sched_getaffinity(0))[:2])), *command]


def _measured(command: list[str]) -> dict:
    """Run a command on two cores; seconds and peak memory of that process alone."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "models")])
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        begin = time.perf_counter()
        process = subprocess.Popen(
            held_to_two(command), cwd=ROOT, env=os.environ | {"PYTHONPATH": paths}, stdout=said,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        said.seek(0)
        last = said.read().strip().splitlines()[-1:]
    code = os.waitstatus_to_exitcode(status)
    return {"seconds": seconds, "mib": usage.ru_maxrss / 1024, "code": code, "said": "".join(last)}
