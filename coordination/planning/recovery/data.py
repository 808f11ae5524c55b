"""Tables of recovery, in the shape in which the formulation declares them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.planning.recovery.crews import HOME
from coordination.planning.supply_data import relation, series

if TYPE_CHECKING:
    from coordination.planning.columns import Columns
    from coordination.planning.recovery.case import DamagedCase
    from coordination.planning.recovery.crews import Crews

Index = pd.MultiIndex
FINISHED = ["crew", "thing", "period"]


def recovery_data(case: DamagedCase, columns: Columns) -> dict[str, Any]:
    """Return the data of crews and of conditions.

    Parameters
    ----------
    case : DamagedCase
        What is planned.
    columns : Columns
        Shipments in the model.
    """
    finished, sequence = sequence_data(case.crews)
    limits = case.crew_limits
    shared = {
        "CREW_LIMITS": Index.from_frame(limits[["limit", "hour_period"]].drop_duplicates()),
        "CREWS_TAKING": relation(limits, ["limit", "hour_period"], ["crew", "hour_period"]),
    }
    work = work_data(case.crews, finished) | shared
    return sequence | work | _conditions(case, finished) | _lanes(case, columns)


def _finished(crews: Crews) -> pd.DataFrame:
    """Return when each crew may have finished what: ``crew``, ``thing``, ``period``."""
    pairs = crews.repairs
    spread = pairs.merge(pd.DataFrame({"period": np.arange(int(crews.instance.periods))}), how="cross")
    inside = (spread["period"] >= spread["soonest"]) & (spread["period"] <= spread["latest"])
    return spread[inside].reset_index(drop=True)


def _legs(crews: Crews) -> pd.DataFrame:
    """Return the legs between things that the crew may repair."""
    pairs = crews.repairs[["crew", "thing"]]
    legs = crews.legs.merge(pairs, on=["crew", "thing"])
    known = legs.merge(pairs.rename(columns={"thing": "come"}), on=["crew", "come"])
    legs = pd.concat([legs[legs["come"] == HOME], known], ignore_index=True)
    return legs.sort_values(["crew", "come", "thing"], ignore_index=True)


def sequence_data(crews: Crews) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return when each crew may have finished what (``crew``, ``thing``, ``period``), and the data of sequences."""
    finished = _finished(crews)
    legs, pairs, leg = _legs(crews), crews.repairs, ["crew", "come", "thing"]
    home = legs["come"] == HOME
    later = finished[finished["period"] > finished["soonest"]].assign(before=lambda rows: rows["period"] - 1)
    last = finished[finished["period"] == finished["latest"]]
    onwards = legs[~home].assign(at=lambda rows: rows["come"])
    return finished, {
        "DAMAGED": pd.RangeIndex(len(crews.damage)),
        "CREWS": pd.RangeIndex(len(crews.crews)),
        "REPAIRS": Index.from_frame(pairs[["crew", "thing"]]),
        "LEGS": Index.from_frame(legs[leg]),
        "FIRST_LEGS": Index.from_frame(legs.loc[home, leg]),
        "LATER_LEGS": Index.from_frame(legs.loc[~home, leg]),
        "FINISHED": Index.from_frame(finished[FINISHED]),
        "LASTING_REPAIRS": Index.from_frame(later[[*FINISHED, "before"]]),
        "AT_LAST": relation(last, ["crew", "thing"], FINISHED),
        "BY_ANYBODY": relation(last, ["thing"], FINISHED),
        "COMING": relation(legs, ["crew", "thing"], leg),
        "GOING_ON": relation(onwards, ["crew", "at"], leg),
        "SETTING_OUT": relation(legs[home], ["crew"], leg),
        "leg_hours": series(legs, leg, "hours"),
        "least_repair": series(pairs, ["crew", "thing"], "least"),
        "most_crew_hours": pd.Series(crews.hours.sum(axis=1)),
        "crew_cost": crews.crews["cost"].reset_index(drop=True),
    }


def work_data(crews: Crews, finished: pd.DataFrame) -> dict[str, Any]:
    """Return the data of the hours that crews work, whose they are left out."""
    periods = pd.DataFrame({"period": np.arange(int(crews.instance.periods))})
    crew_periods = pd.DataFrame({"crew": np.arange(len(crews.crews))}).merge(periods, how="cross")
    upto = crew_periods.merge(periods.rename(columns={"period": "past"}), how="cross")
    first = crews.damage["first"].to_numpy()
    late = crews.repairs[["crew", "thing"]].assign(first=first[crews.repairs["thing"].to_numpy(dtype=int)])
    late = late[late["first"] > 0]
    before = late.merge(periods, how="cross")
    return {
        "CREW_PERIODS": Index.from_frame(crew_periods),
        "WORKED_BY": relation(upto[upto["past"] <= upto["period"]], ["crew", "period"], ["crew", "past"]),
        "FINISHED_BY": relation(finished, ["crew", "period"], FINISHED),
        "LATE_DAMAGE": Index.from_frame(late[["crew", "thing"]]),
        "WORKED_BEFORE": relation(before[before["period"] < before["first"]], ["crew", "thing"], ["crew", "period"]),
    }


