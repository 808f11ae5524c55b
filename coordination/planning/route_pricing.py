"""Routes by pricing: where roads are capacitated, the roads' duals say which other route would pay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coordination.planning.routes import append_routes

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from coordination.planning.case import Case
    from coordination.planning.columns import Columns
    from coordination.planning.model import ResponseModel


@dataclass(frozen=True)
class PricedRoutes:
    """What pricing routes found.

    Attributes
    ----------
    found : list of (lane, arcs)
        Routes worth adding.
    shortfall : float
        Money by which the restricted model's value may exceed that of the model with all routes (>= 0).
    """

    found: list[tuple[int, NDArray[np.int64]]] = field(default_factory=list)
    shortfall: float = 0.0

    def append(self, case: Case, columns: Columns) -> None:
        """Put the routes found into the model."""
        if self.found:
            append_routes(case, columns, self.found)


def price_routes(
    model: ResponseModel, columns: Columns, duals: dict[str, pd.Series[float]], complete: bool
) -> PricedRoutes:
    """Price every simple route of every free lane that is not in the model."""
    if complete or not columns.lanes["free"].any():
        return PricedRoutes()
    raise NotImplementedError
