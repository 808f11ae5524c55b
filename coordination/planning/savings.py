"""What shipments on routes outside the model could save at most: the bound while routes are priced in.

For any feasible plan and duals of the restricted model (Lagrange; Lasdon, L. (1970), Optimization Theory for Large
Systems), cost >= z + sum of reduced cost times quantity. With d the reduced cost per fleet hour, a fleet cannot use
more than its hours H, so the sum is at least

    sum over fleets f and periods t of H[f, t] * min(0, smallest d of f in t).

Shipments that take no fleet hours are bounded by the units of their batch that ever exist, in every period.

To a place where no fleet loads, goods only come to be served. Some optimal plan brings there, on lanes that are no way
out of a full store, no more of a commodity than is ever needed there: what is more could be left at its origin, or
leave a full store on the better lane of `coordination.planning.reach`. Over these shipments the sum is also at least

    sum over places n and commodities c of (need of c at n) * min(0, smallest reduced cost into n of c),

where no hazard takes goods that lie at places. The better of the two bounds counts for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from coordination.planning.case import Case


class Savings:
    """Smallest reduced costs so far, by what limits the shipments that have them.

    Parameters
    ----------
    case : Case
        What is planned.
    lanes : DataFrame
        All lanes.
    """

    def __init__(self, case: Case, lanes: pd.DataFrame) -> None:
        self.case, self.lanes = case, lanes
        self.need = case.need_total
        self.serves = case.reach.only_to_serve(lanes) & case.kept.empty
        self.by_need = np.zeros_like(self.need)
        self.by_hours = np.zeros((2, *case.fleet_hours.shape))
        self.without_hours = np.zeros(len(case.batches))

    def add(
        self,
        lane: NDArray[np.int64],
        batch: NDArray[np.int64],
        period: NDArray[np.int64],
        reduced: NDArray[np.float64],
        hours: NDArray[np.float64],
    ) -> None:
        """Take shipments into account.

        Parameters
        ----------
        lane, batch, period : ndarray of int, shape (shipments,)
            Which.
        reduced : ndarray
            Reduced cost, money per unit, below 0.
        hours : ndarray
            Fleet hours per tonne, or fewer.
        """
        case, serves, timed = self.case, self.serves[lane], hours > 0
        per_hour = reduced[timed] / (case.batch_tonnes[batch[timed]] * hours[timed])
        fleet = self.lanes["fleet"].to_numpy()[lane]
        np.minimum.at(self.by_hours, (serves[timed].astype(int), fleet[timed], period[timed]), per_hour)
        np.minimum.at(self.without_hours, batch[~timed], reduced[~timed])
        destination = self.lanes["destination"].to_numpy()[lane[serves]]
        np.minimum.at(self.by_need, (destination, case.batches.commodity[batch[serves]]), reduced[serves])

    def potential(
        self,
        lane: NDArray[np.int64],
        batch: NDArray[np.int64],
        period: NDArray[np.int64],
        reduced: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return what each shipment alone could save at most, money: by need where it only serves, else by hours."""
        case, lanes = self.case, self.lanes
        need = self.need[lanes["destination"].to_numpy()[lane], case.batches.commodity[batch]]
        hours = np.maximum(lanes["hours"].to_numpy()[lane] * case.batch_tonnes[batch], 1e-12)
        units = case.fleet_hours[lanes["fleet"].to_numpy()[lane], period] / hours
        most: NDArray[np.float64] = np.where(self.serves[lane], np.minimum(need, units), units)
        return -reduced * most

    def most(self) -> float:
        """Return the money that all of them together could save at most."""
        case = self.case
        others, serving = (-float((least * case.fleet_hours).sum()) for least in self.by_hours)
        ever = np.bincount(case.supply["batch"], case.supply["quantity"], len(case.batches))
        loose = -float((self.without_hours * ever).sum()) * case.periods
        return others + min(serving, -float((self.by_need * self.need).sum())) + loose
