"""Large data: needs by the million, legs on ten thousand places, thousands of communities."""

import time

from benchmarks.bars import Measured, Run

MOST_SECONDS = 10.0
HEADER = {"name": "large", "periods": 14, "period_hours": 12}


def town(places: int) -> dict:
    """Return the tables of a town with many places and nothing else."""
    return {
        "zones": [{"zone": "z", "level": "city"}],
        "parties": [{"party": "core", "kind": "core", "zone": "z"}],
        "places": [{"place": f"p{n}", "kind": "community", "zone": "z"} for n in range(places)],
        "commodities": [{"commodity": f"c{n}", "kg": 1, "cost_without": 1} for n in range(10)],
    }


def needs(run: Run) -> Measured:
    """Measure seconds to load a folder with 1,000,000 rows of needs."""
    import numpy as np
    import pandas as pd

    from coordination.instance import Instance, load

    rows = 100_000 if run.quick else 1_000_000
    places = -(-rows // 140)
    folder = run.scratch / "needs"
    Instance.from_tables(HEADER, town(places)).save(folder)
    place, commodity, period = (part.ravel()[:rows] for part in np.indices((places, 10, 14)))
    quantity = np.random.default_rng(1).uniform(0.0, 100.0, rows).round(3)
    ids = [np.char.add(letter, codes.astype(str)) for letter, codes in (("p", place), ("c", commodity))]
    columns = ("place", "commodity", "period", "quantity")
    pd.DataFrame(dict(zip(columns, (*ids, period, quantity), strict=True))).to_csv(folder / "needs.csv", index=False)
    begin = time.perf_counter()
    loaded = load(folder)
    seconds = time.perf_counter() - begin
    passed = len(loaded.needs) == rows and seconds <= MOST_SECONDS
    return Measured(passed, f"{rows:,} rows in {seconds:.1f} s", {"rows": rows, "seconds": seconds})


def grid(side: int, fleets: int, seed: int = 1) -> dict:
    """Return the tables of a square grid of streets with random minutes, some one-way, and fleets at random places."""
    import numpy as np

    rng = np.random.default_rng(seed)
    tables = town(side * side)
    ends = [(n, n + 1) for n in range(side * side) if (n + 1) % side] + [
        (n, n + side) for n in range(side * (side - 1))
    ]
    minutes, one_way = rng.uniform(1, 9, len(ends)).round(2), rng.random(len(ends)) < 0.1
    tables["roads"] = [
        {"road": f"r{n}", "from": f"p{a}", "to": f"p{b}", "km": m / 2, "minutes": m, "both_ways": not o}
        for n, ((a, b), m, o) in enumerate(zip(ends, minutes.tolist(), one_way.tolist(), strict=True))
    ]
    tables["fleets"] = [
        {"fleet": f"f{n}", "party": "core", "base": f"p{base}", "vehicles": 1, "payload_tonnes": 1, "hours": 8}
        for n, base in enumerate(rng.integers(0, side * side, fleets).tolist())
    ]
    return tables


def legs(run: Run) -> Measured:
    """Measure seconds for all lanes of 60 fleets over 10,000 places."""
    from coordination.instance import Instance
    from coordination.network import Network

    side = 40 if run.quick else 100
    instance = Instance.from_tables(HEADER, grid(side, 60))
    begin = time.perf_counter()
    lanes = len(Network.of(instance).lanes)
    seconds = time.perf_counter() - begin
    text = f"{lanes:,} lanes over {side * side:,} places in {seconds:.1f} s"
    return Measured(lanes > 0 and seconds <= MOST_SECONDS, text, {"lanes": lanes, "seconds": seconds})


def generated(run: Run) -> Measured:
    """Make a city of 3,000 communities, 10 commodities, 14 periods, and read it back."""
    from coordination.generation import generate
    from coordination.instance import load

    begin = time.perf_counter()
    city = generate(communities=3000, commodities=10, periods=14)
    made = time.perf_counter() - begin
    city.save(run.scratch / "city")
    begin = time.perf_counter()
    same = load(run.scratch / "city").sha256 == city.sha256
    read = time.perf_counter() - begin
    communities = int((city.places["kind"] == "community").sum())
    reached = (communities, len(city.commodities), city.periods) == (3000, 10, 14)
    text = f"{communities:,} communities made in {made:.1f} s, {len(city.needs):,} needs read back in {read:.1f} s"
    return Measured(reached and same, text, {"made": made, "read": read, "communities": communities, "same": same})
