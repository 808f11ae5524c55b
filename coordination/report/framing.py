"""What part of the world a map draws, and where on the drawing each place then is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.metrics import need_met

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.report.view import View

WIDTH, LEAST_HEIGHT, MOST_HEIGHT, MARGIN = 1080.0, 300.0, 760.0, 34.0
KM_PER_DEGREE = 111.2

MOST_SPREAD = 2.5
"""Times the extent of the places in need up to which everything is drawn where it lies."""

CROWD, CROWDED = 40, 0.16
"""Places in need from which on the middle is enlarged, if half of them lie within this share of the width."""


@dataclass(frozen=True)
class Frame:
    """Pixel positions by place.

    Attributes
    ----------
    points : DataFrame
        Index: place; ``x``, ``y``.
    inside : Index
        Places on the drawing.
    height, scale : float
        Height of the drawing, pixels per kilometre.
    outside : dict of str to float
        Places that lie far off and are drawn at the edge, with their distance from the middle in km.
    """

    points: pd.DataFrame
    inside: pd.Index[str]
    height: float
    scale: float
    outside: dict[str, float]


def whole(view: View) -> Frame | None:
    """Return the frame of everything; None where fewer than two places have coordinates.

    Places in need fill it. Where others lie so far off that these would shrink to a spot, the others are moved to
    the edge, in the direction in which they lie.
    """
    known = view.instance.places
    known = known[known["lon"].notna() & known["lat"].notna()].set_index("place")
    if len(known) < 2:
        return None
    east = known["lon"] * KM_PER_DEGREE * math.cos(math.radians(float(known["lat"].mean())))
    km = pd.DataFrame({"x": east, "y": -known["lat"] * KM_PER_DEGREE})
    low, high = _extent(km, km[km.index.isin(_needy(view))])
    centre, half = (low + high) / 2, np.maximum((high - low) / 2, 1e-3)
    ratio = ((km - centre).abs() / half).max(axis=1)
    far = ratio > 1 + 1e-9
    distance = np.hypot(km["x"] - centre[0], km["y"] - centre[1])[far]
    near = (km - centre).div(ratio.where(far, 1.0), axis=0) + centre
    outside = dict(zip(distance.index.tolist(), distance.tolist(), strict=True))
    return _framed(near, centre, half, outside)


def middle(view: View, frame: Frame) -> Frame | None:
    """Return a frame of the half of the places in need that lie closest together; None where they are not crowded."""
    needy = frame.points.loc[frame.points.index.isin(_needy(view))]
    if len(needy) < CROWD:
        return None
    centre = needy.median().to_numpy(dtype=float)
    radius = float((needy - centre).abs().max(axis=1).median())
    if radius > CROWDED * WIDTH:
        return None
    return _framed(frame.points, centre, np.array([1.35 * radius, 0.95 * radius]), frame.outside, frame.scale)


def _needy(view: View) -> pd.Index[str]:
    """Return the places where anybody needs anything."""
    asked = need_met(view.plan, ["place"])["asked"]
    return asked.index[asked > 0]


def _framed(
    points: pd.DataFrame,
    centre: NDArray[np.float64],
    half: NDArray[np.float64],
    outside: dict[str, float],
    per_km: float = 1.0,
) -> Frame:
    """Return a frame of half sizes `half` around `centre`; `points` are in units of which a km has `per_km`."""
    scale = float(min((WIDTH / 2 - MARGIN) / half[0], (MOST_HEIGHT / 2 - MARGIN) / half[1]))
    height = max(LEAST_HEIGHT, 2 * half[1] * scale + 2 * MARGIN)
    pixels = (points - centre) * scale + [WIDTH / 2, height / 2]
    inside = pixels["x"].between(0, WIDTH) & pixels["y"].between(0, height)
    return Frame(pixels, pixels.index[inside], height, scale * per_km, outside)


def _extent(km: pd.DataFrame, needy: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the corners of what is drawn, kilometres."""
    everything = km.min().to_numpy(dtype=float), km.max().to_numpy(dtype=float)
    if len(needy) < 2:
        return everything
    low, high = needy.min().to_numpy(dtype=float), needy.max().to_numpy(dtype=float)
    size = float((high - low).max())
    if float((everything[1] - everything[0]).max()) <= MOST_SPREAD * size:
        return everything
    return low - size * 0.2, high + size * 0.2
