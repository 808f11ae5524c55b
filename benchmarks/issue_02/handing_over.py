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
    from coordination.planning.held import most_tonnes
    from coordination.planning.model import ResponseModel
    from coordination.planning.routes import first_columns
    from coordination.planning.supply_data import shipment_data

    model = ResponseModel.of(Case.of(instance))
    columns = first_columns(model.case)
    keep_nearest(columns)
    linked = {name: model.handout_data[name] for name in ("HANDOUTS", "HANDED_OUT")}
    data = model.supply_data | linked | {"handout_capacity": pd.Series(most_tonnes(model), linked["HANDOUTS"])}
    data |= shipment_data(model.case, model.frame, columns.lanes, columns.rolling, columns.ships())
    return supply_model(), data


def keep_nearest(columns) -> None:
    """Put the shipments of the nearest lanes of each destination and batch into the model."""
    some, order = columns.allowed.any(axis=2), columns.lanes["hours"].to_numpy().argsort(kind="stable")
    for batch in range(some.shape[1]):
        able = columns.lanes.iloc[order[some[order, batch]]]
        lanes = able.groupby(["state", "destination"]).head(LANES).index.to_numpy()
        columns.active[lanes, batch] = columns.allowed[lanes, batch]


def once(way: str, folder: str) -> dict:
    """Build and hand over once in this process."""
    from benchmarks.compilation import by_appsi, by_ours
    from coordination.instance import load

    model, data = supply_of(load(folder))
    if way == "appsi":
        from pyomo.contrib.appsi.solvers import Highs

        Highs().available()
    build = {"ours": by_ours, "appsi": by_appsi}[way]
    begin = time.perf_counter()
    build(None, model, data)
    return {"seconds": time.perf_counter() - begin, "shipments": len(data["SHIPMENTS"])}


def ratio(run: Run) -> Measured:
    """Return the ratio of medians, the ways taking turns."""
    module = "benchmarks.issue_02.handing_over"
    found = {"ours": [], "appsi": []}
    shipments = 0
    for _ in range(TURNS):
        for way, seconds in found.items():
            answer = run_module(module, way, str(run.city))
            seconds.append(answer["seconds"])
            shipments = answer["shipments"]
    ours, theirs = statistics.median(found["ours"]), statistics.median(found["appsi"])
    text = f"{theirs / ours:.1f} x: ours {ours:.2f} s, appsi_highs {theirs:.2f} s ({shipments:,} shipments)"
    return Measured(theirs / ours >= LEAST, text, {"seconds": found, "shipments": shipments})


if __name__ == "__main__":
    print(json.dumps(once(*sys.argv[1:3])))
