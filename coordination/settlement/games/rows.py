"""Small linear programs over shares, made of rows that are found while solving, handed to the solver as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from coordination.compilation import MatrixForm
from coordination.errors import SolverError
from coordination.solver import SolverOptions, solve
from coordination.status import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass
class Rows:
    """min c x subject to lower <= A x <= upper, x free: grown row by row.

    Attributes
    ----------
    costs : ndarray, shape (columns,)
        c.
    coefficients, lower, upper : list
        Rows so far.
    """

    costs: Floats
    coefficients: list[Floats] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def add(self, coefficients: Floats, lower: float = -np.inf, upper: float = np.inf) -> int:
        """Add a row and return its number."""
        self.coefficients.append(np.asarray(coefficients, dtype=float))
        self.lower.append(float(lower))
        self.upper.append(float(upper))
        return len(self.lower) - 1

    def optimum(self) -> tuple[Floats, Floats]:
        """Return the values of the columns and the duals of the rows.

        Raises
        ------
        SolverError
            It has no optimum, or the solver did not find it.
        """
        columns = len(self.costs)
        matrix = sp.csc_array(np.vstack(self.coefficients))
        form = MatrixForm(
            start=matrix.indptr.astype(np.int32), index=matrix.indices.astype(np.int32), value=matrix.data,
            c=np.asarray(self.costs, dtype=float), lb=np.full(columns, -np.inf), ub=np.full(columns, np.inf),
            row_lower=np.array(self.lower), row_upper=np.array(self.upper),
            integrality=np.zeros(columns, dtype=np.uint8), offset=0.0, maximize=False,
            variables={}, constraints={}, terms={},
        )  # fmt: skip
        solution = solve(form, options=SolverOptions(threads=1, algorithm="simplex"), stage="shares")
        if solution.status is not Status.OPTIMAL or solution.x is None or solution.row_dual is None:
            raise SolverError(f"shares: the program over {len(self.lower)} coalitions ended {solution.status}")
        return solution.x, solution.row_dual
