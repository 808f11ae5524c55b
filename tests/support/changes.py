"""Changes in the independent model: what pins with a price ask for, kept or paid."""

from __future__ import annotations

from tests.support.milp import Milp
from tests.support.reading import Plain

SENT = ("fleet", "origin", "destination", "commodity", "depart")


def add_changes(model: Milp, world: Plain) -> None:
    """Add a column for each doer gone and for the tonnes of each chosen shipment that are not sent."""
    doers = {name[1:]: column for column, name in enumerate(model.names) if name[0] == "doer"}
    ships: dict[tuple[str, ...], list[tuple[int, float]]] = {}
    for column, name in enumerate(model.names):
        if name[0] == "ship":
            fleet, origin, destination, _, commodity, _, t = name[1:]
            key = (fleet, origin, destination, commodity, str(t))
            ships.setdefault(key, []).append((column, world.tonnes(commodity)))
    for number, pin in enumerate(world.tables["pins"]):
        if pin["price"] is None:
            continue
        cells = dict(part.split("=") for part in pin["where"].split(";"))
        gone = model.column("gone", number)
        model.price("change", gone, pin["price"])
        if pin["table"] == "responsibilities":
            kept = [(doers[cells["task"], pin["value"]], 1.0)] if (cells["task"], pin["value"]) in doers else []
            model.row("chosen doer", number, entries=[*kept, (gone, 1.0)], lower=1.0)
        else:
            tonnes = float(pin["value"]) * world.tonnes(cells["commodity"])
            entries = ships.get(tuple(cells[name] for name in SENT), [])
            model.row("chosen shipment", number, entries=[*entries, (gone, 1.0)], lower=tonnes)
