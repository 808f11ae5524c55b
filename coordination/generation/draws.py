"""Seeded draws: one independent stream per label, so that a change in one part of a city moves no other."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Draws:
    """Uniform draws that depend on the seed, the label and nothing else.

    Only the plain uniform stream of PCG64 is used: numpy keeps it from version to version, which it does not promise
    of its distributions, and a remade instance has to be the same to the byte.

    Parameters
    ----------
    seed : int
        Seed of the whole city, 0 or more.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def uniform(self, label: str, size: int, low: float = 0.0, high: float = 1.0) -> NDArray[np.float64]:
        """Draw `size` numbers, evenly between `low` and `high`.

        Parameters
        ----------
        label : str
            Names the stream; the same label gives the same numbers again.
        size : int
            How many.
        low, high : float
            Limits.

        Returns
        -------
        ndarray of float, shape (size,)
        """
        stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, crc32(label.encode())])))
        return low + (high - low) * stream.random(size)
