"""Repairs as decided: which crew works on what, when, how many hours."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.recovery.crews import Crews

DUST = 1e-7
"""Share of a repair's hours below which what is left of it is a solver's rounding."""


@dataclass(frozen=True)
class Repairs:
    """Repairs of the damage of an instance.

    Attributes
    ----------
    crews : Crews
        Who could repair what.
    order : DataFrame
        Repairs in the order of each crew: ``crew``, ``thing``, ``hours`` (the way there included).
    hours : ndarray, shape (repairs, periods)
        Hours of the crew spent on each, by row of `order`.
    finished : ndarray of int, shape (repairs,)
        Period after which each is whole: that of its last hours, or a later one where giving it back sooner would do
        harm (trips take the shortest way, which need not be the cheapest).
    """

    crews: Crews
    order: pd.DataFrame
    hours: NDArray[np.float64]
    finished: NDArray[np.int64]

    @property
    def worked(self) -> NDArray[np.int64]:
        """Last period with hours of each repair, shape (repairs,)."""
        spent = self.hours > 0
        return np.asarray(spent.shape[1] - 1 - spent[:, ::-1].argmax(axis=1), dtype=np.int64)

    def at_once(self) -> Repairs:
        """Return the same repairs, each given back when its last hours are worked."""
        return dataclasses.replace(self, finished=self.worked)

    @property
    def cost(self) -> float:
        """Pay for all hours."""
        return float((self.crews.crews["cost"].to_numpy()[self.order["crew"]] * self.hours.sum(axis=1)).sum())

    def taken(self, parties: int) -> NDArray[np.float64]:
        """Return hours taken of each row of ``skills``, then of each party, shape (skills + parties, periods)."""
        skills, crews = len(self.crews.instance.skills), self.crews.crews.iloc[self.order["crew"]]
        taken = np.zeros((skills + parties, self.hours.shape[1]))
        np.add.at(taken, crews["skill_row"].to_numpy(dtype=int), self.hours)
        np.add.at(taken, skills + crews["party"].to_numpy(dtype=int), self.hours)
        return taken

    @property
    def table(self) -> pd.DataFrame:
        """The plan table ``repairs``: a row for each run of periods with the same hours."""
        instance, rows = self.crews.instance, []
        damage, crews = instance.damage, self.crews.crews
        number = self.order.groupby("crew").cumcount() + 1
        for row, (crew, thing) in enumerate(zip(self.order["crew"], self.order["thing"], strict=True)):
            late = [(int(self.worked[row]) + 1, int(self.finished[row]), 0.0)]
            late = late if self.finished[row] > self.worked[row] else []
            for first, last, hours in [*_runs(self.hours[row]), *late]:
                rows.append(
                    {
                        "road": damage["road"].iloc[thing],
                        "place": damage["place"].iloc[thing],
                        "party": instance.parties["party"].iloc[int(crews["party"].iloc[crew])],
                        "order": int(number.iloc[row]),
                        "start": first,
                        "end": last,
                        "hours": hours,
                    }
                )
        return pd.DataFrame(rows, columns=["road", "place", "party", "order", "start", "end", "hours"])

    def repaired(self) -> Instance:
        """Return the instance in which each damage ends when it is repaired."""
        instance = self.crews.instance
        damage = instance.given("damage")
        until = damage["until"].to_numpy(dtype=float, copy=True)
        until[self.order["thing"].to_numpy(dtype=int)] = self.finished
        return instance.replace(damage=damage.assign(until=until))


def no_repairs(crews: Crews) -> Repairs:
    """Return that nothing is repaired."""
    order = pd.DataFrame({"crew": [], "thing": []}, dtype=np.int64).assign(hours=np.zeros(0))
    return Repairs(crews, order, np.zeros((0, int(crews.instance.periods))), np.zeros(0, dtype=np.int64))


def sequence(
    crews: Crews, legs: pd.DataFrame, worked: NDArray[np.float64], finished: dict[tuple[int, int], int]
) -> Repairs:
    """Return the repairs that chosen legs and hours mean.

    Parameters
    ----------
    legs : DataFrame
        ``crew``, ``come``, ``thing``, ``hours`` of the legs that crews take.
    worked : ndarray, shape (crews, periods)
        Hours that each works or drives.
    finished : dict
        Period in which a crew finishes a thing, by both.
    """
    order, hours = [], []
    for crew in sorted(set(legs["crew"])):
        mine = legs[legs["crew"] == crew].set_index("come")
        left, come = worked[crew].copy(), -1
        while come in mine.index:
            leg = mine.loc[come]
            spent = _spend(left, float(leg["hours"]), int(crews.damage["first"].iloc[int(leg["thing"])]))
            order.append({"crew": crew, "thing": int(leg["thing"]), "hours": float(leg["hours"])})
            hours.append(spent)
            left, come = _after(left, spent), int(leg["thing"])
    if not order:
        return no_repairs(crews)
    late = [finished[row["crew"], row["thing"]] for row in order]
    repairs = Repairs(crews, pd.DataFrame(order), np.array(hours), np.array(late, dtype=np.int64))
    return dataclasses.replace(repairs, finished=np.maximum(repairs.finished, repairs.worked))


def _spend(left: NDArray[np.float64], wanted: float, first: int) -> NDArray[np.float64]:
    """Return the hours spent in each period on something that takes `wanted`, from period `first` on.

    A solver's rounding may leave a little: it goes to the last period with hours.
    """
    spent = np.zeros_like(left)
    for period in range(first, len(left)):
        spent[period] = min(left[period], wanted - spent.sum())
        if spent.sum() >= wanted * (1.0 - DUST):
            break
    spent[spent < DUST * wanted] = 0.0
    last = int(np.flatnonzero(spent)[-1]) if spent.any() else first
    spent[last] += wanted - spent.sum()
    return spent


def _after(left: NDArray[np.float64], spent: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the hours left after something is finished: none before its last period."""
    rest = np.maximum(left - spent, 0.0)
    rest[: int(np.flatnonzero(spent > 0)[-1])] = 0.0
    return rest


def _runs(hours: NDArray[np.float64]) -> list[tuple[int, int, float]]:
    """Return runs of periods with the same hours above 0: first, last, hours."""
    cut = np.flatnonzero(np.diff(hours, prepend=np.nan, append=np.nan) != 0)
    runs = zip(cut[:-1].tolist(), (cut[1:] - 1).tolist(), strict=True)
    return [(first, last, float(hours[first])) for first, last in runs if hours[first] > 0]
