"""Rotation: what everyday use takes lies there, is used in time, is bought anew, costs price less credit."""

import math
from typing import Any

import pandas as pd

from coordination.plans import Preparation
from coordination.verification.findings import Findings

Row = dict[Any, Any]


def check(preparation: Preparation) -> Findings:
    """Check every row of the first stage that says what is rotated, against the tables."""
    findings = Findings("rotation")
    instance = preparation.instance
    rows: list[Row] = preparation.first_stage.to_dict("records")
    rotated = [row for row in rows if row["what"] == "rotation"]
    takers = {(r["place"], r["commodity"], r["taker"]): r for r in instance.rotation.to_dict("records")}
    offers = {(r["place"], r["commodity"], r["owner"]): r for r in instance.purchases.to_dict("records")}
    life = instance.commodities.set_index("commodity")["shelf_life"]
    for row in rotated:
        where = f"rotation {row['commodity']} at {row['place']} for {row['id']}"
        taker = takers.get((row["place"], row["commodity"], row["id"]))
        offer = offers.get((row["place"], row["commodity"], row["party"]))
        findings.one(where, taker is not None, f"{where}: table rotation has no such row")
        findings.one(where, offer is not None, f"{where}: table purchases has no row that replaces it")
        fresh = math.inf if pd.isna(life[row["commodity"]]) else float(life[row["commodity"]]) - 1.0
        older = bool(not pd.isna(row["expires"]) and float(row["expires"]) < fresh)
        findings.one(where, older, f"{where}: what is taken expires no earlier than what replaces it")
        if taker is not None and offer is not None:
            money = float(row["quantity"]) * (float(offer["unit_money"]) - float(taker["credit"]))
            message = "{row}: money {found}, expected {expected} (price less credit)"
            findings.equal({"row": [where]}, [row["money"]], [money], message)
    _lots(findings, preparation, rows)
    _in_time(findings, rotated, takers)
    _bought(findings, rows, offers)
    return findings


def _lots(findings: Findings, preparation: Preparation, rows: list[Row]) -> None:
    """Check that what is taken and what is moved of a lot lie in it together."""
    lies: dict[Any, float] = {}
    for lot in preparation.instance.given("stocks").to_dict("records"):
        key = (lot["place"], lot["commodity"], lot["owner"], _period(lot["expires"]))
        lies[key] = lies.get(key, 0.0) + float(lot["quantity"])
    taken: dict[Any, float] = {}
    for row in rows:
        place = {"move": row["origin"], "rotation": row["place"]}.get(row["what"])
        if place is not None:
            key = (place, row["commodity"], row["party"], _period(row["expires"]))
            taken[key] = taken.get(key, 0.0) + float(row["quantity"])
    rotated = {
        (row["place"], row["commodity"], row["party"], _period(row["expires"]))
        for row in rows
        if row["what"] == "rotation"
    }
    for key in rotated:
        message = "{stock}: {found} taken or moved, {expected} lie there"
        findings.at_most({"stock": [f"{key[1]} at {key[0]}"]}, [taken[key]], [lies.get(key, 0.0)], message)


def _in_time(findings: Findings, rotated: list[Row], takers: dict[Any, Row]) -> None:
    """Check, in the order of expiry, that everyday use gets through what it takes before it expires."""
    by_taker: dict[Any, list[tuple[float, float]]] = {}
    for row in rotated:
        key = (row["place"], row["commodity"], row["id"])
        by_taker.setdefault(key, []).append((float(row["expires"]), float(row["quantity"])))
    for key, lots in by_taker.items():
        if key not in takers:
            continue
        uses, done = float(takers[key]["per_period"]), 0.0
        for expires, quantity in sorted(lots):
            done += quantity
            message = "{taker}: {found} to be used by the end of their last period, {expected} can be"
            findings.at_most({"taker": [f"{key[2]} at {key[0]}"]}, [done], [uses * (expires + 1.0)], message)


def _bought(findings: Findings, rows: list[Row], offers: dict[Any, Row]) -> None:
    """Check that what is bought and what is bought anew stay within what may be bought."""
    total: dict[Any, float] = {}
    anew = set()
    for row in rows:
        key = (row["place"], row["commodity"], row["party"])
        if row["what"] in ("purchase", "rotation"):
            total[key] = total.get(key, 0.0) + float(row["quantity"])
        if row["what"] == "rotation":
            anew.add(key)
    for key in anew:
        most = math.inf if key not in offers or pd.isna(offers[key]["max"]) else float(offers[key]["max"])
        message = "{purchase}: {found} bought, those bought anew among them, at most {expected}"
        findings.at_most({"purchase": [f"{key[1]} at {key[0]}"]}, [total[key]], [most], message)


def _period(expires: Any) -> int | None:
    return None if expires is None or pd.isna(expires) else int(expires)
