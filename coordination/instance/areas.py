"""Which zone contains which: the trees of zones, numbered so that containment is two comparisons."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Areas:
    """The trees of zones.

    Parameters
    ----------
    parents : mapping of str to str or None
        Parent of each zone, None for roots; without cycles.
    """

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        children: dict[str | None, list[str]] = {}
        for zone, parent in parents.items():
            children.setdefault(parent if parent in parents else None, []).append(zone)
        self._first: dict[str, int] = {}
        self._last: dict[str, int] = {}
        waiting = [(zone, False) for zone in reversed(children.get(None, []))]
        while waiting:
            zone, left = waiting.pop()
            if left:
                self._last[zone] = len(self._first) - 1
                continue
            self._first[zone] = len(self._first)
            waiting.append((zone, True))
            waiting += [(child, False) for child in reversed(children.get(zone, []))]

    def contains(self, outer: NDArray[Any], inner: NDArray[Any]) -> NDArray[np.bool_]:
        """Tell whether zones contain others, a zone containing itself.

        Parameters
        ----------
        outer, inner : ndarray of object, shape (n,)
            Zone ids; an unknown one contains nothing and lies in nothing.

        Returns
        -------
        ndarray of bool, shape (n,)
            Whether `outer` contains `inner`, pair by pair.
        """
        first = np.array([self._first.get(zone, -1) for zone in outer], dtype=np.int64)
        last = np.array([self._last.get(zone, -2) for zone in outer], dtype=np.int64)
        inside = np.array([self._first.get(zone, -3) for zone in inner], dtype=np.int64)
        return (first <= inside) & (inside <= last)


def cycles(parents: Mapping[str, str | None]) -> list[list[str]]:
    """Find the cycles of a parent relation.

    Parameters
    ----------
    parents : mapping of str to str or None
        Parent of each node; None, or a name that is no node, ends a chain.

    Returns
    -------
    list of list of str
        Each cycle once, from its member that comes first in `parents`, along the parents.
    """
    found: list[list[str]] = []
    done: set[str] = set()
    for start in parents:
        trail: dict[str, None] = {}
        node: str | None = start
        while node is not None and node in parents and node not in done and node not in trail:
            trail[node] = None
            node = parents[node]
        if node in trail:
            members = list(trail)
            found.append(members[members.index(str(node)) :])
        done.update(trail)
    return found
