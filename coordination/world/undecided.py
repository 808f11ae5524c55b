"""The world in which modes are still to be chosen: everything that some choice of modes would make so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from coordination.instance.vocabulary import MODES
from coordination.world.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance


@dataclass(frozen=True)
class UndecidedWorld(World):
    """A world in which tasks are active in their whole windows, no zone counts as normal, and no floor holds.

    What modes take away from that is for the formulation of modes to say.
    """

    @cached_property
    def normal(self) -> NDArray[np.bool_]:
        """No zone is in normal mode, shape (zones, periods)."""
        return np.zeros((len(self.instance.zones), int(self.instance.periods)), dtype=bool)

    @cached_property
    def active(self) -> NDArray[np.bool_]:
        """Whether each task may be to be done, by its window, shape (tasks, periods)."""
        tasks, period = self.instance.tasks, np.arange(int(self.instance.periods))
        start, end = tasks["start"].to_numpy()[:, None], tasks["end"].to_numpy()[:, None]
        return np.asarray((period >= start) & (period <= end))

    def in_mode(self, zones: NDArray[np.int64], modes: NDArray[np.object_]) -> NDArray[np.bool_]:
        """No zone is in any mode."""
        return np.zeros((len(zones), int(self.instance.periods)), dtype=bool)


def surely_active(instance: Instance) -> NDArray[np.bool_]:
    """Return whether each task is to be done, whatever modes zones still choose, shape (tasks, periods)."""
    if instance.policy.mode != "optimise":
        return World.of(instance).active
    always = [set(MODES) <= set(str(modes).split(";")) or "any" in str(modes).split(";")
              for modes in instance.tasks["mode"].fillna("any")]  # fmt: skip
    return np.asarray(UndecidedWorld(instance).active & np.array(always, dtype=bool)[:, None])
