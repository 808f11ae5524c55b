"""Batches at places: what comes, goes, lies and expires, by period."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]
KEYS = ["place", "commodity", "expires"]


class Goods:
    """Dense arrays of shape (lots, periods); a lot is one batch at one place that any table names.

    Attributes
    ----------
    lots : DataFrame
        Codes of place and commodity, and ``expires`` (inf: never).
    batches : MultiIndex
        Batches that exist: (commodity code, expires).
    stock, arrivals, into, out, level, expired : ndarray, shape (lots, periods)
        Units: stock as found (in period 0), arrivals, shipments in, shipments out, what lies there at
        the end, what expired.
    kept : ndarray, shape (lots, periods)
        Share of what lies there at a period's beginning that the scenario leaves.
    """

    def __init__(self, case: "Case") -> None:
        stocks, arrivals = initial_stock(case), coming(case)
        self.batches = pd.MultiIndex.from_frame(
            pd.concat([stocks, arrivals])[["commodity", "expires"]].drop_duplicates()
        )
        sent = _coded(case, case.decided["shipments"].rename(columns={"origin": "place", "depart": "period"}))
        come = _coded(case, case.decided["shipments"].rename(columns={"destination": "place", "arrive": "period"}))
        come = come[come["period"] < case.periods]
        held = _coded(case, case.decided["inventory"])
        tables = {"stock": stocks, "arrivals": arrivals, "into": come, "out": sent, "level": held}
        keys = np.concatenate([table[KEYS].to_numpy(np.float64) for table in tables.values()])
        lots, rows = np.unique(keys, axis=0, return_inverse=True)
        self.lots = pd.DataFrame(lots, columns=KEYS).astype({"place": "int64", "commodity": "int64"})
        self._shape = (len(self.lots), case.periods)
        starts = np.cumsum([len(table) for table in tables.values()])
        lots_of = dict(zip(tables, np.split(rows.reshape(-1), starts[:-1]), strict=True))
        dense = {name: self._dense(lots_of[name], table, "quantity") for name, table in tables.items()}
        self.stock, self.arrivals = dense["stock"], dense["arrivals"]
        self.into, self.out, self.level = dense["into"], dense["out"], dense["level"]
        self.expired = self._dense(lots_of["level"], held, "expired")
        kept = case.effects.kept(case.places, case.place_zone, case.commodities)
        self.kept = kept[self.lots["place"].to_numpy(), self.lots["commodity"].to_numpy()]

    def before(self) -> Numbers:
        """Return what is there at each period's beginning, after the scenario's losses."""
        earlier = np.zeros(self._shape)
        earlier[:, 1:] = self.level[:, :-1]
        return np.asarray((earlier + self.stock) * self.kept)

    def consumed(self) -> Numbers:
        """Return what must have been served of each lot, for its balance to hold."""
        return self.before() + self.arrivals + self.into - self.out - self.level - self.expired

    def _dense(self, rows: npt.NDArray[np.int64], table: pd.DataFrame, column: str) -> Numbers:
        cells = rows * self._shape[1] + table["period"].to_numpy(np.int64)
        total = np.bincount(cells, table[column].to_numpy(np.float64), minlength=self._shape[0] * self._shape[1])
        # Of no rows numpy counts in whole numbers.
        return np.asarray(total.reshape(self._shape), dtype=np.float64)


def initial_stock(case: "Case") -> pd.DataFrame:
    """Return stock with its effective expiry: ``expires``, else shelf_life − 1, else never."""
    table = case.given["stocks"].assign(period=0)
    return _with_expiry(case, table)


def coming(case: "Case") -> pd.DataFrame:
    """Return arrivals under the scenario, with effective expiry: ``expires``, else period + shelf_life − 1."""
    table = case.given["arrivals"]
    zone = case.place_zone[case.places.get_indexer(pd.Index(table["place"]))]
    quantity = table["quantity"] * case.effects.by_row("arrivals", table, zone)
    return _with_expiry(case, table.assign(quantity=quantity))


def _with_expiry(case: "Case", table: pd.DataFrame) -> pd.DataFrame:
    coded = _coded(case, table)
    shelf_life = case.given["commodities"]["shelf_life"].to_numpy(np.float64)[coded["commodity"]]
    by_age = np.where(np.isnan(shelf_life), np.inf, coded["period"] + shelf_life - 1)
    written = table["expires"].to_numpy(np.float64)
    return coded.assign(expires=np.where(np.isnan(written), by_age, written))


def _coded(case: "Case", table: pd.DataFrame) -> pd.DataFrame:
    expires = table["expires"].to_numpy(np.float64)
    columns = {
        "place": case.places.get_indexer(pd.Index(table["place"])),
        "commodity": case.commodities.get_indexer(pd.Index(table["commodity"])),
        "expires": np.where(np.isnan(expires), np.inf, expires),
        "period": table["period"].to_numpy(np.int64),
        "quantity": table["quantity"].to_numpy(np.float64),
    }
    if "expired" in table:
        columns["expired"] = table["expired"].to_numpy(np.float64)
    return pd.DataFrame(columns)
