"""Building and handing over the city's supply model: ours against Pyomo's appsi_highs, each in fresh processes.

The model: supply with all hours of the supply tasks covered, shipments on the nearest lanes of each destination and
batch. Both ways start from the same formulation and the same tables in memory; imports are done before the clock
starts. Run as a module it is one process: ``python -m benchmarks.issue_02.handing_over ours|appsi INSTANCE``.
"""

import json
import statistics
import sys
import time

from benchmarks.bars import Measured, Run, run_module

LEAST = 2.0
TURNS = 3
LANES = 4
"""Nearest lanes of a destination and batch: some tens of thousands of shipments in the model."""


def supply_of(instance):
    """Return the formulation and its tables."""
    import pandas as pd
    from coordination_models.response import supply_model

    from coordination.planning.case import Case
    from coordination.planning.gathering import most_tonnes
    from coordination.planning.model import ResponseModel
    from coordination.planning.routes import first_columns
    from coordination.planning.supply_data import shipment_data
    from coordination.tuning.programs import keep_nearest

    model = ResponseModel.of(Case.of(instance))
    columns = first_columns(model.case)
    keep_nearest(columns, LANES)
    linked = {name: model.handout_data[name] for name in ("HANDOUTS", "HANDED_OUT")}
    data = model.supply_data | linked | {"handout_capacity": pd.Series(most_tonnes(model), linked["HANDOUTS"])}
    data |= shipment_data(model.case, model.frame, columns.lanes, columns.rolling, columns.ships())
    return supply_model(), data


def by_ours(model, data) -> dict[str, float]:
    """Return seconds of compiling and of handing over arrays."""
    from coordination.compilation import compile_model
    from coordination.solver import SolverOptions
    from coordination.solver.bridge import hand_over, new_highs

    begin = time.perf_counter()
    form = compile_model(model, data)
    built = time.perf_counter()
    hand_over(new_highs(SolverOptions()), form)
    return {"build": built - begin, "hand over": time.perf_counter() - built}


def by_appsi(model, data) -> dict[str, float]:
    """Return seconds of constructing the ConcreteModel and of Pyomo's handing it over."""
    from pyomo.contrib.appsi.solvers import Highs

    from coordination.compilation import construct

    solver = Highs()
    solver.available()
    solver.config.stream_solver = False
    begin = time.perf_counter()
    concrete = construct(model, data)
    built = time.perf_counter()
    solver.set_instance(concrete)
    return {"build": built - begin, "hand over": time.perf_counter() - built}


def once(way: str, folder: str) -> dict:
    """Build and hand over once in this process."""
    from coordination.instance import load

    model, data = supply_of(load(folder))
    seconds = {"ours": by_ours, "appsi": by_appsi}[way](model, data)
    return {"seconds": sum(seconds.values()), "parts": seconds, "shipments": len(data["SHIPMENTS"])}


def ratio(run: Run) -> Measured:
    """Return the ratio of medians, the ways taking turns."""
    module = "benchmarks.issue_02.handing_over"
    found = {"ours": [], "appsi": []}
    for _ in range(TURNS):
        for way, answers in found.items():
            answers.append(run_module(module, way, str(run.city)))
    ours, theirs = (statistics.median(answer["seconds"] for answer in found[way]) for way in ("ours", "appsi"))
    handed = statistics.median(answer["parts"]["hand over"] for answer in found["appsi"])
    shipments = found["ours"][0]["shipments"]
    text = (
        f"{theirs / ours:.1f} x: ours {ours:.2f} s, appsi_highs {theirs:.2f} s, of which handing over {handed:.2f} s"
        f" ({shipments:,} shipments)"
    )
    return Measured(theirs / ours >= LEAST, text, found)


if __name__ == "__main__":
    print(json.dumps(once(*sys.argv[1:3])))
