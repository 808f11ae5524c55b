"""Pieces of the city that are decided one by one: districts, or whole streets of one together where it is large."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance.tables import LEVELS
from coordination.planning.areas import areas_of, zones_of_level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.model import ResponseModel

LARGEST_PIECE = 60
"""Places with needs up to which a piece's LP is quick; of 300 communities, pieces as small as streets cost 0.3 %, of
1,000 they cost 1.3 %."""


def pieces(model: ResponseModel) -> NDArray[np.int64]:
    """Return the piece of each zone: its area, in as many parts as it takes for `LARGEST_PIECE` places each."""
    case, areas = model.case, areas_of(model, len(model.roles.tasks))
    needy = np.bincount(case.coding.place_zone[case.need_total.any(axis=1)], minlength=len(areas))
    street = zones_of_level(model, LEVELS.index("street"))
    rows = pd.DataFrame({"area": areas, "street": street, "places": needy})
    streets = rows[street >= 0].groupby(["area", "street"], as_index=False)["places"].sum()
    by_area = streets.groupby("area")["places"]
    whole, before = by_area.transform("sum"), by_area.cumsum() - streets["places"]
    parts = np.ceil(whole / LARGEST_PIECE).clip(lower=1)
    of_street = np.zeros(len(areas), dtype=np.int64)
    of_street[streets["street"]] = (before * parts / whole.clip(lower=1)).astype(np.int64)
    # Pieces after an area's first get numbers of their own.
    return np.asarray(areas + len(areas) * np.where(street >= 0, of_street[street], 0), dtype=np.int64)


def across(model: ResponseModel) -> NDArray[np.int64]:
    """Return another cut of the city, by zone: as many areas, each with zones of all pieces.

    What is allotted to a piece as a whole is too much for some and too little for others; here they meet.
    """
    piece = np.unique(pieces(model), return_inverse=True)[1].reshape(-1)
    count = int(piece.max(initial=-1)) + 1
    within = pd.Series(piece).groupby(piece).cumcount().to_numpy(dtype=np.int64)
    # Each piece begins at another area, so that areas are alike in size.
    return np.asarray((within + 7 * piece) % max(count, 1), dtype=np.int64)


def of_places(model: ResponseModel) -> NDArray[np.int64]:
    """Return the piece of each place, shape (places,)."""
    return pieces(model)[model.case.coding.place_zone]
