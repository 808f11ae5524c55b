"""The plan of coalitions that guess: each plans by itself on what it reckons with; where plans collide some give way.

Hours, fleets, tasks and needs are each coalition's own, as where nothing is pooled; goods are everybody's to take, in
the order of the table of parties. Of roads with a capacity and no owner each coalition with fleets has an equal part.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from coordination.instance.whose import Whose
from coordination.planning.answer import trivial_bound
from coordination.planning.case import Case
from coordination.planning.choices import chosen
from coordination.planning.decision import written
from coordination.planning.guessing import as_last_seen, reckoned
from coordination.planning.held import without_roles_under_way
from coordination.planning.idle import Idle
from coordination.planning.judgement.arbitrating import Claim, grant
from coordination.planning.networked.alone import Joined, with_part_of_roads
from coordination.planning.networked.coalitions import coalitions_of
from coordination.planning.networked.posting import CoalitionCase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.answer import Answer
    from coordination.planning.model import ResponseModel
    from coordination.planning.networked.coalitions import Coalitions
    from coordination.planning.session import Session
    from coordination.plans import Plan

    Floats = NDArray[np.float64]

NOTES = {
    "optimistic": "Every coalition plans as if nobody else took any of the goods that lie there; where plans collide "
    "those later in the table of parties give way.",
    "last_seen": "Every coalition plans as if others did what they last said; where plans collide those later in the "
    "table of parties give way.",
    "shared_plan": "Every coalition plans as if others did what they last said, then again, one after the other, "
    "seeing the plans of all; where plans collide those later in the table of parties give way.",
}
PROOF = "Nothing proves how much less all together would pay; prices and reasons are missing."


def plan_by_judgement(begun: Session, answered: Callable[[Case], Answer], guess: str) -> Plan:
    """Return the plan of coalitions that guess.

    Parameters
    ----------
    begun : Session
        The run of planning, of everybody: for names.
    answered : callable
        How to plan a case.
    guess : str
        optimistic, last_seen or shared_plan.
    """
    whole, clock = begun.model, begun.clock
    state = without_roles_under_way(whole.case.instance)
    names = coalitions_of(state, state.policy.coalitions)
    idle = Idle(state, begun.options) if begun.plain else None
    resting = [parties for _, parties in names if idle is not None and idle.is_idle(parties)]
    with clock.stage("build"):
        judges = _Judges(whole, state, [one for one in names if one[1] not in resting], answered)
    answers = judges.answers([judges.everything] * len(judges.names))
    if guess != "optimistic":
        wants = [judges.drawn(answer) for answer in answers]
        answers = judges.answers(as_last_seen(judges.there, wants))
    granted = judges.arbitrated(answers)
    if guess == "shared_plan":
        granted = judges.arbitrated(judges.revised(granted))
    joined, owners = Joined(whole), Whose(whole.case.instance).tasks.astype(str)
    for (_, parties), answer in zip(judges.names, granted, strict=True):
        joined.add(answer, np.isin(owners, parties))
    if idle is not None:
        for parties in resting:
            joined.add_roles(idle.roles(parties, answered), np.isin(owners, parties))
    with clock.stage("decide"):
        decided = joined.decided()
    sizes = {"coalitions": len(names), "way": "judgement"}
    return written(
        decided, begun.options, clock, trivial_bound(whole), [NOTES[guess], PROOF], sizes, {}, None, None,
        chosen(begun.solved),
    )  # fmt: skip


class _Judges:
    """Coalitions, each with what it reckons with."""

    def __init__(
        self, whole: ResponseModel, state: Instance, names: Coalitions, answered: Callable[[Case], Answer]
    ) -> None:
        self.case, self.answered, self.state, self.names = whole.case, answered, state, names
        alone = [state.restrict(*parties) for _, parties in names]
        driving = sum(len(one.fleets) > 0 for one in alone)
        self.alone = [with_part_of_roads(one, driving) for one in alone]
        self.shape = (len(self.case.coding.places), len(self.case.coding.commodities))
        self.batches = len(self.case.batches)
        self.supply = np.zeros((self.shape[0] * self.batches, self.case.periods))
        supply = self.case.supply
        lot = supply["place"].to_numpy() * self.batches + supply["batch"].to_numpy()
        np.add.at(self.supply, (lot, supply["period"].to_numpy()), supply["quantity"].to_numpy(dtype=float))
        self.there = self._by_commodity(self.supply.sum(axis=1))
        self.everything = np.ones(self.shape)

    def _by_commodity(self, lots: Floats) -> Floats:
        found = np.zeros(self.shape)
        place = np.repeat(np.arange(self.shape[0]), self.batches)
        np.add.at(found, (place, np.tile(self.case.batches.commodity, self.shape[0])), lots)
        return found

    def answer(self, number: int, factor: Floats) -> Answer:
        """Return what a coalition would do, reckoning with a share of all goods."""
        own = set(self.names[number][1])
        return self._answered(reckoned(self.state, self.alone[number], own, factor))

    def _answered(self, instance: Instance) -> Answer:
        case = Case.of(instance)
        answer = self.answered(CoalitionCase(instance, case.world, case.network, common=self.case.batches))
        if answer.program is not None:
            answer.program.close()
        return answer

    def answers(self, factors: Sequence[Floats]) -> list[Answer]:
        """Return what each coalition would do."""
        return [self.answer(number, factor) for number, factor in enumerate(factors)]

    def claim(self, answer: Answer) -> Claim:
        """Return what an answer takes of goods."""
        ships, lanes = answer.ships, answer.columns.lanes
        lane, batch = ships["lane"].to_numpy(dtype=int), ships["batch"].to_numpy(dtype=int)
        depart = ships["period"].to_numpy(dtype=int)
        service = answer.model.frame.service
        return Claim(
            out_of=lanes["origin"].to_numpy(dtype=int)[lane] * self.batches + batch,
            into=lanes["destination"].to_numpy(dtype=int)[lane] * self.batches + batch,
            depart=depart,
            arrive=depart + lanes["lag"].to_numpy(dtype=int)[lane],
            sent=np.maximum(answer.values["ship"], 0.0),
            used=service["place"].to_numpy(dtype=int) * self.batches + service["batch"].to_numpy(dtype=int),
            when=service["period"].to_numpy(dtype=int),
            served=np.maximum(answer.values["serve"], 0.0),
        )

    def drawn(self, answer: Answer) -> Floats:
        """Return what an answer takes of each lot, by place and commodity."""
        return self._by_commodity(self.claim(answer).drawn(len(self.supply)))

    def arbitrated(self, answers: Sequence[Answer]) -> list[Answer]:
        """Return what each may do of what it wants, in order."""
        level = np.cumsum(self.supply, axis=1)
        granted: list[Answer] = []
        for answer in answers:
            ship, serve = grant(level, self.claim(answer))
            granted.append(dataclasses.replace(answer, values={**answer.values, "ship": ship, "serve": serve}))
        return granted

    def revised(self, granted: Sequence[Answer]) -> list[Answer]:
        """Return what each would do seeing the plans of all: its own part, and what nobody's plan takes."""
        parts = [self.drawn(answer) for answer in granted]
        left = np.maximum(self.there - np.sum(parts, axis=0), 0.0)
        found: list[Answer] = []
        for number, part in enumerate(parts):
            factor = np.divide(part + left, self.there, out=np.zeros(self.shape), where=self.there > 0).clip(max=1.0)
            answer = self.answer(number, factor)
            taken = self.drawn(answer)
            left = np.maximum(left + part - taken, 0.0)
            found.append(answer)
        return found
