"""Orders: for every party with something to do, what that is, by period.

One table of orders over all parties is made in bulk and then cut by party. The verbs:

=============== ======================= =====================================================
verb            whose                   what
=============== ======================= =====================================================
hand over       owner of the origin     goods to have ready for another party's fleet
load            party of the fleet      goods to load at one place in a period, all trips
bring           party of the fleet      one shipment, with its route and clock times
receive         owner of the destination one shipment that another party's fleet brings
do              doer of a task          hours of the task to set down for it in a period
stand by        backup of a task        the hours that may be asked for, over the window
accountable     accountable party       the task to answer for, over the window
advise          consulted party         the task to be heard on, over the window
be informed     informed party          the task to be told of, over the window
=============== ======================= =====================================================

Hours to set down are those to cover, and more where the policy counts on reliability: so many that those are expected.
Hand over and receive go to owners that the table of places names. Quantities are rounded to three decimals
here; ``shipments.csv`` and ``responsibilities.csv`` have them exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.calendar import Calendar
from coordination.instance.titles import labels, titles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.plans.plan import Plan

VERBS = ("hand over", "load", "bring", "receive", "do", "stand by", "accountable", "advise", "be informed")

COLUMNS = (
    "period", "until", "time", "order", "id", "name", "quantity", "unit", "expires", "trips",
    "fleet", "from", "to", "arrive", "arrives", "route", "hours", "zone", "skill",
)  # fmt: skip
"""Columns of an orders file. `period` to `until` is when (periods), `time` the clock time at which `period`
begins; `id` and `name` are the commodity's or the task's; `arrives` is the clock time at which `arrive` begins."""


def orders(plan: Plan) -> pd.DataFrame:
    """Return the orders of all parties.

    Parameters
    ----------
    plan : Plan
        A plan with shipments and responsibilities, possibly without rows.

    Returns
    -------
    DataFrame
        Column ``party``, then `COLUMNS`; sorted by party, period, verb, fleet, from, to, id. Quantities in the
        commodity's unit, hours per period; blank is NaN.
    """
    parts = [*_goods(plan), *_work(plan)]
    table = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    table = table.reindex(columns=["party", *COLUMNS])
    verb = table["order"].map({verb: rank for rank, verb in enumerate(VERBS)})
    keys = [_ranks(table[name]) for name in ("id", "to", "from", "fleet")]
    order = np.lexsort([*keys, verb.to_numpy(), table["period"].to_numpy(), _ranks(table["party"])])
    table = table.iloc[order]
    return table.reset_index(drop=True)


def _ranks(column: pd.Series[Any]) -> NDArray[np.intp]:
    """Return the rank of each text, blank first."""
    return np.asarray(column.factorize(sort=True)[0])


def clock(instance: Instance, periods: pd.Series[int]) -> pd.Series[str]:
    """Return the clock times at which `periods` begin, as ``2022-01-01 08:00``."""
    calendar = Calendar.of(instance)
    return periods.map({period: calendar.clock(period) for period in set(periods.tolist())}).astype("str")


def _goods(plan: Plan) -> list[pd.DataFrame]:
    """Return the orders about shipments: hand over, load, bring, receive."""
    instance, moved = plan.instance, plan.shipments
    goods = instance.commodities.set_index("commodity")
    fleets = instance.fleets.set_index("fleet")
    owner = instance.places.set_index("place")["owner"]
    tonnes = moved["quantity"] * moved["commodity"].map(goods["kg"]) / 1000
    facts = pd.DataFrame(
        {
            "party": moved["fleet"].map(fleets["party"]),
            "period": moved["depart"],
            "id": moved["commodity"],
            "quantity": moved["quantity"],
            "expires": moved["expires"],
            "trips": tonnes / moved["fleet"].map(fleets["payload_tonnes"]),
            "fleet": moved["fleet"],
            "from": moved["origin"],
            "to": moved["destination"],
            "arrive": moved["arrive"],
            "route": moved["route"],
        }
    )
    lot = ["party", "period", "id", "expires", "fleet", "from"]
    load = facts.groupby(lot, dropna=False, sort=False)[["quantity", "trips"]].sum().reset_index()
    ready = load.assign(party=load["from"].map(owner), carrier=load["party"])
    brought = facts.assign(party=facts["to"].map(owner), carrier=facts["party"], period=facts["arrive"])
    brought = brought[brought["arrive"] < instance.periods].drop(columns="route")
    bring = facts.assign(
        arrives=clock(instance, facts["arrive"]), route=_in_words(instance, facts["from"], facts["route"])
    )
    parts = {"hand over": _others(ready), "load": load, "bring": bring, "receive": _others(brought)}
    return [_named(instance, part.assign(order=verb)) for verb, part in parts.items()]


def _others(part: pd.DataFrame) -> pd.DataFrame:
    """Keep the orders whose party is named and is not the carrier itself."""
    return part[part["party"].notna() & (part["party"] != part["carrier"])].drop(columns="carrier")


def _named(instance: Instance, part: pd.DataFrame) -> pd.DataFrame:
    """Add what people read to orders about goods: names, units, clock times, rounded numbers."""
    goods = instance.commodities.set_index("commodity")
    places = labels(instance.places, "place")
    return part.assign(
        until=part["period"],
        time=clock(instance, part["period"]),
        name=part["id"].map(titles(instance.commodities, "commodity")),
        unit=part["id"].map(goods["unit"]),
        quantity=_rounded(part["quantity"]),
        trips=_rounded(part["trips"]),
        **{side: part[side].map(places) for side in ("from", "to") if side in part.columns},
    )


def _rounded(values: pd.Series[float]) -> pd.Series[float]:
    """Round to three decimals, but nothing away."""
    rounded = values.round(3)
    return rounded.where(rounded != 0, values)


def _in_words(instance: Instance, origin: pd.Series[str], route: pd.Series[str]) -> pd.Series[str]:
    """Return each route as the places that it runs through."""
    roads = instance.roads.set_index("road")
    ends = dict(zip(roads.index, zip(roads["from"], roads["to"], strict=True), strict=True))
    places = titles(instance.places, "place")
    keys = pd.MultiIndex.from_arrays([origin, route.fillna("")])
    codes, distinct = keys.factorize()

    def words(start: str, roads_driven: str) -> str:
        stops, here = [places[start]], start
        for road in filter(None, roads_driven.split(";")):
            one, other = ends[road]
            here = other if here == one else one
            stops.append(places[here])
        return " → ".join(stops)

    texts = np.array([words(*key) for key in distinct], dtype=object)
    return pd.Series(texts[codes] if len(texts) else [], index=route.index, dtype="str")


def _work(plan: Plan) -> list[pd.DataFrame]:
    """Return the orders about tasks: do (period by period), the others over the window."""
    instance, roles = plan.instance, plan.responsibilities
    tasks = instance.tasks.set_index("task")
    facts = pd.DataFrame(
        {
            "party": roles["party"],
            "role": roles["role"],
            "period": roles["start"],
            "until": roles["end"],
            "id": roles["task"],
            "name": roles["task"].map(titles(instance.tasks, "task")),
            "hours": roles["hours"],
            "zone": roles["task"].map(tasks["zone"]).map(labels(instance.zones, "zone")),
            "skill": roles["task"].map(tasks["skill"]),
        }
    )
    done = facts[(facts["role"] == "responsible") & (facts["hours"] > 0)]
    length = done["until"] - done["period"] + 1
    each = done.loc[done.index.repeat(length)]
    period = each["period"] + each.groupby(level=0).cumcount()
    backup = facts[facts["role"] == "backup"]
    asked = backup["id"].map(tasks["hours"])
    parts = {
        "do": each.assign(
            period=period, until=period, hours=_rounded(each["hours"] / each["party"].map(instance.delivers))
        ),
        "stand by": backup.assign(hours=asked),
        "accountable": facts[facts["role"] == "accountable"],
        "advise": facts[facts["role"] == "consulted"],
        "be informed": facts[facts["role"] == "informed"],
    }
    return [
        part.drop(columns="role").assign(order=verb, time=clock(instance, part["period"]))
        for verb, part in parts.items()
    ]
