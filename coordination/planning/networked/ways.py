"""The ways in which the core finds prices, by the name of ``policy.decomposition``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.planning.networked.consensus import agree
from coordination.planning.networked.rounds import trade

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coordination.planning.networked.rounds import Traded

WAYS: Mapping[str, Callable[..., Traded]] = {"prices": trade, "consensus": agree}
