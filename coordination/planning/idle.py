"""Coalitions that can neither bring nor hand out anything: only roles are theirs to decide, whatever is needed.

Who has no fleet and no goods, and where its needs are no goods lie, serves nobody by itself. What it decides then hangs
on tasks, parties and hours alone. Where many states of one emergency are planned plainly, one after the other, its
roles are decided once for all states that agree in these: without needs, so that it does not matter which came first.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from coordination.instance.digest import fingerprint
from coordination.instance.whose import Whose
from coordination.planning.case import Case
from coordination.planning.roles_told import Told, told_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coordination.instance import Instance
    from coordination.planning.answer import Answer
    from coordination.planning.options import PlanOptions

ON = (
    "zones", "parties", "skills", "tasks", "efforts", "interests", "mandates", "conflicts", "effects", "observations",
    "indicators",
)  # fmt: skip
"""Tables that roles hang on."""
MOST = 5000
"""Coalitions remembered; then all are forgotten."""

_KNOWN: dict[tuple[str, tuple[str, ...]], Told] = {}


class Idle:
    """Which coalitions of a state have only roles to decide, and which.

    Parameters
    ----------
    state : Instance
        Of everybody, without roles under way.
    options : PlanOptions
        How well they are decided.
    """

    def __init__(self, state: Instance, options: PlanOptions) -> None:
        self._state, self._whose = state, Whose(state)
        policy = state.policy.model_dump(mode="json")
        heading = {"policy": policy, "periods": state.periods, "scenario": state.scenario, **options.as_dict()}
        frames = {name: table if name in ON else table.iloc[:0] for name, table in state.tables.items()}
        self._key = fingerprint(heading, frames)

    @cached_property
    def _bare(self) -> Instance:
        return self._state.replace(needs=self._state.given("needs").iloc[:0], backlogs=[])

    @cached_property
    def _stores(self) -> set[str]:
        """Places where goods lie or come in."""
        return {place for name in ("stocks", "arrivals") for place in self._state.tables[name]["place"]}

    def is_idle(self, parties: Sequence[str]) -> bool:
        """Return whether a coalition has nothing to decide but roles."""
        state, own = self._state, set(parties)
        if own & set(state.fleets["party"]) or own & {*state.stocks["owner"], *state.arrivals["owner"]}:
            return False
        for table, owners in ((state.needs, self._whose.needs), (state.backlogs, self._whose.backlogs)):
            mine = np.isin(np.asarray(owners).astype(str), list(own))
            if self._stores & set(table.loc[mine, "place"]):
                return False
        return True

    def roles(self, parties: Sequence[str], answered: Callable[[Case], Answer]) -> Told:
        """Return the roles of an idle coalition.

        Parameters
        ----------
        answered : callable
            How to plan a case.
        """
        key = (self._key, tuple(parties))
        if key not in _KNOWN:
            if len(_KNOWN) >= MOST:
                _KNOWN.clear()
            answer = answered(Case.of(self._bare.restrict(*parties)))
            if answer.program is not None:
                answer.program.close()
            _KNOWN[key] = told_of(answer)
        return _KNOWN[key]
