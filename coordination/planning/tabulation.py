"""The plan's tables from decided flows and roles, in ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance.vocabulary import MODES
from coordination.planning.batches import NEVER
from coordination.planning.coding import encode
from coordination.planning.continuity import changing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from coordination.planning.assignment import Assignment
    from coordination.planning.case import Case
    from coordination.planning.flows import Flows


def expiry_text(expires: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return expiry periods as plans write them: blank (NaN) for what never expires."""
    return np.where(expires >= NEVER, np.nan, expires.astype(float))


def shipments_table(case: Case, lanes: pd.DataFrame, ships: pd.DataFrame, routes: Mapping[int, str]) -> pd.DataFrame:
    """Return ``shipments``.

    Parameters
    ----------
    ships : DataFrame
        With ``label``, ``lane``, ``period``, ``arrive``, ``quantity``.
    routes : mapping of int to str
        Road ids of each lane's loaded leg, ;-separated.
    """
    labels, coding = case.batches.labels, case.coding
    lane, label = ships["lane"].to_numpy(), ships["label"].to_numpy()
    table = pd.DataFrame(
        {
            "fleet": coding.fleets.to_numpy()[lanes["fleet"].to_numpy()[lane]],
            "origin": coding.places.to_numpy()[lanes["origin"].to_numpy()[lane]],
            "destination": coding.places.to_numpy()[lanes["destination"].to_numpy()[lane]],
            "commodity": coding.commodities.to_numpy()[labels["commodity"].to_numpy()[label]],
            "expires": expiry_text(labels["expires"].to_numpy()[label]),
            "depart": ships["period"].to_numpy(dtype=np.int64),
            "arrive": ships["arrive"].to_numpy(dtype=np.int64),
            "quantity": ships["quantity"].to_numpy(dtype=float),
            "route": [routes[number] for number in lane],
        }
    )
    keys = [column for column in table.columns if column != "quantity"]
    return table.groupby(keys, as_index=False, dropna=False)[["quantity"]].sum()[list(table.columns)]


def inventory_table(case: Case, level: NDArray[np.float64]) -> pd.DataFrame:
    """Return ``inventory`` from levels by place, label and period (what expires still included)."""
    place, label, period = np.nonzero(level > 0)
    labels, quantity = case.batches.labels, level[place, label, period]
    expires = labels["expires"].to_numpy()[label]
    gone = expires == period
    return pd.DataFrame(
        {
            "place": case.coding.places.to_numpy()[place],
            "commodity": case.coding.commodities.to_numpy()[labels["commodity"].to_numpy()[label]],
            "expires": expiry_text(expires),
            "period": period,
            "quantity": np.where(gone, 0.0, quantity),
            "expired": np.where(gone, quantity, 0.0),
        }
    )


def service_table(case: Case, flows: Flows) -> pd.DataFrame:
    """Return ``service``."""
    need = case.waiting.need
    row, period = np.nonzero((need > 0) | (flows.served > 0) | (flows.backlog > 0))
    keys = case.waiting.keys.iloc[row]
    return pd.DataFrame(
        {
            "place": case.coding.places.to_numpy()[keys["place"]],
            "commodity": case.coding.commodities.to_numpy()[keys["commodity"]],
            "group": case.coding.groups.to_numpy()[keys["group"]],
            "period": period,
            "need": need[row, period],
            "served": flows.served[row, period],
            "backlog": flows.backlog[row, period],
        }
    )


def responsibilities_table(case: Case, assignment: Assignment) -> pd.DataFrame:
    """Return ``responsibilities``: one row per role over the window, a doer's split where its hours change."""
    roles = assignment.roles
    window = roles.tasks[["task", "start", "end"]]
    fixed = [
        roles.accountable.loc[assignment.accountable, ["task", "party"]].assign(role="accountable"),
        roles.backups.loc[assignment.backup, ["task", "party"]].assign(role="backup"),
        assignment.consulted.assign(role="consulted"),
        assignment.informed.assign(role="informed"),
    ]
    blank = pd.concat([part for part in fixed if len(part)] or fixed).merge(window, on="task").assign(hours=np.nan)
    rows = pd.concat([blank, _constant_stretches(assignment)], ignore_index=True)
    return pd.DataFrame(
        {
            "task": case.coding.tasks.to_numpy()[rows["task"].to_numpy(dtype=int)],
            "party": case.coding.parties.to_numpy()[rows["party"].to_numpy(dtype=int)],
            "role": rows["role"].astype("str"),
            "start": rows["start"].to_numpy(dtype=np.int64),
            "end": rows["end"].to_numpy(dtype=np.int64),
            "hours": rows["hours"].to_numpy(dtype=float),
        }
    )


