"""What everybody is told before prices: which goods there are, and where they can be and be of use.

Coalitions say which goods they have where and from when (not how much), where their fleets can take what there is, and
where somebody could still use it; told once more until nothing new can be reached. The names of goods and places are
then the same for all, and as in the model of everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.batches import NEVER, Batches, merge_batches
from coordination.planning.case import Case
from coordination.planning.reach import Reach, earliest_periods, usable_periods

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.networked.messages import Messages


@dataclass(frozen=True)
class Posting:
    """What is known to all.

    Attributes
    ----------
    batches : Batches
        Of all goods.
    reach : Reach
        Where they can be and be of use, whoever brings them.
    most : ndarray, shape (batches,)
        Units that there are of each over the horizon.
    """

    batches: Batches
    reach: Reach
    most: NDArray[np.float64]


@dataclass(frozen=True)
class CoalitionCase(Case):
    """The case of one coalition, goods named as everybody does.

    Attributes
    ----------
    common : Batches
        Of all goods.
    together : Reach or None
        Where goods can be with everybody's help; None: with its own fleets alone.
    """

    common: Batches = field(kw_only=True)
    together: Reach | None = field(default=None, kw_only=True)

    @cached_property
    def batches(self) -> Batches:
        """Batches as everybody names them."""
        return self.common

    def find_reach(self) -> Reach:
        """Return what everybody was told, if anything was; else what this coalition's own data say."""
        return super().find_reach() if self.together is None else self.together


def coalition_cases(
    instance: Instance, coalitions: Sequence[tuple[str, tuple[str, ...]]], messages: Messages
) -> tuple[list[CoalitionCase], Posting]:
    """Return the case of each coalition, from what `Instance.restrict` leaves it, and what is known to all."""
    alone = [Case.of(instance.restrict(*parties)) for _, parties in coalitions]
    batches = common_batches(alone)
    own = [CoalitionCase(case.instance, case.world, case.network, common=batches) for case in alone]
    for (name, _), case in zip(coalitions, own, strict=True):
        messages.say(0, name, "goods there are", ("place", "commodity", "expires", "period"), len(case.lots))
    posting = Posting(batches, _together(own, [name for name, _ in coalitions], messages), _most(own))
    cases = [
        CoalitionCase(case.instance, case.world, case.network, common=batches, together=posting.reach) for case in own
    ]
    return cases, posting


def common_batches(cases: Sequence[Case]) -> Batches:
    """Return the batches of all goods, named as in the model of everybody."""
    horizon = max(max(case.periods, case.periods - 1 + case._longest_lag) for case in cases)
    lots = pd.concat([case.lots[["commodity", "expires"]] for case in cases], ignore_index=True)
    return merge_batches(lots["commodity"].to_numpy(np.int64), lots["expires"].to_numpy(np.int64), horizon)


def _most(cases: Sequence[Case]) -> NDArray[np.float64]:
    most = np.zeros(len(cases[0].batches))
    for case in cases:
        np.add.at(most, case.lot_batches, case.lots["quantity"].to_numpy(dtype=float))
    return most


def _together(cases: Sequence[Case], names: Sequence[str], messages: Messages) -> Reach:
    """Return where goods can be with all fleets, and be of use to anybody."""
    one = cases[0]
    places = len(one.coding.places)
    earliest = np.full((places, len(one.batches)), NEVER, dtype=np.int64)
    usable = np.zeros((places, len(one.batches), one.periods), dtype=bool)
    origin = np.zeros(places, dtype=bool)
    for case in cases:
        supply = case.supply
        np.minimum.at(
            earliest, (supply["place"].to_numpy(), supply["batch"].to_numpy()), supply["period"].to_numpy(np.int64)
        )
        usable |= usable_periods(case.waiting, case.batches, places)
        origin[case.lanes["origin"].to_numpy()] = True
    while True:
        before = earliest.copy()
        for case, name in zip(cases, names, strict=True):
            found = earliest_periods(before, case.lanes, case.batches, case.runs)
            messages.say(
                0, name, "goods can be", ("place", "commodity", "expires", "period"), int((found < before).sum())
            )
            earliest = np.minimum(earliest, found)
        if np.array_equal(before, earliest):
            break
    limited = np.asarray(np.isfinite(one.world.storage).any(axis=1), dtype=np.bool_)
    return Reach(earliest=earliest, usable=usable, origin=origin, limited=limited, runs=one.runs)
