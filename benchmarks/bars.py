"""What a bar is, what it answers, and what all bars of one run share."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from benchmarks import ROOT

COMMAND = "import sys; from coordination.cli import main; main()"
"""The console script, whatever environment runs the benchmarks."""


@dataclass(frozen=True)
class Measured:
    """What one bar found.

    Attributes
    ----------
    passed : bool or None
        None: only a figure, there is no bar for it.
    value : str
        For people, with units.
    raw : dict
        Every number behind it.
    """

    passed: bool | None
    value: str
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Bar:
    """One promise: the issue that made it, a name, what is promised, how it is measured.

    Attributes
    ----------
    issue : int
        Number of the issue.
    name : str
        For ``--only``.
    promise : str
        The bar in words.
    measure : callable
        Takes the `Run`.
    quick : bool
        Whether ``--quick`` measures it (perhaps on less, `Run.quick`).
    """

    issue: int
    name: str
    promise: str
    measure: Callable[["Run"], Measured]
    quick: bool = True


@dataclass(frozen=True)
class CityPlan:
    """A plan of the real city.

    Attributes
    ----------
    folder : Path
        Where it was written.
    header : dict
        Its plan.json.
    command : Finished or None
        How the command ended; None for a plan made before.
    """

    folder: Path
    header: dict
    command: "Finished | None"


@dataclass
class Run:
    """What the bars of one run share.

    Attributes
    ----------
    quick : bool
        Less of everything.
    install : bool
        Run the README's whole line in a fresh clone, too.
    city : Path
        The instance that the README's line plans.
    planned : Path or None
        A plan of it made before, to judge instead of a new one.
    scratch : Path
        Temporary folder.
    kept : dict
        What several bars judge and one of them measured, by name.
    """

    quick: bool
    install: bool
    city: Path
    planned: Path | None
    scratch: Path
    kept: dict = field(default_factory=dict)

    @property
    def plan(self) -> CityPlan:
        """The city's plan by the README's options, made once; RuntimeError where none was written."""
        folder, command = self.planned or self.scratch / "plan", self._command
        if not (folder / "plan.json").exists():
            raise RuntimeError(f"no plan in {folder}" if command is None else f"no plan was written: {command.last}")
        return CityPlan(folder, json.loads((folder / "plan.json").read_text(encoding="utf-8")), command)

    @cached_property
    def _command(self) -> "Finished | None":
        if self.planned is not None:
            return None
        return run_command(["plan", str(self.city), "--out", str(self.scratch / "plan"), *readme_options()])


@dataclass(frozen=True)
class Finished:
    """How a process ended: exit code, seconds of wall time, the last of what it said."""

    code: int
    seconds: float
    tail: str

    @property
    def last(self) -> str:
        """The last line of what it said."""
        lines = self.tail.strip().splitlines()
        return lines[-1] if lines else ""


def two_cores() -> None:
    """Let this process use two of the machine's cores, where the system can say so."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])


def run_process(arguments: list[str], *, folder: Path = ROOT, fresh: bool = False) -> Finished:
    """Run a process on two cores and wait.

    Parameters
    ----------
    fresh : bool
        Without this checkout on the path, for an installed environment.
    """
    paths = [] if fresh else [str(ROOT), str(ROOT / "models")]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"PYTHONPATH": os.pathsep.join(paths)} if paths else {}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        begin = time.perf_counter()
        process = subprocess.run(
            arguments, cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT, check=False,
            preexec_fn=two_cores if hasattr(os, "fork") else None,
        )  # fmt: skip
        seconds = time.perf_counter() - begin
        said.seek(0)
        return Finished(process.returncode, seconds, said.read()[-4000:])


def run_command(arguments: list[str]) -> Finished:
    """Run a command of ours in a process of its own."""
    return run_process([sys.executable, "-c", COMMAND, *arguments])


def run_module(module: str, *arguments: str) -> dict:
    """Run a module of the benchmarks in a fresh process; it prints one line of JSON last."""
    result = run_process([sys.executable, "-m", module, *arguments])
    if result.code != 0:
        raise RuntimeError(f"{module} ended with {result.code}: {result.last}")
    return json.loads(result.last)


def readme_line() -> str:
    """Return the README's line that sets up and plans the real city."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^python3 -m venv .* plan instances/.*$", text, flags=re.MULTILINE)
    if found is None:
        raise RuntimeError("README.md has no line that plans an instance")
    return found.group(0)


def readme_options() -> list[str]:
    """Return the options with which the README's line plans."""
    return re.split(r"--out \S+", readme_line())[1].split()
