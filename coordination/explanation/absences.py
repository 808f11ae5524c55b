"""What breaks if a party does not show up, for every party: the plan held as it is, not planned again.

Assumed is this, and no more; in particular not that parties fail each by itself, as ``policy.coverage`` does:

* One party is missing, all of it, over the whole horizon. Everybody else does what the plan says.
* Of the hours it covers in a task, the backups of that task take up what they keep free: each
  ``policy.backup_reserve`` of the task's hours in every period. What that leaves is not covered, and costs
  ``tasks.gap_cost``. Doers do no more than planned, and nobody else steps in.
* What its fleets carry is not sent. What it owns is counted as goods that may not be released; what the plan does with
  them is not traced, nor what tasks that wait for others or goods further on lose in turn.
* Nothing is handed out beyond the hours still covered: of the tonnes served in a zone that has supply tasks, and in the
  zones above it that have such, the fewest are cut that bring all within them.

So each row is what happens if nobody reacts but the backups. What is best then is another question: it is an instance
without the party, planned anew (``explain`` of a party does that), and costs no more than what is told here where the
party has neither goods nor fleets nor answers for a task.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.errors import UsageError
from coordination.explanation import strings
from coordination.explanation.loads import Loads
from coordination.plans import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from numpy.typing import NDArray

    from coordination.planning.responsibility_data import Roles

    Floats = NDArray[np.float64]

LEAST = 1e-9
"""Hours and tonnes up to which nothing is lost: rounding."""
COLUMNS: Mapping[str, tuple[str, bool]] = {
    "tasks_unanswered": ("accountable", False),
    "hours_lost": ("hours lost", True),
    "hours_taken_up": ("hours taken up", True),
    "hours_uncovered": ("hours uncovered", True),
    "gap_cost": ("gap cost", True),
    "tasks_without_doer": ("no doer", False),
    "backups_lost": ("backup", False),
    "backups_left": ("backup left", True),
    "tasks_left_alone": ("nobody", False),
    "kinds_missing": ("kind", False),
    "fleets_gone": ("fleet", False),
    "tonnes_not_sent": ("tonnes not sent", True),
    "stock_tonnes": ("stock", True),
    "tonnes_not_handed_out": ("tonnes not handed out", True),
}
"""Columns of the table: what each adds up, or (False) how many things it counts."""
PAIR = ["task", "party"]


def drop_parties(plan: Plan | str | Path, *, detailed: bool = False) -> pd.DataFrame:
    """Say for every party what breaks if it does not show up.

    Parameters
    ----------
    plan : Plan, str or Path
        A plan, or the folder of one.
    detailed : bool
        Whether to tell each broken thing apart instead of adding up.

    Returns
    -------
    DataFrame
        One row a party, in the instance's order, with ``party`` and

        * ``tasks_unanswered``: tasks that it is accountable for;
        * ``hours_lost``: hours of tasks that it covers; ``hours_taken_up`` of them by backups; ``hours_uncovered``: the
          rest, and its ``gap_cost`` (money);
        * ``tasks_without_doer``: tasks that it alone does; ``tasks_left_alone``: of these, those without a backup;
        * ``backups_lost``: tasks that it stands by for; ``backups_left``: backups of its tasks that go on standing by,
          as they need not step in;
        * ``kinds_missing``: kinds that must take part in a task, and do not without it;
        * ``fleets_gone``; ``tonnes_not_sent``: what they carry in the plan; ``stock_tonnes``: goods that it owns,
          stocks and arrivals as given; ``tonnes_not_handed_out``: served in the plan, but not without its hours.

        Detailed: ``party``, ``what`` (as `COLUMNS` calls it), ``id`` (of a task, task;kind, fleet, place or zone),
        ``amount``.

    Raises
    ------
    UsageError
        The plan is infeasible.
    PlanError
        The folder is no plan folder, or damaged.
    """
    read = plan if isinstance(plan, Plan) else Plan.load(plan)
    if not read.feasible:
        raise UsageError(strings.NOTHING_TO_DROP.format(status=read.status))
    loads = Loads.of(read)
    acting = _acting(loads)
    hours = _hours(loads, acting)
    parts = [
        _answered(loads, read),
        *_by_task(loads.roles, hours),
        *_roles_lost(acting, hours),
        _kinds(loads.roles, acting),
        *_fleets(loads.roles, read),
        _stock(loads.roles, read),
        _handout(loads.roles, hours, read),
    ]
    broken = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return _named(loads.roles, broken) if detailed else _added_up(loads.roles, broken)


def _rows(what: str, party: Any, ids: Any, amount: Any) -> pd.DataFrame:
    """Return broken things of one sort, by codes of party and of whatever `what` is about."""
    return pd.DataFrame({"party": np.asarray(party, dtype=int), "what": what, "id": np.asarray(ids), "amount": amount})


def _acting(loads: Loads) -> pd.DataFrame:
    """Return doers and backups: ``task``, ``party``, ``role``, ``kind``, ``backups`` (of the task)."""
    pairs = loads.work.drop_duplicates(["task", "party", "role"])[["task", "party", "role"]]
    number = pairs[pairs["role"] == "backup"].groupby("task").size()
    kind = loads.roles.parties["kind"].to_numpy(dtype=object)[pairs["party"].to_numpy(dtype=int)]
    backups = pairs["task"].map(number).fillna(0).astype(int)
    return pairs.assign(kind=kind, backups=backups).reset_index(drop=True)


def _hours(loads: Loads, acting: pd.DataFrame) -> pd.DataFrame:
    """Return hours covered by task, party and period: ``lost``, ``taken_up`` and ``uncovered`` without the party."""
    work = loads.work[loads.work["role"] == "responsible"]
    hours = work.groupby([*PAIR, "period"], as_index=False)[["covered"]].sum().rename(columns={"covered": "lost"})
    tasks, share = loads.roles.tasks, loads.roles.case.instance.policy.backup_reserve
    number = acting.drop_duplicates("task").set_index("task")["backups"]
    kept = share * tasks["hours"].to_numpy()[hours["task"].to_numpy(dtype=int)] * hours["task"].map(number).to_numpy()
    taken_up = np.minimum(hours["lost"].to_numpy(), kept)
    return hours.assign(taken_up=taken_up, uncovered=hours["lost"] - taken_up)


def _answered(loads: Loads, plan: Plan) -> pd.DataFrame:
    held = plan.responsibilities[plan.responsibilities["role"] == "accountable"]
    coding = loads.roles.case.coding
    party = coding.parties.get_indexer(pd.Index(held["party"]))
    return _rows("accountable", party, coding.tasks.get_indexer(pd.Index(held["task"])), 1.0)


def _by_task(roles: Roles, hours: pd.DataFrame) -> list[pd.DataFrame]:
    """Return hours over the window, by task and party."""
    sums = hours.groupby(PAIR, as_index=False)[["lost", "taken_up", "uncovered"]].sum()
    price = roles.tasks["gap_cost"].to_numpy()[sums["task"].to_numpy(dtype=int)]
    values = {
        "hours lost": sums["lost"],
        "hours taken up": sums["taken_up"],
        "hours uncovered": sums["uncovered"],
        "gap cost": sums["uncovered"] * price,
    }
    rows = [_rows(what, sums["party"], sums["task"], value.to_numpy()) for what, value in values.items()]
    return [part[part["amount"] > LEAST] for part in rows]


def _roles_lost(acting: pd.DataFrame, hours: pd.DataFrame) -> list[pd.DataFrame]:
    """Return tasks that lose their only doer, all who act in them, or a backup; and backups that go on standing by."""
    doing = acting[acting["role"] == "responsible"]
    only = doing[doing.groupby("task")["party"].transform("size") == 1]
    alone, standing = only[only["backups"] == 0], acting[acting["role"] == "backup"]
    # Backups of a task step in if it loses hours; with another backup gone, the others go on standing by.
    called = hours[hours["lost"] > LEAST][PAIR].drop_duplicates()
    resting = doing[~pd.MultiIndex.from_frame(doing[PAIR]).isin(pd.MultiIndex.from_frame(called))]
    left = pd.concat([resting, standing.assign(backups=standing["backups"] - 1)], ignore_index=True)
    left = left[left["backups"] > 0]
    return [
        _rows("no doer", only["party"], only["task"], 1.0),
        _rows("nobody", alone["party"], alone["task"], 1.0),
        _rows("backup", standing["party"], standing["task"], 1.0),
        _rows("backup left", left["party"], left["task"], left["backups"].to_numpy(dtype=float)),
    ]


def _kinds(roles: Roles, acting: pd.DataFrame) -> pd.DataFrame:
    """Return kinds that must take part in a task and that only one party there is of."""
    there = acting.merge(roles.kinds, on=["task", "kind"])
    only = there[there.groupby(["task", "kind"])["party"].transform("size") == 1]
    return _rows("kind", only["party"], only["task"], 1.0).assign(kind=only["kind"].to_numpy(dtype=object))


def _fleets(roles: Roles, plan: Plan) -> list[pd.DataFrame]:
    """Return fleets with vehicles, and the tonnes that they carry in the plan."""
    fleets, coding = plan.instance.fleets, roles.case.coding
    party = coding.parties.get_indexer(pd.Index(fleets["party"]))
    vehicles, number = fleets["vehicles"].to_numpy(dtype=float), np.arange(len(fleets))
    fleet = coding.fleets.get_indexer(pd.Index(plan.shipments["fleet"]))
    carried = np.bincount(fleet, _tonnes(plan, plan.shipments), len(fleets))
    gone, used = vehicles > 0.0, carried > LEAST
    return [
        _rows("fleet", party[gone], number[gone], vehicles[gone]),
        _rows("tonnes not sent", party[used], number[used], carried[used]),
    ]


def _stock(roles: Roles, plan: Plan) -> pd.DataFrame:
    """Return goods of each owner by place."""
    columns = ["place", "commodity", "quantity", "owner"]
    goods = pd.concat([plan.instance.stocks[columns], plan.instance.arrivals[columns]], ignore_index=True)
    coding = roles.case.coding
    owned = pd.DataFrame(
        {
            "party": coding.parties.get_indexer(pd.Index(goods["owner"])),
            "place": coding.places.get_indexer(pd.Index(goods["place"])),
            "tonnes": _tonnes(plan, goods),
        }
    )
    owned = owned.groupby(["party", "place"], as_index=False)[["tonnes"]].sum()
    owned = owned[owned["tonnes"] > LEAST]
    return _rows("stock", owned["party"], owned["place"], owned["tonnes"].to_numpy())


def _tonnes(plan: Plan, goods: pd.DataFrame) -> Floats:
    weight = plan.instance.commodities.set_index("commodity")["kg"] / 1000.0
    return np.asarray(goods["quantity"].to_numpy(dtype=float) * goods["commodity"].map(weight).to_numpy(dtype=float))


def _handout(roles: Roles, hours: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return the tonnes that each zone cannot hand out without a party, periods added up.

    Zones lie within each other, so the fewest tonnes are cut from the innermost out: what is cut within a zone is cut
    in it, too.
    """
    ancestry, rate = roles.case.coding.ancestry, roles.case.instance.policy.handout_tonnes_per_hour
    tasks = roles.tasks.loc[roles.tasks["domain"] == "supply", ["task", "zone"]]
    less = hours.merge(tasks, on="task").groupby(["party", "zone", "period"], as_index=False)[["uncovered"]].sum()
    less = less[less["uncovered"] > LEAST].reset_index(drop=True)
    spare = _spare_handout(roles, hours, plan)
    zone, period = less["zone"].to_numpy(dtype=int), less["period"].to_numpy(dtype=int)
    over = rate * less["uncovered"].to_numpy() - spare[zone, period]
    depth = ancestry.groupby("zone").size().reindex(range(len(spare))).to_numpy()[zone]
    cut = np.zeros(len(less))
    inside = less.reset_index(names="row").merge(ancestry[ancestry["steps"] > 0], on="zone")
    key = ["party", "zone", "period"]
    outer = pd.MultiIndex.from_frame(less[key]).get_indexer(
        pd.MultiIndex.from_arrays([inside["party"], inside["above"], inside["period"]])
    )
    row, outer = inside["row"].to_numpy(dtype=int)[outer >= 0], outer[outer >= 0]
    for level in sorted(set(depth.tolist()), reverse=True):
        below = np.bincount(outer, cut[row], len(less)) if len(outer) else np.zeros(len(less))
        cut = np.where(depth == level, np.maximum(over - below, 0.0), cut)
    sums = less.assign(cut=cut).groupby(["party", "zone"], as_index=False)[["cut"]].sum()
    sums = sums[sums["cut"] > LEAST]
    return _rows("tonnes not handed out", sums["party"], sums["zone"], sums["cut"].to_numpy())


