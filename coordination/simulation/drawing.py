"""An event: what happens once, drawn from a truth.

The scenario that strikes is drawn by the truth's probabilities (what they leave to 1: none); every need is multiplied
by exp(s·z − s²/2), s = 0.1; and each party gives, in each period, a share of its hours that is beta with its
reliability as mean and concentration 20 (0 and 1 are themselves). Each has its own stream of the seed, so that draws
are paired.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.simulation.perturbing import CONCENTRATION, beta, lognormal

if TYPE_CHECKING:
    from coordination.instance import Instance

NOISE = 0.1
STRIKES, DAYS, SHOWING = 11, 12, 13
"""Streams of a seed."""
NOTHING = "none"
"""How tables name the draw in which no scenario strikes."""


@dataclass(frozen=True)
class Event:
    """What happens once.

    Attributes
    ----------
    world : Instance
        What is really there, under the scenario that strikes.
    shares : DataFrame
        Share of its hours that each party (index) gives in each period (columns).
    seed : int
        From which it was drawn.
    """

    world: Instance
    shares: pd.DataFrame
    seed: int

    @property
    def scenario(self) -> str | None:
        """The scenario that strikes."""
        return self.world.scenario


def draw_event(truth: Instance, seed: int, scenario: str | None = None) -> Event:
    """Draw what happens.

    Parameters
    ----------
    truth : Instance
        What is true of needs, reliabilities, probabilities.
    seed : int
        Same seed, same event.
    scenario : str, optional
        The scenario that strikes, instead of a drawn one; ``none`` for none.

    Raises
    ------
    InstanceError
        There is no such scenario.
    """
    strikes = _strikes(truth, np.random.default_rng([seed, STRIKES])) if scenario is None else scenario
    needs = truth.given("needs")
    noise = lognormal(np.random.default_rng([seed, DAYS]), NOISE, len(needs))
    world = truth.replace(needs=needs.assign(quantity=needs["quantity"].to_numpy(dtype=float) * noise))
    parties, draw = truth.parties, np.random.default_rng([seed, SHOWING])
    sure = np.repeat(parties["reliability"].to_numpy(dtype=float)[:, None], truth.periods, axis=1)
    shares = pd.DataFrame(beta(draw, sure, CONCENTRATION), index=pd.Index(parties["party"]))
    return Event(world.under(None if strikes == NOTHING else strikes), shares, seed)


def _strikes(truth: Instance, draw: np.random.Generator) -> str:
    names = truth.scenarios["scenario"].tolist()
    likely = truth.scenarios["probability"].to_numpy(dtype=float)
    total = float(likely.sum())
    likely = np.append(likely / max(total, 1.0), max(0.0, 1.0 - total))
    return str([*names, NOTHING][int(draw.choice(len(likely), p=likely / likely.sum()))])
