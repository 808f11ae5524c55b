"""The second stage of a preparation: the joint response model of a scenario, roles in shares."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from coordination.errors import UsageError
from coordination.planning.batches import NEVER
from coordination.planning.case import Case
from coordination.planning.coding import encode
from coordination.planning.model import ResponseModel
from coordination.planning.routes import add_all_routes, first_columns
from coordination.twostage import Scenario

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.instance import Instance
    from coordination.preparation.first_stage import FirstStage

MOST_SHIPMENTS = 250_000
"""Possible shipments of one scenario up to which its response is built whole."""

GOODS = ["place", "commodity", "expires"]


@dataclass(frozen=True)
class SecondStage:
    """The response to one scenario, and where the first stage enters it.

    Attributes
    ----------
    name : str
        Of the scenario.
    probability : float
        Of the scenario.
    model : ResponseModel
        Of the instance in which everything that the first stage may place lies already, one unit each.
    form : MatrixForm
        Its program, without whole numbers; right-hand sides are those without these units.
    complete : bool
        Whether all routes that could matter are in it.
    """

    name: str
    probability: float
    model: ResponseModel
    form: MatrixForm
    complete: bool

    @classmethod
    def of(
        cls, base: ResponseModel, scenario: str | None, probe: pd.DataFrame, name: str, probability: float
    ) -> SecondStage:
        """Build the response to a scenario.

        Parameters
        ----------
        base : ResponseModel
            As `undisturbed` makes it.
        scenario : str or None
            The scenario of its instance; None for none.
        probe : DataFrame
            ``place``, ``commodity``, ``expires``: goods that the first stage may place or take, each once.
        name, probability : str, float
            Of the scenario.

        Raises
        ------
        UsageError
            If there are too many possible shipments.
        """
        model = base if scenario is None else base.under(base.case.instance.under(scenario))
        columns = first_columns(model.case)
        _refuse_large(int(columns.allowed.sum()), name)
        complete = add_all_routes(model.case, columns)
        columns.active = columns.allowed.copy()
        form = model.compile(columns)
        stage = cls(name, probability, model, dataclasses.replace(form, integrality=0 * form.integrality), complete)
        return dataclasses.replace(stage, form=stage._without_units(probe))

    def _without_units(self, probe: pd.DataFrame) -> MatrixForm:
        """Return the form with the probing units taken off its right-hand sides again."""
        row, _, kept = self.goods(probe)
        lower, upper = self.form.row_lower.copy(), self.form.row_upper.copy()
        np.add.at(lower, row, kept)
        np.add.at(upper, row, kept)
        return dataclasses.replace(self.form, row_lower=lower, row_upper=upper)

    def goods(self, rows: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return where goods placed before period 0 enter the balances.

        Parameters
        ----------
        rows : DataFrame
            ``place``, ``commodity``, ``expires`` (NaN: as the shelf life says).

        Returns
        -------
        row, number : ndarray of int
            Row of the program, and number among `rows`, of those that can act.
        kept : ndarray
            Share that the scenario leaves of each of them.
        """
        case, number = self.model.case, np.arange(len(rows))
        place = encode(case.coding.places, rows["place"])
        commodity = encode(case.coding.commodities, rows["commodity"])
        life = case.instance.commodities["shelf_life"].to_numpy(dtype=float)[commodity]
        expires = rows["expires"].to_numpy(dtype=float)
        expires = np.where(np.isnan(expires), life - 1.0, expires)
        whole = np.where(np.isnan(expires), NEVER, np.nan_to_num(expires)).astype(np.int64)
        label = pd.DataFrame({"commodity": commodity, "expires": whole}).merge(
            case.batches.labels, on=["commodity", "expires"], how="left"
        )
        batch = label["batch"].fillna(-1).to_numpy(dtype=np.int64)
        holding = np.where(batch >= 0, self.model.frame.holding[place, np.maximum(batch, 0), 0], -1)
        known = holding >= 0
        hit = case.kept[case.kept["period"] == 0]
        share = pd.DataFrame({"place": place, "commodity": commodity}).merge(hit, on=["place", "commodity"], how="left")
        kept = share["factor"].fillna(1.0).to_numpy(dtype=float)
        return self._rows("inventory")[holding[known]], number[known], kept[known]

    def _rows(self, name: str) -> NDArray[np.int64]:
        labels = self.form.constraints.get(name)
        return np.arange(labels.slice.start, labels.slice.stop) if labels is not None else np.zeros(0, dtype=np.int64)

    def technology(self, first: FirstStage) -> sp.csc_array[Any]:
        """Return what the first stage does to the scenario's rows, shape (rows, first-stage columns)."""
        placed = first.placed
        row, number, kept = self.goods(placed)
        column = placed["column"].to_numpy(dtype=np.int64)[number]
        parts = [(row, column, kept * placed["sign"].to_numpy(dtype=float)[number])]
        parts += [self._rooms(first), *self._standby(first)]
        rows, columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
        shape = (self.form.rows, first.form.columns)
        return sp.csc_array((values, (rows.astype(np.int64), columns.astype(np.int64))), shape=shape)

    @cached_property
    def _place_factors(self) -> NDArray[np.float64]:
        instance, world = self.model.case.instance, self.model.case.world
        names, zones = (instance.places[column].to_numpy(dtype=object) for column in ("place", "zone"))
        return world.effects.by_period("places", names, [zones])

    def _rooms(self, first: FirstStage) -> tuple[Any, Any, Any]:
        """Return the entries of storage that options add."""
        depots = first.options[first.options["use"] == "depot"]
        column = first.column("take")[depots.index.to_numpy()]
        place = encode(self.model.case.coding.places, depots["place"])
        return self._by_period(
            "stores", place, column, -depots["capacity"].to_numpy(dtype=float)[:, None] * self._place_factors[place]
        )

    def _by_period(self, name: str, code: Any, column: Any, values: Any) -> tuple[Any, Any, Any]:
        """Return entries in rows (code, period) of a constraint, of those rows that are there."""
        rows, periods = self._rows(name), self.model.case.periods
        if not len(rows) or not len(code):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
        index = self.form.constraints[name].index
        pairs = pd.MultiIndex.from_arrays([np.repeat(code, periods), np.tile(np.arange(periods), len(code))])
        found = index.get_indexer(pairs)
        known = found >= 0
        return rows[found[known]], np.repeat(column, periods)[known], np.ravel(values)[known]

    def _standby(self, first: FirstStage) -> list[tuple[Any, Any, Any]]:
        """Return the entries of vehicles and hours kept ready."""
        case, standby, columns = self.model.case, first.standby, first.column("stand")
        effects, periods = case.world.effects, case.periods
        fleets, skills, parties = case.instance.fleets, case.instance.skills, case.instance.parties
        parts = []
        rows = standby.index[standby["fleet"].notna()].to_numpy()
        if len(rows):
            code = encode(case.coding.fleets, standby["fleet"].iloc[rows])
            zone = case.instance.places.set_index("place")["zone"].reindex(fleets["base"]).to_numpy(dtype=object)
            factor = effects.by_period("fleets", fleets["fleet"].to_numpy(dtype=object), [zone])[code]
            hours = fleets["hours"].to_numpy(dtype=float)[code]
            parts.append(self._by_period("fleets", code, columns[rows], -hours[:, None] * factor))
        rows = standby.index[standby["skill"].notna()].to_numpy()
        if len(rows):
            named = pd.MultiIndex.from_frame(standby[["party", "skill"]].iloc[rows])
            code = pd.MultiIndex.from_frame(skills[["party", "skill"]]).get_indexer(named)
            party = encode(case.coding.parties, standby["party"].iloc[rows])
            zone = parties["zone"].to_numpy(dtype=object)[encode(case.coding.parties, skills["party"])]
            factor = effects.by_period("skills", skills["party"].to_numpy(dtype=object), [zone])[code]
            count = len(skills) + len(parties)
            for limit in (code, code + count, len(skills) + party, len(skills) + party + count):
                parts.append(self._by_period("hours", limit, columns[rows], -factor.reshape(-1, periods)))
        return parts

    def scenario(self, first: FirstStage) -> Scenario:
        """Return the scenario of a two-stage program."""
        return Scenario(self.name, self.probability, self.technology(first), self.form)


def _refuse_large(count: int, name: str) -> None:
    """Refuse a response that would not be built and solved in time."""
    if count > MOST_SHIPMENTS:
        raise UsageError(
            f"scenario {name!r} has {count:,} possible shipments; a preparation takes at most {MOST_SHIPMENTS:,} a"
            " scenario: put places together, or use fewer periods"
        )


def undisturbed(instance: Instance, probe: pd.DataFrame) -> ResponseModel:
    """Return the model without a scenario of the instance with one unit more of each good that may be placed.

    Parameters
    ----------
    instance : Instance
        Without a scenario.
    probe : DataFrame
        ``place``, ``commodity``, ``expires``: goods that then have a place in the model.
    """
    if probe.empty:
        return ResponseModel.of(Case.of(instance))
    parties = instance.parties
    core = parties.loc[parties["kind"] == "core", "party"].iloc[0]
    more = probe[GOODS].drop_duplicates().assign(quantity=1.0, owner=core)
    stocks = pd.concat([instance.given("stocks"), more], ignore_index=True)
    return ResponseModel.of(Case.of(instance.replace(stocks=stocks)))
