"""Recovery: crews that can, in an order that holds, with the hours that the way and the work take; what it leaves.

Crews come from the base of their party's first fleet, else the first place that it owns, else the first place of its
jurisdiction, and drive on the shortest routes by minutes of all roads without damage and scenario, to the nearer end of
a road. Minutes on the way cost a crew the share of its hours in a period that they are of the period.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.distances import MILLION, Arcs, Distances, millionths
from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case

Codes = npt.NDArray[np.int64]
RELATIVE = 1e-9
"""Hours that are so small a part of a repair are none."""


def check(case: "Case") -> Findings:
    """Check ``repairs``, the term ``repair``, and that nothing is loaded where all is lost."""
    findings = Findings("recovery")
    rows = known_repairs(case)
    named = {"thing": rows["thing"].to_numpy(object), "party": rows["party"].to_numpy(object)}
    findings.require(named, rows["skill"].notna(), "repairs: {thing} is not damaged")
    rows = rows[rows["skill"].notna()]
    named = {"thing": rows["thing"].to_numpy(object), "party": rows["party"].to_numpy(object)}
    findings.require(named, rows["able"], "repairs: {party} has not the skill for {thing}")
    message = "repairs: {party} begins {thing} in period {found}, it is damaged from {expected}"
    findings.at_least(named, rows["start"], rows["from"], message)
    findings.require(named, rows["end"] >= rows["start"], "repairs: {party} ends {thing} before it begins")
    repairs = _joined(rows[rows["able"].to_numpy(dtype=bool)])
    _orders(findings, repairs)
    _hours(case, findings, repairs)
    _loading(case, findings)
    compare(findings, case, "repair", float((rows["spent"] * rows["pay"].fillna(0.0)).sum()))
    return findings


def known_repairs(case: "Case") -> pd.DataFrame:
    """Return the rows of ``repairs`` with what the damage and the skill of the party say of them."""
    rows, damage, skills = case.decided["repairs"], case.given["damage"], case.given["skills"]
    rows = rows.assign(thing=_things(rows), is_road=rows["road"].notna())
    told = damage.assign(thing=_things(damage), is_road=damage["road"].notna())
    told = told[["thing", "is_road", "repair_hours", "skill", "from"]]
    rows = rows.merge(told, on=["thing", "is_road"], how="left")
    able = skills[["party", "skill", "cost_per_hour"]].rename(columns={"cost_per_hour": "pay"}).assign(able=True)
    rows = rows.merge(able, on=["party", "skill"], how="left")
    spent = rows["hours"] * (rows["end"] - rows["start"] + 1)
    return rows.assign(able=rows["able"].fillna(False).astype(bool), spent=spent.astype(float))


def lasting(case: "Case") -> pd.DataFrame:
    """Return the damage as rows of effects: each lasts until it is repaired, or as long as it says."""
    damage, rows = case.given["damage"], case.decided["repairs"]
    done = rows.assign(thing=_things(rows), is_road=rows["road"].notna()).groupby(["is_road", "thing"])["end"].max()
    until = damage["until"].fillna(case.periods - 1).clip(upper=case.periods - 1)
    keys = zip(damage["road"].notna(), _things(damage), until, strict=True)
    end = [min(float(last), float(done.get((road, thing), np.inf))) for road, thing, last in keys]
    return pd.DataFrame(
        {
            "table": np.where(damage["road"].notna(), "roads", "places"),
            "where": _things(damage).to_numpy(object),
            "commodity": np.full(len(damage), None, dtype=object),
            "start": damage["from"].to_numpy(dtype=np.int64),
            "end": np.array(end, dtype=np.float64),
            "factor": damage["capacity_left"].to_numpy(dtype=np.float64),
        }
    )


def crew_hours(case: "Case") -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return hours that crews take, by row of ``skills`` and by party, each by period."""
    skills = case.given["skills"]
    own, over_all = np.zeros((len(skills), case.periods)), np.zeros((len(case.parties), case.periods))
    rows = known_repairs(case)
    rows = rows[rows["able"]]
    known = pd.MultiIndex.from_frame(skills[["party", "skill"]])
    if rows.empty:
        return own, over_all
    at = known.get_indexer(pd.MultiIndex.from_frame(rows[["party", "skill"]]))
    party = case.parties.get_indexer(pd.Index(rows["party"]))
    spans = zip(at, party, rows["start"], rows["end"], rows["hours"], strict=True)
    for row, who, start, end, hours in spans:
        own[row, int(start) : int(end) + 1] += hours
        over_all[who, int(start) : int(end) + 1] += hours
    return own, over_all


def _things(rows: pd.DataFrame) -> pd.Series:
    return rows["road"].astype(object).where(rows["road"].notna(), rows["place"].astype(object))


