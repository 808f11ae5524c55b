"""Amounts that a planner sets by hand: pins on shipments and on service, kept as equalities of the joint model.

    table      where                                                      column    value
    shipments  fleet=t1;origin=d;destination=p;commodity=rice;depart=2    quantity  30
    service    place=p;commodity=rice;group=general;period=2              served    12

What stands in the column of all rows that fit sums to the value, whatever their routes and expiry: 0 forbids. Where
amounts cannot hold, the rules that stand against them are found: which rows of the model cannot hold together with
them, by leaving out one after the other (`coordination.planning.smallest`).
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from coordination.errors import InstanceError, Problem, UsageError, shown
from coordination.instance.names import nearest
from coordination.objectives.limits import at_most
from coordination.objectives.objective import Objective
from coordination.planning.coding import encode
from coordination.planning.smallest import smallest_conflict
from coordination.planning.standing import standing_against
from coordination.solver import SolverOptions, solve
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.instance import Instance
    from coordination.planning.columns import Columns
    from coordination.planning.model import ResponseModel

SECONDS = 20.0
"""Most time for one question; what is not found out in it counts as possible."""
FIRST_LINE = 2
"""Line of the first row in a file, the header being 1."""
EXPECTED = "an amount that can hold"
IN_TIME = "No plan that keeps the pins on amounts was found in time: allow more of it, or remove some of them."
PRICES = "Prices are missing: with amounts set by hand they would not be those of the social cost."


@dataclass(frozen=True)
class Settable:
    """What of a plan table can be set.

    Attributes
    ----------
    column : str
        What is set.
    where : tuple of str
        Columns that say of what.
    variable : str
        The variable that it is a sum of.
    """

    column: str
    where: tuple[str, ...]
    variable: str


SETTABLE: Mapping[str, Settable] = MappingProxyType(
    {
        "shipments": Settable("quantity", ("fleet", "origin", "destination", "commodity", "depart"), "ship"),
        "service": Settable("served", ("place", "commodity", "group", "period"), "serve"),
    }
)
"""By table."""


@dataclass(frozen=True)
class Amount:
    """An amount set by hand.

    Attributes
    ----------
    line : int
        Of ``pins``.
    table : str
        Key of `SETTABLE`.
    where : dict of str to str
        Of what.
    value : float
        How much.
    """

    line: int
    table: str
    where: dict[str, str]
    value: float

    @property
    def text(self) -> str:
        """What it says."""
        cells = ", ".join(f"{name} {value}" for name, value in self.where.items())
        return f"{SETTABLE[self.table].column} {self.value:g} of {self.table} ({cells})"


def read_amount(
    instance: Instance, line: int, row: Mapping[str, str], named: dict[str, str], problems: list[Problem]
) -> Amount | None:
    """Return the amount that a pin sets; what is wrong with it is added to the problems.

    Parameters
    ----------
    row : mapping of str to str
        The pin.
    named : dict of str to str
        Cells that its `where` names by column.
    """
    what, told = SETTABLE[row["table"]], len(problems)
    if row["column"] != what.column:
        advice = "Pins on other columns are not carried out yet."
        problems.append(Problem("pins", line, "column", shown(row["column"]), what.column, advice))
    if set(named) != set(what.where):
        expected = f"{', '.join(what.where)}, each once"
        problems.append(Problem("pins", line, "where", shown(row["where"]), expected))
    known = _known(instance)
    for name in (name for name in what.where if name in named):
        if named[name] not in known[name]:
            expected = f"a {name}, known to the instance"
            advice = nearest(named[name], known[name])
            problems.append(Problem("pins", line, "where", shown(named[name]), expected, advice))
    try:
        value = float(row["value"])
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0.0):
        problems.append(Problem("pins", line, "value", shown(row["value"]), "a number of at least 0"))
    return None if len(problems) > told else Amount(line, row["table"], named, value)


def _known(instance: Instance) -> dict[str, list[str]]:
    periods = [str(period) for period in range(instance.periods)]
    places = instance.places["place"].tolist()
    return {
        "fleet": instance.fleets["fleet"].tolist(),
        "origin": places,
        "destination": places,
        "place": places,
        "commodity": instance.commodities["commodity"].tolist(),
        "group": sorted({*instance.needs["group"], *instance.backlogs["group"]}),
        "depart": periods,
        "period": periods,
    }


def amounts_of(instance: Instance) -> list[Amount]:
    """Return the amounts set in an instance whose pins were checked (`coordination.planning.pins.with_pins`)."""
    from coordination.planning.pins import cells_of

    problems: list[Problem] = []
    found = [
        read_amount(instance, line, row, cells_of(line, row, problems), problems) for line, row in set_rows(instance)
    ]
    if problems:
        raise InstanceError(problems)
    return [amount for amount in found if amount is not None]


def set_rows(instance: Instance) -> Iterator[tuple[int, dict[str, str]]]:
    """Return line and cells of each pin that sets an amount; one with a price need not hold, and sets none."""
    for number, row in enumerate(instance.pins.to_dict("records")):
        if row["table"] in SETTABLE and math.isnan(row["price"]):
            yield number + FIRST_LINE, {str(name): str(value) for name, value in row.items()}


def with_amounts(form: MatrixForm, model: ResponseModel, columns: Columns) -> MatrixForm:
    """Return the joint model with the amounts of its instance as equalities, the last rows.

    Raises
    ------
    InstanceError
        They cannot hold: the rules that stand against them are named.
    """
    amounts = amounts_of(model.case.instance)
    if not amounts:
        return form
    bare, problems = form, list[Problem]()
    for amount in amounts:
        members = _members(amount, form, model, columns)
        if not len(members) and amount.value > 0.0:
            advice = "No way, no goods or no need: nothing of the kind is possible then and there."
            problems.append(Problem("pins", amount.line, "value", shown(f"{amount.value:g}"), EXPECTED, advice))
        c = np.zeros(form.columns)
        c[members] = 1.0
        form = at_most(form, Objective(amount.text, c, 0.0), amount.value)
    if problems:
        raise InstanceError(problems)
    lower = form.row_lower.copy()
    lower[bare.rows :] = form.row_upper[bare.rows :]
    form = dataclasses.replace(form, row_lower=lower)
    if not _possible(form):
        raise InstanceError(_why(form, bare.rows, model, amounts))
    return form


def _members(amount: Amount, form: MatrixForm, model: ResponseModel, columns: Columns) -> NDArray[np.int64]:
    """Return the columns that an amount is the sum of."""
    variable = SETTABLE[amount.table].variable
    cells = {"ship": lambda: _ships(model, columns), "serve": lambda: _services(model)}
    found = [_fitting(amount, form, model, variable, cells[variable])]
    if variable == "serve":
        # Services are met by people who go to a facility.
        found.append(_fitting(amount, form, model, "visit", lambda: model.case.facilities.visits(model.frame.needs)))
    return np.concatenate(found)


def _fitting(
    amount: Amount, form: MatrixForm, model: ResponseModel, variable: str, made: Callable[[], pd.DataFrame]
) -> NDArray[np.int64]:
    """Return the columns of one variable that an amount names; `made` has a row for each of them."""
    coding = model.case.coding
    if variable not in form.variables:
        return np.zeros(0, dtype=np.int64)
    cells = made()
    ids = {
        "fleet": coding.fleets, "origin": coding.places, "destination": coding.places, "place": coding.places,
        "commodity": coding.commodities, "group": coding.groups,
    }  # fmt: skip
    fits = np.ones(len(cells), dtype=bool)
    for name, text in amount.where.items():
        code = int(encode(ids[name], [text])[0]) if name in ids else int(text)
        fits &= cells[name].to_numpy() == code
    return np.asarray(np.flatnonzero(fits) + form.variables[variable].slice.start, dtype=np.int64)


def _ships(model: ResponseModel, columns: Columns) -> pd.DataFrame:
    """Return the shipments in the model by what pins name, in codes."""
    ships, lanes = columns.ships(), columns.lanes
    lane = ships["lane"].to_numpy()
    of_lane = {name: lanes[name].to_numpy()[lane] for name in ("fleet", "origin", "destination")}
    commodity = model.case.batches.commodity[ships["batch"].to_numpy()]
    return ships.assign(**of_lane, commodity=commodity, depart=ships["period"])


def _services(model: ResponseModel) -> pd.DataFrame:
    """Return what may be served by what pins name, in codes."""
    service = model.frame.service
    return service.assign(commodity=model.case.batches.commodity[service["batch"].to_numpy()])


def _possible(form: MatrixForm) -> bool:
    free = dataclasses.replace(form, c=np.zeros_like(form.c), offset=0.0)
    solution = solve(free, options=SolverOptions(gap=0.0, time_limit=SECONDS, threads=1), stage="pins")
    return solution.status is not Status.INFEASIBLE


def _why(form: MatrixForm, first: int, model: ResponseModel, amounts: list[Amount]) -> list[Problem]:
    """Return the amounts that cannot hold together with what stands against them."""
    rules = [(name, np.arange(form.rows)[labels.slice]) for name, labels in form.constraints.items()]
    groups = [np.array([first + number]) for number in range(len(amounts))] + [rows for _, rows in rules]

    def held(parts: list[NDArray[np.int64]]) -> MatrixForm:
        kept = np.zeros(form.rows, dtype=bool)
        for rows in parts:
            kept[rows] = True
        return dataclasses.replace(
            form,
            row_lower=np.where(kept, form.row_lower, -np.inf),
            row_upper=np.where(kept, form.row_upper, np.inf),
        )

    found = smallest_conflict(len(groups), lambda some: _possible(held([groups[n] for n in some])), questions=0)
    # Within the rules found: of all their rows the few that are enough.
    rows = np.concatenate([groups[number] for number in sorted(found)])
    few = smallest_conflict(len(rows), lambda some: _possible(held([rows[[*some]]])), questions=0)
    kept = sorted(int(rows[number]) for number in few)
    against = standing_against(form, [row for row in kept if row < first], model)
    pinned = [amounts[row - first] for row in kept if row >= first]
    problems = []
    for amount in pinned:
        others = [f"pins row {other.line}" for other in pinned if other is not amount] + against
        advice = f"Conflicts with {'; '.join(others)}: without any one of them it can be kept." if others else ""
        problems.append(Problem("pins", amount.line, "value", f"{amount.value:g}", EXPECTED, advice))
    return problems


def refuse_late(instance: Instance) -> None:
    """Refuse to give the plan that always exists where amounts are set: it would not keep them.

    Raises
    ------
    UsageError
        Amounts are set.
    """
    if any(True for _ in set_rows(instance)):
        raise UsageError(f"{instance.name}: {IN_TIME}")
