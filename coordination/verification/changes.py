"""Changes: what was chosen before and is not kept costs its price."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case

Key = tuple[str, ...]
SENT = ("fleet", "origin", "destination", "commodity", "depart")


def check(case: "Case") -> Findings:
    """Check the term ``change``: the price of each doer gone, and of each tonne not sent as chosen."""
    findings = Findings("changes")
    compare(findings, case, "change", changes(case))
    return findings


def changes(case: "Case") -> float:
    """Return the prices of pins that are not kept."""
    roles = case.decided["responsibilities"]
    doing = roles[roles["role"] == "responsible"]
    doers = set(zip(doing["task"], doing["party"], strict=True))
    kg = dict(zip(case.given["commodities"]["commodity"], case.given["commodities"]["kg"], strict=True))
    sent: defaultdict[Key, float] = defaultdict(float)
    for key, quantity in zip(_keys(case), case.decided["shipments"]["quantity"], strict=True):
        sent[key] += float(quantity)
    total = 0.0
    for price, value, cells in _pins(case, "responsibilities"):
        total += price * ((cells["task"], value) not in doers)
    for price, value, cells in _pins(case, "shipments"):
        missing = max(0.0, float(value) - sent[_key(cells)])
        total += price * missing * float(kg.get(cells["commodity"], 0.0)) / 1000
    return total


def price_of_keeping(case: "Case") -> npt.NDArray[np.float64]:
    """Return what one unit less of each shipment would cost as a change at most, 0 where it was not chosen before."""
    kg = dict(zip(case.given["commodities"]["commodity"], case.given["commodities"]["kg"], strict=True))
    price = {
        _key(cells): price * float(kg.get(cells["commodity"], 0.0)) / 1000
        for price, _, cells in _pins(case, "shipments")
    }
    return np.array([price.get(key, 0.0) for key in _keys(case)], dtype=np.float64)


def _pins(case: "Case", table: str) -> Iterator[tuple[float, str, dict[str, str]]]:
    """Give price, value and cells of each pin of a table that has a price."""
    pins = case.given["pins"]
    for pin in pins[pins["price"].notna() & (pins["table"] == table)].to_dict("records"):
        parts = (part.partition("=") for part in str(pin["where"]).split(";"))
        yield float(pin["price"]), str(pin["value"]), {name.strip(): value.strip() for name, _, value in parts}


def _keys(case: "Case") -> list[Key]:
    """Return what names each shipment of the plan."""
    columns = (case.decided["shipments"][name].astype(str) for name in SENT)
    return list(zip(*columns, strict=True))


def _key(cells: dict[str, str]) -> Key:
    return (*(cells[name] for name in SENT[:-1]), str(int(float(cells["depart"]))))