def _joined(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each repair by a crew: ``begun``, ``worked`` (last period with hours), ``first``, ``spent``."""
    key = ["party", "skill", "order", "thing", "is_road", "repair_hours"]
    busy = rows[rows["hours"] > 0]
    found = busy.groupby(key, as_index=False).agg(begun=("start", "min"), worked=("end", "max"), spent=("spent", "sum"))
    every = rows.groupby(key, as_index=False).agg(ended=("end", "max"))
    return every.merge(found, on=key, how="left").sort_values(["party", "skill", "order"], ignore_index=True)


def _orders(findings: Findings, repairs: pd.DataFrame) -> None:
    """Check that each thing is repaired once, and each crew's repairs are numbered and follow one another."""
    named = {name: repairs[name].to_numpy(object) for name in ("party", "thing")}
    once = ~repairs.duplicated(["thing", "is_road"], keep=False).to_numpy()
    findings.require(named, once, "repairs: {thing} is repaired more than once, by {party}")
    number = repairs.groupby(["party", "skill"]).cumcount() + 1
    message = "repairs: {thing} is number {found} of {party}, expected {expected}"
    findings.equal(named, repairs["order"], number, message)
    before = repairs.groupby(["party", "skill"])["worked"].shift()
    late = before.isna() | (repairs["begun"] >= before)
    findings.require(named, late, "repairs: {party} begins {thing} before it has finished the one before")


def _hours(case: "Case", findings: Findings, repairs: pd.DataFrame) -> None:
    """Check the hours of each repair: the way there and the work."""
    if repairs.empty:
        return
    skills = case.given["skills"]
    most = skills[["hours", "emergency_hours"]].max(axis=1)
    pace = dict(zip(zip(skills["party"], skills["skill"], strict=True), most, strict=True))
    share = case.instance.delivers.to_dict()
    ways, expected = _Ways(case), []
    before: dict[tuple[str, str], npt.NDArray[np.int64]] = {}
    for party, skill, thing, is_road, work in zip(
        *(repairs[name] for name in ("party", "skill", "thing", "is_road", "repair_hours")), strict=True
    ):
        crew = (str(party), str(skill))
        there = ways.ends(thing, bool(is_road))
        minutes = ways.minutes(before.get(crew, ways.home(crew[0])), there)
        on_the_way = minutes / (60.0 * float(case.instance.period_hours)) * pace[crew]
        expected.append(on_the_way + work / share[party] if share[party] > 0 else np.inf)
        before[crew] = there
    named = {name: repairs[name].to_numpy(object) for name in ("party", "thing")}
    message = "repairs: {party} spends {found} hours on {thing}, the way and the work take {expected}"
    findings.equal(named, repairs["spent"].fillna(0.0), expected, message)


def _loading(case: "Case", findings: Findings) -> None:
    """Check that nothing is loaded at a place while all of it is lost."""
    damage = lasting(case)
    lost = damage[(damage["table"] == "places") & (damage["factor"] == 0)]
    ships = case.decided["shipments"]
    for place, start, end in zip(lost["where"], lost["start"], lost["end"], strict=True):
        rows = ships[(ships["origin"] == place)]
        named = {name: rows[name].to_numpy(object) for name in ("fleet", "origin", "destination", "depart")}
        fine = (rows["depart"] < start) | (rows["depart"] > end)
        message = "shipment by {fleet} from {origin} to {destination} in period {depart}: {origin} is damaged"
        findings.require(named, fine, message)


class _Ways:
    """Where crews come from and how long they drive."""

    def __init__(self, case: "Case") -> None:
        roads = self._roads = case.given["roads"]
        self._case = case
        first, second = (case.places.get_indexer(pd.Index(roads[end])) for end in ("from", "to"))
        back = roads["both_ways"].to_numpy(bool)
        self._ends = {str(road): np.array([a, b]) for road, a, b in zip(roads["road"], first, second, strict=True)}
        self._arcs = Arcs(
            places=len(case.places),
            tail=np.concatenate([first, second[back]]),
            head=np.concatenate([second, first[back]]),
            minutes=np.concatenate([millionths(roads["minutes"]), millionths(roads["minutes"])[back]]),
            km=np.concatenate([millionths(roads["km"]), millionths(roads["km"])[back]]),
            capacitated=np.zeros(len(first) + int(back.sum()), dtype=bool),
        )

    def ends(self, thing: str, is_road: bool) -> Codes:
        """Return the places where something is reached."""
        return self._ends[thing] if is_road else self._case.places.get_indexer(pd.Index([thing]))

    def home(self, party: str) -> Codes:
        """Return where a party's crews come from; nowhere where there is no such place."""
        case = self._case
        fleets, places = case.given["fleets"], case.given["places"]
        bases = fleets.loc[fleets["party"] == party, "base"]
        own = np.flatnonzero((places["owner"] == party).to_numpy(dtype=bool))
        if len(bases):
            return np.asarray(case.places.get_indexer(pd.Index(bases.iloc[:1])))
        if len(own):
            return np.asarray(own[:1])
        zone = case.party_zone[case.parties.get_indexer(pd.Index([party]))[0]]
        within = case.zones.contains(np.full(len(places), zone), case.place_zone)
        return np.asarray(np.flatnonzero(within)[:1])

    def minutes(self, sources: Codes, targets: Codes) -> float:
        """Return the fewest minutes from any of some places to any of others."""
        if not len(sources):
            return float("inf")
        found = Distances(self._arcs, sources)
        one, other = np.repeat(sources, len(targets)), np.tile(targets, len(sources))
        return float(found.minutes(one, other).min()) / MILLION
