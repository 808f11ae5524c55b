"""What was chosen before, at a price: rows of ``pins`` with a price.

======================  ================================================  ========  ============
table                   where                                             column    value
======================  ================================================  ========  ============
responsibilities        task=watch;role=responsible                       party     ants
shipments               fleet=f;origin=a;destination=b;commodity=c;depart=3  quantity  12.5
======================  ================================================  ========  ============

A doer is kept or its price is paid; a shipment is sent, by any route and of any batch, or its price is paid for each
tonne that is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.planning.supply_data import relation, series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.case import Case
    from coordination.planning.responsibility_data import Roles

PAIR = ["task", "party"]
SENT = ["fleet", "origin", "destination", "commodity", "depart"]


@dataclass(frozen=True)
class Chosen:
    """What was chosen before, in codes; what an id names that is no more has code −1.

    Attributes
    ----------
    case : Case
        What is planned.
    """

    case: Case

    @cached_property
    def doers(self) -> pd.DataFrame:
        """Doers: ``task``, ``party``, ``price``."""
        rows = self._rows("responsibilities")
        party = rows["party"] if "party" in rows else pd.Series(dtype="str")
        table = pd.DataFrame({"task": rows.get("task", party), "party": party, "price": rows["price"]})
        coding = self.case.coding
        return table.assign(task=_codes(coding.tasks, table["task"]), party=_codes(coding.parties, table["party"]))

    @cached_property
    def shipments(self) -> pd.DataFrame:
        """Shipments: ``fleet``, ``origin``, ``destination``, ``commodity``, ``depart``, ``tonnes``, ``price``."""
        rows, coding = self._rows("shipments").reset_index(drop=True), self.case.coding
        if rows.empty:
            return pd.DataFrame({name: np.zeros(0) for name in (*SENT, "tonnes", "price")})
        index = {"fleet": coding.fleets, "origin": coding.places, "destination": coding.places}
        table = pd.DataFrame({name: _codes(ids, rows[name]) for name, ids in index.items()})
        table["commodity"] = _codes(coding.commodities, rows["commodity"])
        table["depart"] = rows["depart"].astype(float).astype(np.int64)
        kg = np.append(self.case.tonnes, 0.0)[table["commodity"]]
        return table.assign(tonnes=rows["quantity"].astype(float) * kg, price=rows["price"])

    def kept_doers(self, roles: Roles) -> pd.DataFrame:
        """Return those of `doers` that may still do their task."""
        known = pd.MultiIndex.from_frame(roles.doers[PAIR])
        return self.doers[pd.MultiIndex.from_frame(self.doers[PAIR]).isin(known)]

    def forced(self, roles: Roles) -> float:
        """Return the price of doers that may not."""
        return float(self.doers["price"].sum() - self.kept_doers(roles)["price"].sum())

    def term(self, roles: Roles, doer: NDArray[np.bool_], sent: pd.DataFrame) -> float:
        """Return what changes cost.

        Parameters
        ----------
        doer : ndarray of bool
            By row of ``roles.doers``.
        sent : DataFrame
            ``fleet``, ``origin``, ``destination``, ``commodity``, ``depart`` (codes) and ``tonnes``.
        """
        doing = pd.MultiIndex.from_frame(roles.doers.loc[doer, PAIR])
        left = self.doers[~pd.MultiIndex.from_frame(self.doers[PAIR]).isin(doing)]
        chosen = self.shipments
        if chosen.empty:
            return float(left["price"].sum())
        tonnes = sent.groupby(SENT)["tonnes"].sum()
        there = tonnes.reindex(pd.MultiIndex.from_frame(chosen[SENT]), fill_value=0.0).to_numpy()
        missing = np.maximum(chosen["tonnes"].to_numpy() - there, 0.0)
        return float(left["price"].sum() + (missing * chosen["price"].to_numpy()).sum())

    def _rows(self, table: str) -> pd.DataFrame:
        """Return the cells that pins of a table name, one column each, and ``price``."""
        pins = self.case.instance.pins
        pins = pins[(pins["table"] == table) & pins["price"].notna()]
        cells = [
            dict(part.split("=", 1) for part in str(where).split(";")) | {str(column): str(value)}
            for where, column, value in zip(pins["where"], pins["column"], pins["value"], strict=True)
        ]
        rows = pd.DataFrame([{name.strip(): text.strip() for name, text in row.items()} for row in cells])
        return rows.assign(price=pins["price"].to_numpy(dtype=float))


def change_data(roles: Roles) -> dict[str, Any]:
    """Return the data of changes that do not depend on which shipments are in the model."""
    if not roles.case.instance.pins["price"].notna().any():
        return {}
    chosen = Chosen(roles.case)
    kept, sent = chosen.kept_doers(roles), chosen.shipments
    every = pd.RangeIndex(len(sent))
    return {
        "CHOSEN_DOERS": pd.MultiIndex.from_frame(kept[PAIR].astype(np.int64)),
        "doer_change_cost": series(kept, PAIR, "price"),
        "changes_forced": chosen.forced(roles),
        "CHOSEN_SHIPMENTS": every,
        "chosen_tonnes": pd.Series(sent["tonnes"].to_numpy(dtype=float), every),
        "shipment_change_cost": pd.Series(sent["price"].to_numpy(dtype=float), every),
    }


def sent_as_chosen(case: Case, lanes: pd.DataFrame, ships: pd.DataFrame) -> dict[str, Any]:
    """Return which shipments in the model carry out which chosen one.

    Parameters
    ----------
    lanes : DataFrame
        ``fleet``, ``origin``, ``destination``.
    ships : DataFrame
        ``lane``, ``batch``, ``period``.
    """
    if not case.instance.pins["price"].notna().any():
        return {}
    chosen = Chosen(case).shipments
    chosen = chosen.assign(row=np.arange(len(chosen)))
    lane = ships["lane"].to_numpy()
    some = ships.assign(**{name: lanes[name].to_numpy()[lane] for name in SENT[:3]})
    some = some.assign(commodity=case.batches.commodity[ships["batch"].to_numpy()], depart=ships["period"])
    found = some.merge(chosen[[*SENT, "row"]].astype(np.int64), on=SENT)
    return {"SENT_AS_CHOSEN": relation(found, ["row"], ["lane", "batch", "period"])}


def _codes(ids: pd.Index[str], values: pd.Series[str]) -> NDArray[np.int64]:
    return ids.get_indexer(pd.Index(values)).astype(np.int64)
