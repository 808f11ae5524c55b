"""Whose the capacity of roads is that nobody owns: nobody's, or as `policy.rights` assigns it.

population
    Each party's share is that of the people it speaks for (`coordination.instance.whose`).
use
    In proportion to the tonnes that its fleets carry over the road, that way, in that period of the plan; where nobody
    does, as by law.
law
    The agency's of the smallest jurisdiction that contains both ends, else the core's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.coding import encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance.whose import Whose
    from coordination.planning.case import Case
    from coordination.plans import Plan

RIGHTS = ("population", "use", "law")


def road_shares(
    case: Case, whose: Whose, plan: Plan, arcs: NDArray[np.int64], periods: NDArray[np.int64]
) -> pd.DataFrame:
    """Return who has which share of the capacity of a direction of a road in a period.

    Parameters
    ----------
    arcs, periods : ndarray of int
        The limits, row by row.

    Returns
    -------
    DataFrame
        ``row`` (into `arcs`), ``party`` (code; −1 where it is nobody's) and ``share``; those of a row sum to 1.
    """
    road = case.network.directions.road[arcs]
    owner = encode(case.coding.parties, pd.Series(whose.roads, dtype=object).fillna("").astype(str))[road]
    rows = pd.DataFrame({"row": np.arange(len(arcs)), "party": owner, "share": 1.0})
    rights = case.instance.policy.rights
    free = rows["party"] < 0
    if rights is None or not free.any():
        return rows
    named = rows[free].assign(road=road[free.to_numpy()], arc=arcs[free.to_numpy()], period=periods[free.to_numpy()])
    shared = {"population": _by_population, "use": _by_use, "law": _by_law}[rights](case, whose, plan, named)
    return pd.concat([rows[~free], shared[["row", "party", "share"]]], ignore_index=True)


def _by_population(case: Case, whose: Whose, plan: Plan, rows: pd.DataFrame) -> pd.DataFrame:
    people = case.instance.places["population"].groupby(whose.residents).sum()
    people = people[people > 0]
    if people.empty:
        return _by_law(case, whose, plan, rows)
    party = encode(case.coding.parties, people.index.astype(str).tolist())
    shares = pd.DataFrame({"party": party, "share": people.to_numpy(dtype=float) / float(people.sum())})
    return rows[["row"]].merge(shares, how="cross")


def _by_use(case: Case, whose: Whose, plan: Plan, rows: pd.DataFrame) -> pd.DataFrame:
    carried = _carried(case, plan)
    total = carried.groupby(["arc", "period"])["tonnes"].transform("sum")
    carried = carried.assign(share=carried["tonnes"] / total)
    used = rows[["row", "arc", "period"]].merge(carried, on=["arc", "period"])
    left = rows[~rows["row"].isin(used["row"])]
    return pd.concat([used[["row", "party", "share"]], _by_law(case, whose, plan, left)[["row", "party", "share"]]])


def _carried(case: Case, plan: Plan) -> pd.DataFrame:
    """Return tonnes by direction of a road, period and party of the fleet, as planned."""
    ships, kg = plan.shipments, case.instance.commodities.set_index("commodity")["kg"]
    party = case.instance.fleets.set_index("fleet")["party"]
    arc_of = {name: arc for arc, name in enumerate(case.arc_names)}
    ends = case.instance.roads.set_index("road")[["from", "to"]]
    found = []
    for origin, route, period, tonnes, fleet in zip(
        ships["origin"], ships["route"].fillna(""), ships["depart"],
        ships["quantity"] * ships["commodity"].map(kg) / 1000.0, ships["fleet"], strict=True,
    ):  # fmt: skip
        here = origin
        for road in filter(None, str(route).split(";")):
            found.append((arc_of[f"{road};{here}"], int(period), str(party[fleet]), float(tonnes)))
            start, end = ends.loc[road, "from"], ends.loc[road, "to"]
            here = end if start == here else start
    table = pd.DataFrame(found, columns=["arc", "period", "party", "tonnes"])
    table["party"] = encode(case.coding.parties, table["party"].astype(str))
    return table.groupby(["arc", "period", "party"], as_index=False)[["tonnes"]].sum()


def _by_law(case: Case, whose: Whose, plan: Plan, rows: pd.DataFrame) -> pd.DataFrame:
    zone, roads = case.instance.places.set_index("place")["zone"], case.instance.roads
    law = {
        road: whose.authority([str(zone[roads["from"].iloc[road]]), str(zone[roads["to"].iloc[road]])])
        for road in rows["road"].unique()
    }
    party = encode(case.coding.parties, rows["road"].map(law).astype(str))
    return rows.assign(party=party, share=1.0)
