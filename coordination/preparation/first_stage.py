"""The first stage of a preparation: its data by name, its matrix, and what each of its columns changes later."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.planning.coding import encode
from coordination.planning.supply_data import relation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.instance import Instance
    from coordination.planning.case import Case

LOT = ["place", "commodity", "owner", "expires"]


@dataclass(frozen=True)
class FirstStage:
    """What may be decided before anything happens.

    Attributes
    ----------
    case : Case
        The instance without any scenario.
    """

    case: Case

    @property
    def instance(self) -> Instance:
        """The instance without any scenario."""
        return self.case.instance

    @cached_property
    def kg(self) -> pd.Series[float]:
        """Kilograms of a unit by commodity."""
        return self.instance.commodities.set_index("commodity")["kg"]

    @cached_property
    def options(self) -> pd.DataFrame:
        """Rows of ``options``, and ``site``: number of place and use."""
        options = self.instance.options.reset_index(drop=True)
        return options.assign(site=options.groupby(["place", "use"], sort=False).ngroup())

    @cached_property
    def purchases(self) -> pd.DataFrame:
        """Rows of ``purchases``, and ``tonnes`` of a unit."""
        purchases = self.instance.purchases.reset_index(drop=True)
        return purchases.assign(tonnes=self.kg.reindex(purchases["commodity"]).to_numpy(dtype=float) / 1000.0)

    @cached_property
    def lots(self) -> pd.DataFrame:
        """Stock as it lies: ``place``, ``commodity``, ``owner``, ``expires`` (NaN: by shelf life), ``quantity``."""
        stocks = self.instance.given("stocks")
        lots = stocks.groupby(LOT, as_index=False, dropna=False, sort=False)[["quantity"]].sum()
        lots = lots[lots["quantity"] > 0].reset_index(drop=True)
        return lots.assign(tonnes=self.kg.reindex(lots["commodity"]).to_numpy(dtype=float) / 1000.0)

    @cached_property
    def depots(self) -> list[str]:
        """Places where something lies, may be bought or opened, or that are depots; in the order of the table."""
        instance, places = self.instance, self.instance.places
        used = {*instance.stocks["place"], *instance.options["place"], *instance.purchases["place"]}
        kept = (places["kind"] == "depot") | places["place"].isin(used)
        return places.loc[kept, "place"].tolist()

    @cached_property
    def moves(self) -> pd.DataFrame:
        """Moves: ``lot``, ``fleet``, ``place`` (destination), the lot's columns as ``origin`` …, ``tonnes``, ``money``.

        A move runs from where a lot lies and the fleet loads to a depot; money is of a unit.
        """
        allowed, coding = self.instance.moves, self.case.coding
        columns = ["lot", "fleet", "origin", "place", "commodity", "owner", "expires", "tonnes", "money"]
        if allowed.empty or self.lots.empty:
            return pd.DataFrame(columns=columns)
        lanes = self.case.network.lanes
        lanes = lanes[lanes["state"] == self.case.road_state[0]]
        named = pd.DataFrame(
            {
                "fleet": coding.fleets[lanes["fleet"]],
                "origin": coding.places[lanes["origin"]],
                "place": coding.places[lanes["destination"]],
                "km": lanes["loaded_km"].to_numpy(dtype=float),
            }
        )
        named = named[named["place"].isin(self.depots)].merge(allowed, on="fleet")
        lots = self.lots.rename(columns={"place": "origin"}).assign(lot=np.arange(len(self.lots)))
        moves = lots.merge(named, on="origin").sort_values(["lot", "place", "fleet"], ignore_index=True)
        return moves.assign(money=moves["tonnes"] * moves["km"] * moves["money_per_tonne_km"])[columns]

    @cached_property
    def standby(self) -> pd.DataFrame:
        """Rows of ``standby``."""
        return self.instance.standby.reset_index(drop=True)

    @cached_property
    def floors(self) -> pd.DataFrame:
        """Rows of ``floors`` asked before period 0."""
        return self.instance.floors.reset_index(drop=True)

    def within(self, floor: Any, rows: pd.DataFrame) -> NDArray[np.bool_]:
        """Return which rows (``place``, ``commodity``, ``owner``) a floor counts."""
        same = (rows["commodity"] == floor.commodity).to_numpy()
        if isinstance(floor.owner, str):
            return np.asarray(same & (rows["owner"] == floor.owner).to_numpy())
        if isinstance(floor.place, str):
            return np.asarray(same & (rows["place"] == floor.place).to_numpy())
        return np.asarray(same & rows["place"].isin(self._places_in(floor.zone)).to_numpy())

    def _places_in(self, zone: str) -> set[str]:
        coding = self.case.coding
        ancestry = coding.ancestry
        inside = ancestry.loc[ancestry["above"] == coding.zones.get_loc(zone), "zone"].to_numpy()
        return set(coding.places[np.isin(coding.place_zone, inside)])

    @cached_property
    def rooms(self) -> pd.DataFrame:
        """Places with a storage limit: ``place``, ``left`` (tonnes)."""
        places = self.instance.places
        limited = places.loc[places["storage_tonnes"].notna() & places["place"].isin(self.depots)]
        tonnes = (self.lots["quantity"] * self.lots["tonnes"]).groupby(self.lots["place"]).sum()
        lies = tonnes.reindex(limited["place"]).fillna(0.0).to_numpy(dtype=float)
        left = np.maximum(0.0, limited["storage_tonnes"].to_numpy(dtype=float) - lies)
        return pd.DataFrame({"place": limited["place"].to_numpy(), "left": left})

    def data(self, *, budget: bool = True, only_money: bool = False) -> dict[str, Any]:
        """Return the data of `coordination_models.preparation`.

        Parameters
        ----------
        budget : bool
            Whether the policy's budget counts.
        only_money : bool
            Whether money has weight 1 and floors with a price are left out.
        """
        policy, periods = self.instance.policy, self.case.periods
        options, purchases, moves = self.options, self.purchases, self.moves
        limit = policy.budget if budget else None
        return {
            **_numbered("OPTIONS", options, option_money="money", option_tonnes="capacity"),
            "SITES": pd.RangeIndex(int(options["site"].max()) + 1 if len(options) else 0),
            "SIZES": _members(options["site"], options.index),
            **_numbered("PURCHASES", purchases, unit_money="unit_money", buy_tonnes="tonnes"),
            "most_bought": purchases["max"].astype(float).fillna(np.inf),
            **_numbered("LOTS", self.lots, lot_quantity="quantity"),
            **_numbered("MOVES", moves, move_money="money", move_tonnes="tonnes"),
            "OUT_OF": _members(moves["lot"], moves.index),
            **_numbered("STANDBYS", self.standby, most_standby="max"),
            "standby_money": self.standby["unit_money"].astype(float) * periods,
            **self._room_data(),
            **self._floor_data(only_money=only_money),
            "BUDGETS": pd.RangeIndex(0 if limit is None else 1),
            "budget": pd.Series([] if limit is None else [limit], dtype=float),
            "money_weight": 1.0 if only_money else policy.money_weight,
        }

    def _room_data(self) -> dict[str, Any]:
        at = pd.Index(self.rooms["place"])
        depot = self.options[self.options["use"] == "depot"]
        return {
            "ROOMS": pd.RangeIndex(len(at)),
            "room_left": self.rooms["left"],
            "ROOM_ADDED": _at(at, depot["place"], depot.index),
            "ROOM_BOUGHT": _at(at, self.purchases["place"], self.purchases.index),
            "ROOM_IN": _at(at, self.moves["place"], self.moves.index),
            "ROOM_OUT": _at(at, self.moves["origin"], self.moves.index),
        }

    def _floor_data(self, *, only_money: bool) -> dict[str, Any]:
        floors, moves = self.floors, self.moves
        origins = moves.drop(columns="place").rename(columns={"origin": "place"})
        rows = list(floors.itertuples(index=False))
        by_owner = floors["owner"].notna().to_numpy()
        none = np.zeros(len(moves), dtype=bool)
        bought = [self.within(row, self.purchases) for row in rows]
        come = [none if own else self.within(row, moves) for row, own in zip(rows, by_owner, strict=True)]
        go = [none if own else self.within(row, origins) for row, own in zip(rows, by_owner, strict=True)]
        lies = [float(self.lots.loc[self.within(row, self.lots), "quantity"].sum()) for row in rows]
        price = floors["price"].astype(float)
        soft = price.notna().to_numpy()
        asked = floors["quantity"].to_numpy(dtype=float) - np.array(lies, dtype=float)
        asked = np.where(soft & only_money, -np.inf, asked)
        return {
            "FLOORS": pd.RangeIndex(len(floors)),
            "floor_quantity": pd.Series(np.where(np.isinf(asked), -1e30, asked)),
            "floor_price": price.fillna(0.0),
            "most_lacking": pd.Series(np.where(soft, np.inf, 0.0)),
            "FLOOR_BOUGHT": _listed(bought),
            "FLOOR_IN": _listed(come),
            "FLOOR_OUT": _listed(go),
        }

    @cached_property
    def form(self) -> MatrixForm:
        """The first stage as a matrix."""
        return self.compile()

    def compile(self, **choices: bool) -> MatrixForm:
        """Return the first stage as a matrix, with the choices of `data`."""
        from coordination_models.response import preparation_model

        from coordination.compilation import compile_model, declared

        return compile_model(declared(preparation_model), self.data(**choices))

    def column(self, name: str) -> NDArray[np.int64]:
        """Return the columns of one variable, in the order of its rows."""
        labels = self.form.variables.get(name)
        return np.arange(labels.slice.start, labels.slice.stop) if labels is not None else np.zeros(0, dtype=np.int64)

    @cached_property
    def placed(self) -> pd.DataFrame:
        """What columns put where: ``column``, ``place``, ``commodity``, ``expires``, ``sign`` (units per unit)."""
        bought = self.purchases[["place", "commodity"]].assign(column=self.column("buy"), expires=np.nan, sign=1.0)
        come = self.moves[["place", "commodity", "expires"]].assign(column=self.column("move"), sign=1.0)
        go = self.moves[["origin", "commodity", "expires"]].rename(columns={"origin": "place"})
        go = go.assign(column=self.column("move"), sign=-1.0)
        parts = [part for part in (bought, come, go) if len(part)]
        return pd.concat(parts, ignore_index=True) if parts else bought


def _numbered(name: str, rows: pd.DataFrame, **columns: str) -> dict[str, Any]:
    """Return a set of row numbers and parameters over it."""
    found = {component: rows[column].astype(float).reset_index(drop=True) for component, column in columns.items()}
    return {name: pd.RangeIndex(len(rows)), **found}


def _members(groups: Any, members: Any) -> pd.DataFrame:
    """Return an indexed set: which numbers belong to which."""
    table = pd.DataFrame({"group": np.asarray(groups, dtype=np.int64), "member": np.asarray(members, dtype=np.int64)})
    return relation(table, ["group"], ["member"])


def _at(places: pd.Index[str], names: Any, members: Any) -> pd.DataFrame:
    """Return an indexed set by place, of those at a place that is there."""
    code = encode(places, names)
    return _members(code[code >= 0], np.asarray(members)[code >= 0])


def _listed(chosen: list[NDArray[np.bool_]]) -> pd.DataFrame:
    """Return an indexed set from masks."""
    groups = [np.full(int(mask.sum()), number) for number, mask in enumerate(chosen)]
    members = [np.flatnonzero(mask) for mask in chosen]
    nothing = [np.zeros(0, dtype=np.int64)]
    return _members(np.concatenate(groups or nothing), np.concatenate(members or nothing))
