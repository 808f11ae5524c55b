"""Doers that come and go, as rows of the program of statements (see `coordination.planning.statements`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from coordination.planning.escalation import LEAST_GAP

if TYPE_CHECKING:
    from coordination.instance.policy import Policy
    from coordination.planning.statements import Entries, Program


@dataclass(frozen=True)
class Actor:
    """A party that may do a task.

    Attributes
    ----------
    doer : int
        Column: whether it does it in any period.
    covers : list of int
        Columns of the hours that it covers, by period of the window.
    above : bool
        Whether its jurisdiction lies above the task's zone.
    """

    doer: int
    covers: list[int]
    above: bool


@dataclass
class Stints:
    """Who does one task in which periods.

    Attributes
    ----------
    program : Program
        Gets the rows.
    policy : Policy
        Says whether doers hand over, and when those from above may be called.
    hours : float
        Of the task, by period.
    actors : list of Actor
        Who may do it.
    """

    program: Program
    policy: Policy
    hours: float
    actors: list[Actor]
    _acting: list[list[int]] = field(default_factory=list)

    def add(self, most: float, doers: int, share: int, overlap: int | None, escalation: int | None) -> None:
        """Add all rows.

        Parameters
        ----------
        most : float
            Doers at a time.
        doers, share, overlap, escalation : int
            Statements: how many doers, the least share, the overlap (None without handover), the delay of escalation
            (None without one).
        """
        for actor in self.actors:
            self._acting.append(self._periods(actor, share))
        if overlap is None:
            self._stay()
        else:
            self._hand_over(most, doers, share, overlap)
        if escalation is not None:
            self._escalate(escalation)

    def _periods(self, actor: Actor, share: int) -> list[int]:
        """Hours are covered in periods as a doer, at least the least share of these."""
        program, acting = self.program, [self.program.column() for _ in actor.covers]
        for cover, act in zip(actor.covers, acting, strict=True):
            program.at_most([(cover, 1.0), (act, -self.hours)], 0.0)
            program.at_most([(act, 1.0), (actor.doer, -1.0)], 0.0)
        program.at_most([(actor.doer, 1.0), *((act, -1.0) for act in acting)], 0.0)
        least = -self.policy.min_share * self.hours
        done: Entries = [(cover, 1.0) for cover in actor.covers]
        program.at_least([*done, *((act, least) for act in acting)], 0.0, share)
        return acting

    def _stay(self) -> None:
        """Doers stay to the end, those at or below the task's zone from the beginning."""
        for actor, acting in zip(self.actors, self._acting, strict=True):
            for before, after in pairwise(acting):
                self.program.at_least([(after, 1.0), (before, -1.0)], 0.0)
                if not actor.above:
                    self.program.at_most([(after, 1.0), (before, -1.0)], 0.0)

    def _hand_over(self, most: float, doers: int, share: int, overlap: int) -> None:
        """Who leaves works some periods beside a successor, and is not counted in them."""
        program, long = self.program, self.policy.overlap_periods
        periods = len(self._acting[0]) if self._acting else 0
        joins: list[list[int]] = []
        leaves: list[list[int]] = []
        for actor, acting in zip(self.actors, self._acting, strict=True):
            joins.append([program.column() for _ in range(periods)])
            leaves.append([program.column() for _ in range(periods)])
            join, leave = joins[-1], leaves[-1]
            program.at_most([(join[0], 1.0), (leave[0], 1.0)], 0.0)
            for t in range(1, periods):
                now, before = acting[t], acting[t - 1]
                change = [(now, 1.0), (before, -1.0), (join[t], -1.0), (leave[t], 1.0)]
                program.at_least(change, 0.0)
                program.at_most(change, 0.0)
                program.at_most([(join[t], 1.0), (now, -1.0)], 0.0)
                program.at_most([(join[t], 1.0), (before, 1.0)], 1.0)
                for s in range(max(1, t - long), t):
                    program.at_most([(join[s], 1.0), (leave[t], 1.0)], 1.0, overlap)
                for s in range(max(0, t - long), t):
                    worked = [(actor.covers[s], 1.0), (leave[t], -self.policy.min_share * self.hours)]
                    program.at_least(worked, 0.0, overlap, share)
        for t in range(periods):
            left = [(leave[t], 1.0) for leave in leaves]
            joined = [(join[t - long], -1.0) for join in joins if t > long]
            program.at_most([*left, *joined], 0.0, overlap)
            acting_now = [(acting[t], 1.0) for acting in self._acting]
            handing = [(leave[s], -1.0) for leave in leaves for s in range(t + 1, min(t + long, periods - 1) + 1)]
            program.at_most([*acting_now, *handing], most, doers)

    def _escalate(self, escalation: int) -> None:
        """Those from above act only some periods after the others left a gap."""
        delay = self.policy.escalation_delay or 0
        program, periods = self.program, len(self._acting[0]) if self._acting else 0
        gaps = [program.column() for _ in range(periods)]
        for t, gap in enumerate(gaps):
            below = [(actor.covers[t], 1.0) for actor in self.actors if not actor.above]
            program.at_most([*below, (gap, LEAST_GAP * self.hours)], self.hours)
        for actor, acting in zip(self.actors, self._acting, strict=True):
            for t in range(periods) if actor.above else ():
                before = [(gap, -1.0) for gap in gaps[: max(0, t - delay + 1)]]
                program.at_most([(acting[t], 1.0), *before], 0.0, escalation)
