r"""A linear objective over the columns of a program, and the steps in which it can change.

.. math:: f(x) = c^T x + k, \qquad f(x) \in k' + \delta \mathbb{Z}

Where every column with a coefficient is a whole number and the coefficients are whole multiples of a step delta, so are
all differences of values: two different values are at least delta apart. That makes fronts of integer programs finite,
and the search for them exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm

    Floats = NDArray[np.float64]

FINEST = 1e6
"""Steps are whole multiples of one in so many: coefficients with more decimals have no step worth having."""


@dataclass(frozen=True)
class Objective:
    """A linear function to be minimised.

    Attributes
    ----------
    name : str
        For people.
    c : ndarray, shape (columns,)
        Coefficients.
    constant : float
        What it amounts to where all columns are 0.
    """

    name: str
    c: Floats
    constant: float = 0.0

    @classmethod
    def of_terms(cls, form: MatrixForm, *names: str) -> Objective:
        """Return the sum of named terms of a form's objective; a term that it lacks is 0.

        Parameters
        ----------
        form : MatrixForm
            A minimisation.
        *names : str
            Names of terms.
        """
        c, constant = np.zeros(form.columns), 0.0
        for term in (form.terms[name] for name in names if name in form.terms):
            np.add.at(c, term.columns, term.coefficients)
            constant += term.constant
        return cls(" + ".join(names), c, constant)

    def value(self, x: Floats) -> float:
        """Return what it amounts to at column values `x`."""
        return float(self.c @ x) + self.constant

    def step(self, form: MatrixForm) -> float | None:
        """Return the step in which it changes over the whole columns of a form; None where there is none.

        Examples
        --------
        >>> import numpy as np
        >>> from types import SimpleNamespace
        >>> whole = SimpleNamespace(integrality=np.ones(3))
        >>> Objective("f", np.array([0.5, 1.25, 0.0])).step(whole)
        0.25
        """
        used = np.flatnonzero(self.c)
        if not form.integrality[used].all():
            return None
        scaled = np.round(self.c[used] * FINEST)
        if not np.allclose(scaled, self.c[used] * FINEST, rtol=1e-12, atol=1e-6) or not len(used):
            return None
        divisor: int = reduce(math.gcd, (int(abs(number)) for number in scaled))
        return divisor / FINEST