def _conditions(case: DamagedCase, finished: pd.DataFrame) -> dict[str, Any]:
    condition, period = np.nonzero(case.possible)
    rows = pd.DataFrame({"condition": condition, "period": period})
    member = ["condition", "period"]
    hurt = _hurt(case, case.things)
    number = {int(thing): column for column, thing in enumerate(case.things)}
    whole = hurt.merge(rows, on="period")
    whole = whole[case.whole[whole["condition"], whole["thing"].map(number).to_numpy(dtype=int)]]
    storage, limited = case.world.storage, case.reach.limited
    stores = _hurt(case, np.flatnonzero(case.crews.damage["place"].to_numpy() >= 0))
    stores["place"] = case.crews.damage["place"].to_numpy()[stores["thing"].to_numpy(dtype=int)]
    stores["storage"] = storage[stores["place"], stores["period"]]
    stores = stores[np.isfinite(stores["storage"]) & limited[stores["place"]]]
    stores["left"] = stores["storage"] * case.crews.damage["left"].to_numpy()[stores["thing"].to_numpy(dtype=int)]
    stores["back"] = stores["storage"] - stores["left"]
    earlier = finished.assign(now=finished["period"] + 1)
    repaired = hurt.merge(
        earlier.rename(columns={"period": "before"}), left_on=["thing", "period"], right_on=["thing", "now"]
    )
    back = stores.merge(
        earlier.rename(columns={"period": "before"}), left_on=["thing", "period"], right_on=["thing", "now"]
    )
    return {
        "CONDITIONS": Index.from_frame(rows),
        "CONDITIONED": pd.RangeIndex(case.periods),
        "CONDITIONS_IN": relation(rows, ["period"], member),
        "STILL_DAMAGED": Index.from_frame(hurt),
        "WHOLE_IN": relation(whole, ["thing", "period"], member),
        "REPAIRED_BEFORE": relation(repaired, ["thing", "period"], ["crew", "thing", "before"]),
        "DAMAGED_STORES": Index.from_frame(stores[["place", "period"]]),
        "STORE_REPAIRED": relation(back, ["place", "period"], ["crew", "thing", "before"]),
        "storage_left": series(stores, ["place", "period"], "left"),
        "storage_regained": series(stores, ["place", "period"], "back"),
    }


def _hurt(case: DamagedCase, things: np.ndarray) -> pd.DataFrame:
    """Return when things are damaged unless repaired: ``thing``, ``period``."""
    damage, periods = case.crews.damage.iloc[things], np.arange(case.periods)
    hurt = (periods >= damage["first"].to_numpy()[:, None]) & (periods <= damage["last"].to_numpy()[:, None])
    row, period = np.nonzero(hurt)
    return pd.DataFrame({"thing": np.asarray(things)[row], "period": period})


def _lanes(case: DamagedCase, columns: Columns) -> dict[str, Any]:
    """Return which shipments run in which conditions alone, and what roads carry in each."""
    condition, period = np.nonzero(case.possible)
    rows = pd.DataFrame({"condition": condition, "period": period, "real": case.state_of[condition, period]})
    groups = pd.DataFrame(
        [(group, state) for group, states in enumerate(case.members) for state in states], columns=["state", "real"]
    )
    runs = groups.merge(rows, on="real")
    there = runs.groupby(["state", "period"]).size().rename("there").reset_index()
    every = case.possible.sum(axis=0)
    bound = there[there["there"] < every[there["period"]]][["state", "period"]]
    ships, lanes = columns.ships(), columns.lanes
    lane = ships["lane"].to_numpy()
    ships = ships.assign(
        state=lanes["state"].to_numpy()[lane], fleet=lanes["fleet"].to_numpy()[lane],
        hours=lanes["hours"].to_numpy()[lane],
    ).merge(bound, on=["state", "period"])  # fmt: skip
    index, ship = ["state", "fleet", "period"], ["lane", "batch", "period"]
    timed, timeless = ships[ships["hours"] > 0], ships[ships["hours"] == 0]
    trips = timed[index].drop_duplicates().sort_values(index, ignore_index=True)
    loads = timeless[["state", "period"]].drop_duplicates().sort_values(["state", "period"], ignore_index=True)
    trips["available"] = case.fleet_hours[trips["fleet"], trips["period"]]
    tonnes = float((case.supply["quantity"] * case.batch_tonnes[case.supply["batch"].to_numpy(dtype=int)]).sum())
    return {
        "CONDITIONAL_TRIPS": Index.from_frame(trips[index]),
        "TRIPS_ON": relation(timed, index, ship),
        "TRIPS_IN": relation(trips.merge(runs, on=["state", "period"]), index, ["condition", "period"]),
        "trip_hours": series(trips, index, "available"),
        "CONDITIONAL_LOADS": Index.from_frame(loads),
        "LOADS_ON": relation(timeless, ["state", "period"], ship),
        "LOADS_IN": relation(loads.merge(runs, on=["state", "period"]), ["state", "period"], ["condition", "period"]),
        "most_tonnes": tonnes * len(case.coding.places),
    } | _capacities(case, rows)


def _capacities(case: DamagedCase, rows: pd.DataFrame) -> dict[str, Any]:
    """Return the capacity of roads in each condition, where it is not the same in all."""
    by_state = np.column_stack(
        [case.network.arcs(state)["capacity_tonnes"].to_numpy(float) for state in range(len(case.network.states))]
    )
    limited = case.instance.roads["capacity_tonnes"].notna().to_numpy()
    arcs = np.flatnonzero(limited[case.network.directions.road])
    table = pd.DataFrame({"arc": arcs}).merge(rows, how="cross")
    table["capacity"] = by_state[table["arc"].to_numpy(dtype=int), table["real"].to_numpy(dtype=int)]
    spread = table.groupby(["arc", "period"])["capacity"].agg(["min", "max"]).reset_index()
    varied = spread[spread["min"] < spread["max"]]
    table = table.merge(varied[["arc", "period"]], on=["arc", "period"])
    entry = ["arc", "condition", "period"]
    return {
        "CONDITIONAL_ROADS": Index.from_frame(varied[["arc", "period"]]),
        "ROAD_CONDITIONS": Index.from_frame(table[entry]),
        "CAPACITY_IN": relation(table, ["arc", "period"], entry),
        "condition_capacity": series(table, entry, "capacity"),
    }