def _constant_stretches(assignment: Assignment) -> pd.DataFrame:
    """Return doers' coverage joined over periods of equal hours.

    Periods in which a doer covers nothing have no row, unless it covers nothing at all: then its whole window has one.
    Where doers come and go every period in which a party is a doer stands in a row: rows without a break are a stint.
    """
    roles = assignment.roles
    cover = roles.cover[["task", "party", "pair", "period"]].assign(hours=assignment.cover)
    cover = cover[assignment.acting].sort_values(["pair", "period"], ignore_index=True)
    cover = cover[(cover["hours"] > 0) | changing(roles)[cover["pair"].to_numpy()]]
    changed = (cover[["pair", "period"]].diff() != [0, 1]).any(axis=1) | (cover["hours"].diff().abs() > 0)
    stretches = cover.groupby(changed.cumsum())
    first = stretches.first()
    working = pd.DataFrame(
        {
            "task": first["task"],
            "party": first["party"],
            "role": "responsible",
            "start": first["period"],
            "end": stretches["period"].last(),
            "hours": first["hours"],
        }
    )
    idle = assignment.doer.copy()
    idle[cover["pair"].to_numpy()] = False
    whole = roles.doers.loc[idle, ["task", "party"]].merge(roles.tasks[["task", "start", "end"]], on="task")
    parts = [working, whole.assign(role="responsible", hours=0.0)[list(working.columns)]]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def gaps_table(case: Case, assignment: Assignment) -> pd.DataFrame:
    """Return ``gaps``: hours by period, backups, kinds and coverage by task."""
    hours = assignment.gap[assignment.gap["gap"] > 0]
    parts = [
        pd.DataFrame(
            {
                "task": hours["task"],
                "kind": "hours",
                "period": hours["period"].astype(float),
                "amount": hours["gap"],
                "what": hours["skill"],
            }
        ),
        assignment.backups_missing.rename(columns={"missing": "amount", "skill": "what"}).assign(
            kind="backup", period=np.nan
        ),
        assignment.kinds_missing.rename(columns={"kind": "what"}).assign(kind="kind", period=np.nan, amount=1.0),
        assignment.coverage_missing.rename(columns={"missing": "amount", "skill": "what"}).assign(
            kind="coverage", period=np.nan
        ),
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows["task"] = case.coding.tasks.to_numpy()[rows["task"].to_numpy(dtype=int)]
    rows["what"] = rows["what"].astype("str")
    return rows[["task", "kind", "period", "amount", "what"]]


def escalations_table(case: Case, assignment: Assignment) -> pd.DataFrame:
    """Return ``escalations``."""
    rows, parties = assignment.escalations, case.coding.parties.to_numpy()
    return pd.DataFrame(
        {
            "task": case.coding.tasks.to_numpy()[rows["task"].to_numpy(dtype=int)],
            "from": parties[rows["from"].to_numpy(dtype=int)],
            "to": parties[rows["to"].to_numpy(dtype=int)],
            "period": rows["period"].to_numpy(dtype=np.int64),
            "hours": rows["hours"].to_numpy(dtype=float),
        }
    )


def modes_table(case: Case) -> pd.DataFrame:
    """Return ``modes``: the operating mode of each zone and period."""
    zones, periods = case.coding.zones.to_numpy(), np.arange(case.periods)
    return pd.DataFrame(
        {
            "zone": np.repeat(zones, len(periods)),
            "period": np.tile(periods, len(zones)),
            "mode": np.array(MODES)[case.world.modes.ravel()],
        }
    )


def zone_of_places(case: Case) -> NDArray[np.int64]:
    """Return the zone of each place."""
    return encode(case.coding.zones, case.instance.places["zone"])
