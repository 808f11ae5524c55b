"""One way, one size, once, in this process: ``python -m benchmarks.issue_03.once WAY COLUMNS`` prints JSON.

A tiny model goes all the way first, so that what is imported or prepared on first use does not count. Memory counts
from then on, tables included; seconds count from tables in memory to HiGHS ready to run, and from HiGHS holding
values and duals to both of them labelled. Between the two HiGHS is given a point instead of being run.
"""

import gc
import importlib
import json
import sys
from typing import Any

import numpy as np

from benchmarks.issue_03.meter import Meter
from benchmarks.issue_03.network import Network

TINY = 2_000


def give_point(highs: Any) -> None:
    """Let HiGHS hold values and duals as after a run."""
    import highspy

    point = highspy.HighsSolution()
    point.col_value = np.linspace(0.0, 1.0, highs.getNumCol())
    point.col_dual = np.zeros(highs.getNumCol())
    point.row_dual = np.linspace(0.0, 1.0, highs.getNumRow())
    point.value_valid = point.dual_valid = True
    highs.setSolution(point)


def once(name: str, columns: int) -> dict[str, float]:
    """Measure one way."""
    way = importlib.import_module(f"benchmarks.issue_03.ways.{name}")
    ready = way.build(way.tables(Network.random(TINY)))
    give_point(ready.highs)
    ready.back()
    del ready
    total, parts = Meter(), {}
    given = way.tables(Network.random(columns))
    gc.collect()
    with total:
        ready = way.build(given)
    parts["to_highs"] = total.wall
    give_point(ready.highs)
    with total:
        kept = ready.back()
    parts["back"] = total.wall - parts["to_highs"]
    del kept
    highs = ready.highs
    size = {"columns": highs.getNumCol(), "rows": highs.getNumRow(), "entries": highs.getNumNz()}
    return total.read() | parts | size


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1], int(sys.argv[2]))))
