"""The coalitions whose shares are settled once those of some coalitions are: linear combinations of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

APART = 1e-7
"""Distance from a span above which a coalition of 0 and 1 does not lie in it."""


class Span:
    """The span of coalitions, kept as an orthonormal basis.

    Parameters
    ----------
    players : int
        Number of players.
    """

    def __init__(self, players: int) -> None:
        self._basis = np.zeros((0, players))

    @property
    def rank(self) -> int:
        """Dimension."""
        return len(self._basis)

    def holds_all(self, members: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return of each coalition, rows of 0 and 1, whether it lies in the span."""
        rest = members - (members @ self._basis.T) @ self._basis
        return np.asarray((rest**2).sum(axis=1) < APART**2, dtype=np.bool_)

    def holds(self, members: NDArray[np.float64]) -> bool:
        """Return whether one coalition lies in the span."""
        return bool(self.holds_all(members[None, :])[0])

    def add(self, members: NDArray[np.float64]) -> bool:
        """Add a coalition; return whether the span grew."""
        if self.holds(members):
            return False
        rest = members - self._basis.T @ (self._basis @ members)
        rest -= self._basis.T @ (self._basis @ rest)  # twice is enough (Kahan)
        self._basis = np.vstack([self._basis, rest / np.linalg.norm(rest)])
        return True
