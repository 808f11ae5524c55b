"""Cases of warehouses that bring to customers straight, at a cost for each pair, as instances.

Every warehouse has a fleet that loads there and drives straight to a customer, in a minute: no way over other places is
as quick, so costs need keep no triangle inequality. Back is a road of its own, two periods long: empty vehicles may
take it, goods that did would come too late, so no warehouse supplies another one. A kilometre costs one unit of money
and a unit weighs a tonne, so the kilometres of a pair are its cost per unit.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

HEADER = {"periods": 1, "period_hours": 24}
LATE = 2 * 24 * 60
"""Minutes of a road back: two periods."""
PLENTY = 1e9
"""Vehicles that are never scarce."""


def star(costs: NDArray[np.float64], warehouses: list[str], customers: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the tables of places, roads, fleets and who is there.

    Parameters
    ----------
    costs : ndarray, shape (warehouses, customers)
        Cost of a unit; infinite where there is no way.
    warehouses, customers : list of str
        Their ids.
    """
    pairs = np.argwhere(np.isfinite(costs)).tolist()
    there = [
        {"road": f"{warehouses[i]}>{customers[j]}", "from": warehouses[i], "to": customers[j],
         "km": float(costs[i, j]), "minutes": 1, "both_ways": False} for i, j in pairs
    ]  # fmt: skip
    back = [
        {"road": f"{customers[j]}>{warehouses[i]}", "from": customers[j], "to": warehouses[i], "km": 0,
         "minutes": LATE, "both_ways": False} for i, j in pairs
    ]  # fmt: skip
    return {
        "zones": [{"zone": "all", "level": "city"}],
        "parties": [{"party": "core", "kind": "core", "zone": "all"}],
        "places": [
            *({"place": name, "kind": "depot", "zone": "all"} for name in warehouses),
            *({"place": name, "kind": "community", "zone": "all"} for name in customers),
        ],
        "roads": there + back,
        "fleets": [
            {"fleet": f"from {name}", "party": "core", "base": name, "vehicles": PLENTY, "payload_tonnes": 1,
             "hours": 24, "cost_per_km": 1} for name in warehouses
        ],
    }  # fmt: skip
