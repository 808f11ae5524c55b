"""From end to end on the ladder of instances; the largest has bars of its own."""

import math

from benchmarks.bars import Measured, Run
from benchmarks.issue_03.cities import LADDER, City, Planned, planned

STAGES = ("read", "build", "compile", "hand over", "solve", "price", "decide", "write")
MOST_SECONDS, MOST_MIB, MOST_GAP = 900.0, 8 * 1024, 5e-3
MOST_WRITING = 10.0


def ends(run: Run) -> Measured:
    """Plan every rung; seconds by stage, memory, gap; verify on each."""
    lines, raw, passed = [], {}, True
    for city in LADDER[:3] if run.quick else LADDER:
        found = planned(city, run)
        if found is None:
            lines.append(f"{city.name}: its data are not here")
            continue
        holds = _holds(found)
        passed &= holds
        lines.append(f"{city.name}: {_told(found)}, verify {'passes' if holds else 'FAILS'}")
        raw[city.name] = _raw(found) | {"verify": holds}
    return Measured(passed, "\n".join(lines).replace("\n", "\n" + " " * 23), raw)


def mega(run: Run) -> Measured:
    """Plan 3,000 communities: gap, wall time and memory."""
    found = planned(LADDER[-1], run)
    assert found is not None
    holds = _holds(found)
    passed = found.seconds <= MOST_SECONDS and found.mib <= MOST_MIB and _gap(found) <= MOST_GAP and holds
    text = f"{_told(found)}, verify {'passes' if holds else 'FAILS'}"
    return Measured(passed, text, _raw(found) | {"verify": holds})


def writing(run: Run) -> Measured:
    """Seconds to write the plan of 3,000 communities."""
    found = planned(LADDER[-1], run)
    assert found is not None
    seconds = found.header["seconds"]["write"]
    return Measured(seconds <= MOST_WRITING, f"{seconds:.1f} s, {found.header['sizes']}", {"seconds": seconds})


def reading(run: Run) -> Measured:
    """Seconds to read and check 3,000 communities, and for all its lanes' trip figures."""
    import time

    from coordination.instance import load
    from coordination.network import Network

    folder = City("", LADDER[-1].folder, ()).folder(run)
    assert folder is not None
    begin = time.perf_counter()
    instance = load(folder)
    read = time.perf_counter() - begin
    begin = time.perf_counter()
    lanes = len(Network.of(instance).lanes)
    trips = time.perf_counter() - begin
    text = f"{len(instance.needs):,} needs read and checked in {read:.1f} s; {lanes:,} lanes in {trips:.1f} s"
    return Measured(read < 5.0 and trips < 5.0, text, {"read": read, "trips": trips, "lanes": lanes})


def growth(run: Run) -> Measured:
    """Fit time and memory against possible shipments over the rungs that are planned at a city's scale."""
    import numpy as np

    found = [one for one in (planned(city, run) for city in LADDER[3:]) if one is not None and one.header]
    size = np.log([one.header["sizes"]["shipments_possible"] for one in found])
    time_of = np.polyfit(size, np.log([one.seconds for one in found]), 1)[0]
    memory_of = np.polyfit(size, np.log([one.mib for one in found]), 1)[0]
    text = f"seconds grow with shipments ^ {time_of:.2f}, memory with ^ {memory_of:.2f} ({len(found)} cities)"
    return Measured(None, text, {"time": time_of, "memory": memory_of})


def _gap(found: Planned) -> float:
    gap = found.header.get("gap")
    return math.inf if gap is None else float(gap)


def _told(found: Planned) -> str:
    spent = found.header.get("seconds", {})
    stages = ", ".join(f"{name} {spent[name]:.1f}" for name in STAGES if name in spent)
    return f"{found.seconds:.1f} s ({stages}), {found.mib:,.0f} MiB, gap {_gap(found):.4%}" + (
        "" if found.code == 0 else f", ended with {found.code}: {found.said}"
    )


def _raw(found: Planned) -> dict:
    kept = ("objective", "bound", "gap", "status", "seconds", "sizes", "notes", "terms")
    return {"wall": found.seconds, "mib": found.mib} | {name: found.header.get(name) for name in kept}


def _holds(found: Planned) -> bool:
    from coordination.verification import verify

    return bool(found.header) and verify(found.folder).ok
