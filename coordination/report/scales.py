"""Scales of charts: round ticks, and points as the path strings that SVG draws."""

import math
from collections.abc import Iterable, Sequence


def ticks(largest: float, count: int = 3) -> list[float]:
    """Return round values from 0 to at least `largest`, about `count` steps apart.

    Examples
    --------
    >>> ticks(87)
    [0.0, 50.0, 100.0]
    >>> ticks(0)
    [0.0, 1.0]
    """
    if not largest > 0 or not math.isfinite(largest):
        return [0.0, 1.0]
    rough = largest / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))
    steps = math.ceil(largest / step - 1e-9)
    return [step * number for number in range(steps + 1)]


def path(points: Iterable[tuple[float, float]], closed: bool = False) -> str:
    """Return the ``d`` of an SVG path through `points` (pixels, rounded to a tenth)."""
    text = "L".join(f"{place(x)} {place(y)}" for x, y in points)
    return f"M{text}{'Z' if closed else ''}" if text else ""


def steps(heights: Sequence[float], left: float, width: float) -> list[tuple[float, float]]:
    """Return the corners of a staircase: one level of `heights` for each slot of `width`, from `left` on."""
    corners: list[tuple[float, float]] = []
    for number, height in enumerate(heights):
        corners += [(left + number * width, height), (left + (number + 1) * width, height)]
    return corners


def place(pixels: float) -> str:
    """Return a coordinate rounded to a tenth of a pixel, as short as it goes."""
    return f"{pixels:.1f}".removesuffix(".0")


def hull(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the corners of the convex hull of `points` (Andrew's monotone chain), counter-clockwise.

    One or two distinct points are their own hull.
    """
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered

    def half(sequence: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        chain: list[tuple[float, float]] = []
        for point in sequence:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        return chain[:-1]

    return half(ordered) + half(reversed(ordered))


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
