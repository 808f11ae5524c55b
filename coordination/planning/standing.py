"""Rows of the joint model in words: which rule, of what, when."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coordination.compilation import MatrixForm
    from coordination.planning.coding import Coding
    from coordination.planning.model import ResponseModel

    Words = Callable[["ResponseModel", tuple[Any, ...]], str]


def _goods(model: ResponseModel, key: tuple[Any, ...]) -> str:
    coding, batches = model.case.coding, model.case.batches
    place, batch, period = (int(part) for part in key)
    commodity = coding.commodities[int(batches.commodity[batch])]
    return f"goods there are: {commodity} at {coding.places[place]}, period {period} (inventory)"


def _due(model: ResponseModel, key: tuple[Any, ...]) -> str:
    coding = model.case.coding
    place, commodity, group, period = (int(part) for part in key)
    what = f"{coding.commodities[commodity]}, {coding.groups[group]}"
    return f"need that is due: {what} at {coding.places[place]}, period {period} (service)"


def _fleet(model: ResponseModel, key: tuple[Any, ...]) -> str:
    return f"hours of fleet {model.case.coding.fleets[int(key[0])]}, period {int(key[1])} (fleets)"


def _handout(model: ResponseModel, key: tuple[Any, ...]) -> str:
    return f"hand-out in {model.case.coding.zones[int(key[0])]}, period {int(key[1])} (handout)"


def _task(rule: str) -> Words:
    def words(model: ResponseModel, key: tuple[Any, ...]) -> str:
        return f"task {model.case.coding.tasks[int(key[0])]} ({rule})"

    return words


def _hours(model: ResponseModel, key: tuple[Any, ...]) -> str:
    coding: Coding = model.case.coding
    skills, limit = coding.instance.skills, int(key[0]) % (len(coding.instance.skills) + len(coding.parties))
    who = str(skills["party"].iloc[limit]) if limit < len(skills) else str(coding.parties[limit - len(skills)])
    return f"hours of {who}, period {int(key[1])} (hours)"


WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "inventory": _goods,
        "service": _due,
        "fleets": _fleet,
        "handout": _handout,
        "hours": _hours,
        "coverage": _task("doers: hours of the task"),
        "doers": _task("doers: how many"),
        "only_doers": _task("doers: only they cover"),
        "least_share": _task("doers: least share"),
    }
)
"""How a row of a constraint reads; of others their name is told."""


def standing_against(form: MatrixForm, rows: list[int], model: ResponseModel) -> list[str]:
    """Return rows of the joint model in words, each rule and thing once.

    Parameters
    ----------
    rows : list of int
        Rows of constraints by name.
    """
    told: dict[str, None] = {}
    for name, labels in form.constraints.items():
        for row in rows:
            if labels.slice.start <= row < labels.slice.stop:
                index = labels.index[row - labels.slice.start]
                key = index if isinstance(index, tuple) else (index,)
                told[WORDS[name](model, key) if name in WORDS else f"rule {name.replace('_', ' ')}"] = None
    return list(told)
