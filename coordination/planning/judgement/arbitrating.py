"""Who gives way where plans collide: claims are met in a fixed order, each as far as those before leave it.

In each period a claim may draw from a lot what neither those before it nor its own earlier draws take until the lot's
end. Where that is too little all its draws from the lot are cut in proportion; what was cut is not sent on either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

PASSES = 8
"""Goods that are sent on within a period go on as often."""
SMALL = 1e-9


@dataclass(frozen=True)
class Claim:
    """What a coalition wants to do with goods; a lot is a place and batch, numbered.

    Attributes
    ----------
    out_of, into, depart, arrive : ndarray of int
        Lots and periods of shipments.
    sent : ndarray
        Units of them.
    used, when : ndarray of int
        Lots and periods of service.
    served : ndarray
        Units of it.
    """

    out_of: Ints
    into: Ints
    depart: Ints
    arrive: Ints
    sent: Floats
    used: Ints
    when: Ints
    served: Floats

    def drawn(self, lots: int) -> Floats:
        """Return what it takes of each lot beyond what it brings there itself, shape (lots,)."""
        taken = np.bincount(self.out_of, self.sent, lots) + np.bincount(self.used, self.served, lots)
        left = taken - np.bincount(self.into, self.sent, lots)
        return np.asarray(np.maximum(left, 0.0), dtype=np.float64)


def grant(level: Floats, claim: Claim) -> tuple[Floats, Floats]:
    """Return what is granted of a claim, shipments and service, and take it off.

    Parameters
    ----------
    level : ndarray, shape (lots, periods)
        What lies there at the end of each period, as granted so far; changed in place.
    claim : Claim
        Of who is next.
    """
    lots, periods = level.shape
    sent, served = np.zeros(len(claim.sent)), np.zeros(len(claim.served))
    for t in range(periods):
        leaving, serving = np.flatnonzero(claim.depart == t), np.flatnonzero(claim.when == t)
        if not len(leaving) + len(serving):
            continue
        open_sent, open_served = claim.sent[leaving].copy(), claim.served[serving].copy()
        # What was cut on the way here cannot be sent on: wishes stand, goods limit them.
        for _ in range(PASSES):
            free = np.maximum(level[:, t:].min(axis=1), 0.0)
            out_of, used = claim.out_of[leaving], claim.used[serving]
            wanted = np.bincount(out_of, open_sent, lots) + np.bincount(used, open_served, lots)
            share = np.divide(free, wanted, out=np.zeros(lots), where=wanted > SMALL).clip(max=1.0)
            go, eat = open_sent * share[out_of], open_served * share[used]
            if go.sum() + eat.sum() <= SMALL:
                break
            gone = np.bincount(out_of, go, lots) + np.bincount(used, eat, lots)
            level[:, t:] -= gone[:, None]
            arrive = claim.arrive[leaving]
            for when in np.unique(arrive[arrive < periods]).tolist():
                landing = arrive == when
                level[:, when:] += np.bincount(claim.into[leaving][landing], go[landing], lots)[:, None]
            sent[leaving] += go
            served[serving] += eat
            open_sent, open_served = open_sent - go, open_served - eat
    return sent, served