def _spare_handout(roles: Roles, hours: pd.DataFrame, plan: Plan) -> Floats:
    """Return the tonnes that hours covered could hand out beyond those served, shape (zones, periods)."""
    case, coding = roles.case, roles.case.coding
    handed, covered = np.zeros((2, len(coding.zones), case.periods))
    at = coding.place_zone[coding.places.get_indexer(pd.Index(plan.service["place"]))]
    served = plan.service.assign(quantity=plan.service["served"])
    np.add.at(handed, (at, plan.service["period"].to_numpy(dtype=int)), _tonnes(plan, served))
    within = np.zeros_like(handed)
    ancestry = coding.ancestry
    np.add.at(within, ancestry["above"].to_numpy(dtype=int), handed[ancestry["zone"].to_numpy(dtype=int)])
    supply = (roles.tasks["domain"] == "supply").to_numpy()[hours["task"].to_numpy(dtype=int)]
    zone = roles.tasks["zone"].to_numpy(dtype=int)[hours["task"].to_numpy(dtype=int)]
    np.add.at(covered, (zone[supply], hours["period"].to_numpy(dtype=int)[supply]), hours["lost"].to_numpy()[supply])
    return np.asarray(np.maximum(case.instance.policy.handout_tonnes_per_hour * covered - within, 0.0))


