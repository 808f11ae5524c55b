"""Print every bar with its measured value and PASS or FAIL; keep the raw results as JSON."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import traceback
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path

from benchmarks import ROOT
from benchmarks.bars import Measured, Run
from benchmarks.registry import BARS

PACKAGES = ("coordination", "pyomo", "highspy", "pandas", "numpy", "scipy", "networkx", "pydantic")
WORDS = {True: "PASS", False: "FAIL", None: "    "}


def load() -> float | None:
    """Return the machine's load over the last minute, where it is known."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def processor() -> str:
    """Return the processor's name."""
    file = Path("/proc/cpuinfo")
    if file.exists():
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def memory() -> float | None:
    """Return GiB of memory, where the system says."""
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" not in names:
        return None
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)


def installed(package: str) -> str:
    """Return a package's version."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "from the checkout"


def commit() -> str:
    """Return the commit that is measured, with a plus when files differ from it."""
    try:
        head = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        changed = subprocess.run(
            ["git", "status", "--porcelain", "-uno"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")


def shown(path: Path) -> str:
    """Return a path as seen from the repository, its name alone where it lies elsewhere: machines differ."""
    path = path.resolve()
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def circumstances(arguments: argparse.Namespace) -> dict:
    """Return date, machine and versions."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "options": {key: shown(given) if isinstance(given, Path) else given for key, given in vars(arguments).items()},
        "machine": {
            "system": platform.platform(), "processor": processor(), "cores": os.cpu_count(), "memory_gib": memory(),
            "load": load(),
        },
        "versions": {"python": platform.python_version()} | {package: installed(package) for package in PACKAGES},
    }  # fmt: skip


def measured(bar, run: Run) -> tuple[Measured, dict]:
    """Measure one bar; what goes wrong is a FAIL that says what."""
    before, begin = load(), time.perf_counter()
    try:
        found = bar.measure(run)
    except Exception as error:  # one bar must not keep the others from being measured
        found = Measured(False, f"{type(error).__name__}: {str(error)[:300]}", {"traceback": traceback.format_exc()})
    raw = {
        "issue": bar.issue, "name": bar.name, "promise": bar.promise, "passed": found.passed, "value": found.value,
        "seconds": round(time.perf_counter() - begin, 2), "load_before": before, "load_after": load(), "raw": found.raw,
    }  # fmt: skip
    return found, raw


def write(results: dict, path: Path) -> None:
    """Write the results so far; an interruption leaves what was measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".tmp")
    part.write_text(json.dumps(results, indent=1, ensure_ascii=False, default=float) + "\n", encoding="utf-8")
    part.replace(path)


def parsed() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [bar.name for bar in BARS]
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=f"one of: {', '.join(names)}")
    parser.add_argument("--quick", action="store_true", help="a minute or two: less of everything, not the city")
    parser.add_argument("--install", action="store_true", help="also the README's line in a fresh clone (downloads)")
    parser.add_argument("--city", type=Path, default=ROOT / "instances" / "xian", help="another city than the README's")
    parser.add_argument("--plan", type=Path, help="judge this plan folder instead of planning the city")
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "results", help="folder for raw results")
    return parser.parse_args()


def chosen(arguments: argparse.Namespace) -> list:
    """Return the bars to measure."""
    if arguments.only:
        return [bar for bar in BARS if bar.name in arguments.only]
    return [bar for bar in BARS if (bar.quick or not arguments.quick) and (bar.name != "install" or arguments.install)]


def main() -> int:
    """Measure, print, keep; 1 when a bar fails."""
    arguments = parsed()
    results = circumstances(arguments) | {"bars": []}
    path = arguments.results / f"{results['date'].replace(':', '').replace('+0000', 'Z')}.json"
    machine = results["machine"]
    print(f"{machine['processor']}, {machine['cores']} cores, load {machine['load']}; commit {results['commit']}")
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as scratch:
        run = Run(arguments.quick, arguments.install, arguments.city.resolve(), arguments.plan, Path(scratch))
        for issue, bars in groupby(chosen(arguments), key=lambda bar: bar.issue):
            print(f"\nIssue {issue}")
            for bar in bars:
                found, raw = measured(bar, run)
                results["bars"].append(raw)
                write(results, path)
                print(f"{WORDS[found.passed]}  {bar.name:16} {bar.promise}\n{'':23}{found.value}", flush=True)
    verdicts = [raw["passed"] for raw in results["bars"] if raw["passed"] is not None]
    failed = verdicts.count(False)
    print(f"\n{len(verdicts) - failed} of {len(verdicts)} bars hold; raw results in {path}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
