"""From tables in memory to HiGHS ready to run and back: ours against arrays by hand, linopy and Pyomo's ways.

Every way, size and turn is a process of its own (`once`), the ways taking turns; medians are compared. Seconds are
CPU seconds: all ways use one thread, and a busy machine stretches wall time, which stands beside them in the raw
results.
"""

import importlib.util
import statistics

from benchmarks.bars import Measured, Run, run_module

WAYS = {
    "raw": "raw numpy",
    "ours": "ours",
    "ours_sparse": "ours, sparse sets",
    "linopy": "linopy",
    "standard": "Pyomo + LinearStandardFormCompiler",
    "appsi": "Pyomo appsi_highs",
}
SLOW = {"standard", "appsi"}
SMALL, MIDDLE, LARGE = 20_000, 200_000, 1_000_000
TURNS = 5

RAW_TIMES = 2.5
LINOPY_FASTER, LINOPY_MEMORY = 2.5, 0.6
APPSI_FASTER, APPSI_MEMORY = {MIDDLE: 50.0, LARGE: 100.0}, 0.2


def turns(way: str, columns: int, quick: bool) -> int:
    """Return how often a way is measured: Pyomo's, which take minutes at the largest size, once there."""
    if way in SLOW:
        return 1 if quick or columns == LARGE else 3
    return 3 if quick else TURNS


def results(run: Run) -> dict[int, dict[str, list[dict]]]:
    """Return what every process found, by size and way; measured once for all bars of a run."""
    kept = run.kept.get("building")
    if kept is None:
        sizes = (SMALL, MIDDLE) if run.quick else (SMALL, MIDDLE, LARGE)
        ways = [way for way in WAYS if way != "linopy" or importlib.util.find_spec("linopy")]
        kept = run.kept["building"] = {columns: interleaved(columns, ways, run.quick) for columns in sizes}
    return kept


def interleaved(columns: int, ways: list[str], quick: bool) -> dict[str, list[dict]]:
    """Measure all ways at one size, taking turns."""
    found: dict[str, list[dict]] = {way: [] for way in ways}
    for turn in range(TURNS):
        for way, answers in found.items():
            if turn < turns(way, columns, quick):
                answers.append(run_module("benchmarks.issue_03.once", way, str(columns)))
    return found


def median(answers: list[dict], what: str) -> float:
    """Return the median of one figure."""
    return statistics.median(answer[what] for answer in answers)


def compared(run: Run, way: str, what: str, unit: str, bar: dict[int, float], at_least: bool) -> Measured:
    """Compare ours with another way at the sizes that have a bar: the other over ours, or ours over the other."""
    found = results(run)
    if way not in found[MIDDLE]:
        return Measured(False, f"{way} is not installed: pip install -e '.[bench]'")
    passed, texts = True, []
    for columns in sorted(set(bar) & set(found)):
        ours, theirs = (median(found[columns][name], what) for name in ("ours", way))
        ratio = theirs / ours if at_least else ours / theirs
        passed &= ratio >= bar[columns] if at_least else ratio <= bar[columns]
        texts.append(f"{columns:,}: {ratio:.2f} x (ours {ours:.3g} {unit}, {WAYS[way]} {theirs:.3g} {unit})")
    return Measured(passed, "; ".join(texts), {str(columns): found[columns] for columns in found})


def against_raw(run: Run) -> Measured:
    """Seconds over those of arrays by hand."""
    return compared(run, "raw", "cpu", "s", dict.fromkeys((MIDDLE, LARGE), RAW_TIMES), at_least=False)


def faster_than_linopy(run: Run) -> Measured:
    """Seconds of linopy over ours."""
    return compared(run, "linopy", "cpu", "s", dict.fromkeys((MIDDLE, LARGE), LINOPY_FASTER), at_least=True)


def leaner_than_linopy(run: Run) -> Measured:
    """Memory over that of linopy."""
    return compared(run, "linopy", "mb", "MB", dict.fromkeys((MIDDLE, LARGE), LINOPY_MEMORY), at_least=False)


def faster_than_appsi(run: Run) -> Measured:
    """Seconds of Pyomo's appsi_highs over ours."""
    return compared(run, "appsi", "cpu", "s", APPSI_FASTER, at_least=True)


def leaner_than_appsi(run: Run) -> Measured:
    """Memory over that of Pyomo's appsi_highs."""
    return compared(run, "appsi", "mb", "MB", dict.fromkeys((MIDDLE, LARGE), APPSI_MEMORY), at_least=False)


def table(run: Run) -> Measured:
    """Every way at every size: a figure."""
    rows = []
    for columns, ways in results(run).items():
        base = median(ways["raw"], "cpu")
        for way, answers in ways.items():
            cpu, mb = median(answers, "cpu"), median(answers, "mb")
            rows.append(f"{columns:>9,}  {WAYS[way]:35}{cpu:9.3f} s{mb:9.1f} MB{cpu / base:9.1f} x raw")
    return Measured(None, f"\n{'':23}".join(rows))