def _added_up(roles: Roles, broken: pd.DataFrame) -> pd.DataFrame:
    """Return one row a party: amounts added up, or things counted."""
    number = len(roles.parties)
    table = {"party": roles.case.coding.parties.to_numpy()}
    for column, (what, sums) in COLUMNS.items():
        rows = broken[broken["what"] == what]
        party = rows["party"].to_numpy(dtype=int)
        amounts = np.bincount(party, rows["amount"].to_numpy(dtype=float), number).astype(np.float64)
        table[column] = amounts if sums else np.bincount(party, minlength=number)
    table["backups_left"] = table["backups_left"].astype(np.int64)
    return pd.DataFrame(table)


def _named(roles: Roles, broken: pd.DataFrame) -> pd.DataFrame:
    """Return every broken thing by ids, sorted."""
    coding = roles.case.coding
    ids = {"fleet": coding.fleets, "tonnes not sent": coding.fleets, "stock": coding.places}
    ids |= {"tonnes not handed out": coding.zones}
    names = np.empty(len(broken), dtype=object)
    for what in broken["what"].unique():
        rows = np.flatnonzero(broken["what"] == what)
        names[rows] = ids.get(what, coding.tasks).to_numpy(dtype=object)[broken["id"].to_numpy(dtype=int)[rows]]
    if "kind" in broken:
        kinds = np.flatnonzero(broken["kind"].notna())
        names[kinds] = [f"{names[row]};{broken['kind'].iloc[row]}" for row in kinds]
    party = coding.parties.to_numpy(dtype=object)[broken["party"].to_numpy(dtype=int)]
    table = pd.DataFrame({"party": party, "what": broken["what"], "id": names, "amount": broken["amount"]})
    return table.sort_values(["party", "what", "id"], ignore_index=True)
