"""One file for each way of building the model: ``tables(network)`` before the clock starts, ``build(tables)`` after."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ready:
    """A HiGHS that could run, and how to read back what it holds.

    Attributes
    ----------
    highs : highspy.Highs
        With the model in it.
    back : callable
        Returns values by variable and duals by constraint, labelled as people of that way are used to.
    """

    highs: Any
    back: Callable[[], tuple[dict[str, Any], dict[str, Any]]]
