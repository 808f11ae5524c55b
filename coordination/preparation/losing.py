"""What may be lost: every loss of at most so many things, as scenarios of the instance without any."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.errors import InstanceError, Problem, UsageError
from coordination.preparation.second_stage import SecondStage, undisturbed

if TYPE_CHECKING:
    from coordination.instance import Instance
    from coordination.preparation.first_stage import FirstStage
    from coordination.twostage import Scenario

MOST_LOSSES = 2_000
"""Losses that are listed and answered one by one; more are refused."""


@dataclass(frozen=True)
class Losing:
    """All losses that the policy reckons with.

    Attributes
    ----------
    names : list of str
        Of each loss, the things lost, table:id, ;-separated; the first is empty: nothing is lost.
    scenarios : list of Scenario
        The response to each of them.
    complete : bool
        Whether all routes that could matter are in them.
    """

    names: list[str]
    scenarios: list[Scenario]
    complete: bool

    @classmethod
    def of(cls, instance: Instance, first: FirstStage, probe: pd.DataFrame) -> Losing | None:
        """Return them; None where the policy reckons with none.

        Parameters
        ----------
        instance : Instance
            With table ``losses``; no scenario acts.
        first : FirstStage
            The first stage.
        probe : DataFrame
            Goods that it may place, as for `undisturbed`.
        """
        if "losses" not in instance.policy.risk:
            return None
        things = instance.losses.to_dict("records")
        sets = loss_sets(len(things), int(instance.policy.risk["losses"]))
        names = [";".join(f"{things[n]['table']}:{things[n]['id']}" for n in one) for one in sets]
        known = [f"loss {number}" for number in range(len(sets))]
        even = 1.0 / len(sets)
        effects = [
            {"scenario": name, "start": things[n]["start"], "end": things[n]["end"], "factor": 0.0, **effect}
            for name, one in zip(known, sets, strict=True)
            for n in one
            for effect in _effects(instance, things[n])
        ]
        columns = ["scenario", "table", "where", "start", "end", "factor"]
        changed = instance.replace(
            scenarios=[{"scenario": name, "hazard": "loss", "probability": even} for name in known],
            effects=pd.DataFrame(effects, columns=columns),
        )
        base = undisturbed(changed, probe)
        stages = [SecondStage.of(base, name, probe, name, even) for name in known]
        return cls(names, [one.scenario(first) for one in stages], all(one.complete for one in stages))


def loss_sets(things: int, most: int) -> list[tuple[int, ...]]:
    """Return every set of at most so many of the things, the empty one first.

    Parameters
    ----------
    things, most : int
        How many there are, and how many of them at most.
    """
    return [one for size in range(min(things, most) + 1) for one in combinations(range(things), size)]


def _effects(instance: Instance, thing: Any) -> list[dict[str, Any]]:
    """Return what the loss of a thing does."""
    name = thing["id"]
    if thing["table"] == "roads":
        return [{"table": "roads", "where": name}]
    if thing["table"] == "places":
        return [{"table": table, "where": name} for table in ("stocks", "arrivals", "places", "facilities")]
    fleets = instance.fleets.loc[instance.fleets["party"] == name, "fleet"].tolist()
    return [{"table": "skills", "where": name}, *({"table": "fleets", "where": fleet} for fleet in fleets)]


def check_losses(instance: Instance) -> None:
    """Refuse losses that have no weight, that nothing names, or that are too many to be listed.

    Parameters
    ----------
    instance : Instance
        To be prepared.

    Raises
    ------
    InstanceError
        The policy and table ``losses`` do not fit.
    UsageError
        There are too many losses.
    """
    risk, things = instance.policy.risk, len(instance.losses)
    if "losses" not in risk:
        if things:
            advice = "Say how many of them may be lost at once: `risk: {lambda: 1, losses: 1}`."
            raise InstanceError([Problem("policy", None, "risk", "no losses", "losses, for table losses", advice)])
        return
    if not things:
        raise InstanceError(
            [Problem("losses", None, "id", "no row", "what may be lost", "Name it, or remove the key.")]
        )
    if risk["lambda"] <= 0.0:
        advice = "1: the worst loss alone; 0.5: half of it, half the mean of the scenarios."
        raise InstanceError([Problem("policy", None, "risk", "lambda 0", "a weight of the worst loss", advice)])
    most = int(risk["losses"])
    count = sum(comb(things, size) for size in range(min(things, most) + 1))
    if count > MOST_LOSSES:
        raise UsageError(
            f"at most {most} of {things} things lost makes {count:,} losses; a preparation lists at most"
            f" {MOST_LOSSES:,}: name fewer things in table losses, or allow fewer at once in policy.risk"
        )


def loss_table(losing: Losing, costs: Any, rounds: dict[int, int]) -> pd.DataFrame:
    """Return what every loss costs: ``lost``, ``cost``, ``round``.

    Parameters
    ----------
    losing : Losing
        The losses.
    costs : ndarray
        (losses,) after the first stage.
    rounds : dict of int to int
        Losses that were listed, and in which round.
    """
    number = np.arange(len(losing.names))
    listed = [float(rounds[n]) if n in rounds else np.nan for n in number.tolist()]
    return pd.DataFrame({"lost": [name or None for name in losing.names], "cost": costs, "round": listed})
