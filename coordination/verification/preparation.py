"""Preparation: options, purchases, moves, standby, room, floors, budget, money, and the mixture of scenarios' costs."""

import math
from typing import Any

import numpy as np
import pandas as pd

from coordination.instance import Instance
from coordination.plans import Preparation
from coordination.verification.adaptive import check_adaptive
from coordination.verification.findings import TOLERANCE, Findings
from coordination.verification.zones import Zones

NOT_CHECKED = (
    "what each scenario costs after the first stage: that takes a solver; that the terms sum to it is checked. Plan the"
    " prepared instance for a scenario to see",
    "whether the bound is valid: that takes a solver; only that it is not above the objective, and the gap",
    "what knowing, adapting and stock elsewhere are worth: that takes a solver",
    "kilometres of moves, and so their money: only that no move is free where it should cost",
    "what of need stays unmet in a scenario, and what a loss costs: that takes a solver; that the need is that of the"
    " tables, the limits hold and no loss is missing is checked",
    "seconds, sizes, versions, seed, solver and notes: they say how the preparation came about",
)
"""What a verification from the folder alone cannot check."""

Row = dict[str, Any]


def check(preparation: Preparation) -> Findings:
    """Check the first stage and every figure that follows from it."""
    findings = Findings("preparation")
    instance = preparation.instance
    findings.one("sha256", preparation.sha256 == instance.sha256, "the instance beside it is another one")
    if not preparation.feasible:
        ended = str(preparation.status) not in ("optimal", "feasible")
        findings.one("status", ended, f"status is {preparation.status}, but objective is missing")
        return findings
    rows: list[Row] = preparation.first_stage.to_dict("records")  # type: ignore[assignment]  # pandas: keys hashable
    missing = _limits(findings, instance, rows)
    _money(findings, preparation, missing)
    _costs(findings, preparation)
    _kept(findings, preparation)
    check_adaptive(findings, preparation, _limits)
    return findings


def _limits(findings: Findings, instance: Instance, rows: list[Row]) -> float:
    """Check what is decided against what may be, and return the money of what is missing to floors."""
    _options(findings, instance, [row for row in rows if row["what"] == "option"])
    _purchases(findings, instance, [row for row in rows if row["what"] == "purchase"])
    _moves(findings, instance, [row for row in rows if row["what"] == "move"])
    _standby(findings, instance, [row for row in rows if row["what"] == "standby"])
    _room(findings, instance, rows)
    return _floors(findings, instance, rows)


def _options(findings: Findings, instance: Instance, rows: list[Row]) -> None:
    known = {(r["place"], f"{r['use']};{r['size']}"): r for r in instance.options.to_dict("records")}
    taken: set[tuple[str, str]] = set()
    for row in rows:
        where, option = f"option {row['place']}", known.get((row["place"], row["id"]))
        findings.one(where, option is not None, f"{where}: {row['id']} is no option of table options")
        if option is not None:
            _same(findings, where, "quantity", row["quantity"], option["capacity"])
            _same(findings, where, "money", row["money"], option["money"])
        site = (row["place"], str(row["id"]).split(";")[0])
        findings.one(where, site not in taken, f"{where}: more than one size is taken")
        taken.add(site)


def _purchases(findings: Findings, instance: Instance, rows: list[Row]) -> None:
    known = {(r["place"], r["commodity"], r["owner"]): r for r in instance.purchases.to_dict("records")}
    for row in rows:
        where = f"purchase {row['place']}, {row['commodity']}"
        offer = known.get((row["place"], row["commodity"], row["party"]))
        findings.one(where, offer is not None, f"{where}: table purchases has no such row for {row['party']}")
        if offer is not None:
            most = math.inf if pd.isna(offer["max"]) else float(offer["max"])
            findings.at_most({"row": [where]}, [row["quantity"]], [most], "{row}: {found} bought, at most {expected}")
            _same(findings, where, "money", row["money"], row["quantity"] * offer["unit_money"])


def _moves(findings: Findings, instance: Instance, rows: list[Row]) -> None:
    price = instance.moves.set_index("fleet")["money_per_tonne_km"]
    lots: dict[tuple[Any, ...], float] = {}
    for lot in instance.given("stocks").to_dict("records"):
        key = (lot["place"], lot["commodity"], lot["owner"], _whole(lot["expires"]))
        lots[key] = lots.get(key, 0.0) + float(lot["quantity"])
    gone: dict[tuple[Any, ...], float] = {}
    for row in rows:
        where = f"move {row['commodity']} from {row['origin']} to {row['place']}"
        findings.one(where, row["id"] in price.index, f"{where}: table moves has no fleet {row['id']}")
        findings.one(where, row["origin"] != row["place"], f"{where}: it goes nowhere")
        free = row["id"] in price.index and float(price[row["id"]]) == 0.0
        findings.one(where, not free or row["money"] == 0.0, f"{where}: it costs money, but its fleet moves for none")
        key = (row["origin"], row["commodity"], row["party"], _whole(row["expires"]))
        gone[key] = gone.get(key, 0.0) + float(row["quantity"])
    for key, quantity in gone.items():
        message = "{row}: {found} moved, {expected} lie there"
        findings.at_most({"row": [f"stock {key[0]}, {key[1]}"]}, [quantity], [lots.get(key, 0.0)], message)


def _standby(findings: Findings, instance: Instance, rows: list[Row]) -> None:
    offers: dict[tuple[str, str], list[Row]] = {}
    for offer in instance.standby.to_dict("records"):
        name = offer["fleet"] if isinstance(offer["fleet"], str) else offer["skill"]
        offers.setdefault((offer["party"], name), []).append(offer)  # type: ignore[arg-type]  # pandas: keys hashable
    for row in rows:
        where, found = f"standby {row['party']}, {row['id']}", offers.get((row["party"], row["id"]), [])
        findings.one(where, bool(found), f"{where}: table standby has no such row")
        most = sum(float(offer["max"]) for offer in found)
        findings.at_most({"row": [where]}, [row["quantity"]], [most], "{row}: {found} ready, at most {expected}")
        if len(found) == 1:
            money = row["quantity"] * float(found[0]["unit_money"]) * instance.periods
            _same(findings, where, "money", row["money"], money)


def _room(findings: Findings, instance: Instance, rows: list[Row]) -> None:
    """Check that what is bought and moved in finds room beside what lies there."""
    tonnes = instance.commodities.set_index("commodity")["kg"] / 1000.0
    lies: dict[str, float] = {}
    for lot in instance.stocks.to_dict("records"):
        lies[lot["place"]] = lies.get(lot["place"], 0.0) + float(lot["quantity"]) * float(tonnes[lot["commodity"]])
    change: dict[str, float] = {}
    added: dict[str, float] = {}
    for row in rows:
        if row["what"] == "option":
            added[row["place"]] = added.get(row["place"], 0.0) + row["quantity"]
        if row["what"] in ("purchase", "move"):
            weight = row["quantity"] * float(tonnes[row["commodity"]])
            change[row["place"]] = change.get(row["place"], 0.0) + weight
            if row["what"] == "move":
                change[row["origin"]] = change.get(row["origin"], 0.0) - weight
    for place in instance.places.to_dict("records"):
        name = place["place"]
        if name in change and not pd.isna(place["storage_tonnes"]):
            left = max(0.0, float(place["storage_tonnes"]) - lies.get(name, 0.0)) + added.get(name, 0.0)
            message = "{place}: {found} tonnes more come to lie there, room is for {expected}"
            findings.at_most({"place": [name]}, [change[name]], [left], message, [lies.get(name, 0.0)])


def _floors(findings: Findings, instance: Instance, rows: list[Row]) -> float:
    """Check hard floors, and return the money of what is missing to the others."""
    zones, places = Zones(instance.zones), instance.places["place"]
    zone = dict(zip(places, zones.codes(instance.places["zone"]).tolist(), strict=True))
    asked = zones.codes(instance.floors["zone"])
    lots = [(r["place"], r["commodity"], r["owner"], float(r["quantity"])) for r in instance.stocks.to_dict("records")]
    for row in rows:
        if row["what"] in ("purchase", "move"):
            lots.append((row["place"], row["commodity"], row["party"], row["quantity"]))
            if row["what"] == "move":
                lots.append((row["origin"], row["commodity"], row["party"], -row["quantity"]))
    price = 0.0
    for number, floor in enumerate(instance.floors.to_dict("records"), start=2):

        def counts(place: str, owner: str, floor: Any = floor, number: int = number) -> bool:
            if isinstance(floor["owner"], str):
                return bool(owner == floor["owner"])
            if isinstance(floor["place"], str):
                return bool(place == floor["place"])
            return bool(zones.contains(asked[number - 2], np.array(zone[place])))

        lies = sum(q for place, what, owner, q in lots if what == floor["commodity"] and counts(place, owner))
        if pd.isna(floor["price"]):
            message = "floors, row {row}: {found} lie there, {expected} are asked for"
            findings.at_least({"row": [number]}, [lies], [floor["quantity"]], message)
        else:
            price += max(0.0, float(floor["quantity"]) - lies) * float(floor["price"])
    return price


def _money(findings: Findings, preparation: Preparation, missing: float) -> None:
    policy, terms = preparation.instance.policy, preparation.terms
    money = float(preparation.first_stage["money"].sum())
    if policy.budget is not None:
        message = "money {found} is above the budget {expected}"
        findings.at_most({"figure": ["budget"]}, [money], [policy.budget], message)
    _same(findings, "figure money", "value", preparation.figures.get("money"), money)
    _same(findings, "term money", "value", terms.get("money"), policy.money_weight * money)
    _same(findings, "term floor", "value", terms.get("floor"), missing)


def _costs(findings: Findings, preparation: Preparation) -> None:
    """Check probabilities, the terms of each scenario, and what follows from both."""
    table, policy = preparation.scenario_costs, preparation.instance.policy
    scenarios = preparation.instance.scenarios
    findings.one("scenarios", len(table) > 0, "no scenario has its cost")
    if table.empty:
        return
    p, cost = table["probability"].to_numpy(dtype=float), table["cost"].to_numpy(dtype=float)
    if len(scenarios):
        given = scenarios.set_index("scenario")["probability"]
        findings.one("scenarios", set(table["scenario"]) == set(given.index), "not every scenario has its cost")
        expected = given.reindex(table["scenario"]).to_numpy(dtype=float) / float(given.sum())
        message = "{scenario}: probability {found}, expected {expected}"
        findings.equal({"scenario": table["scenario"].tolist()}, p, expected, message)
    for row in table.to_dict("records"):
        total = sum(float(term.rsplit("=", 1)[1]) for term in str(row["terms"]).split(";") if "=" in term)
        _same(findings, f"scenario {row['scenario']}", "cost", row["cost"], total)
    weight, level = policy.risk["lambda"], policy.risk["level"]
    lost = preparation.tables["loss_costs"]["cost"].to_numpy(dtype=float)
    worst = float(lost.max()) if "losses" in policy.risk and len(lost) else _worst_mean(cost, p, level)
    response = (1.0 - weight) * float(p @ cost) + weight * worst
    _same(findings, "term response", "value", preparation.terms.get("response"), response)
    objective = preparation.objective
    _same(findings, "objective", "value", objective, sum(preparation.terms.values()))
    if objective is not None and preparation.bound is not None:
        above = preparation.bound - objective
        findings.one("bound", above <= TOLERANCE * max(1.0, abs(objective)), "the bound is above the objective", above)
        gap = max(0.0, objective - preparation.bound) / max(1e-10, abs(objective))
        _same(findings, "gap", "value", preparation.gap, gap)


def _kept(findings: Findings, preparation: Preparation) -> None:
    """Check what is said of full plans, and that those kept cost what is said."""
    cost = dict(zip(preparation.scenario_costs["scenario"], preparation.scenario_costs["cost"], strict=True))
    for row in preparation.replayed:
        where = f"replayed {row['scenario']}"
        _same(findings, where, "response", row["response"], float(cost.get(row["scenario"], math.nan)))
        _same(findings, where, "difference", row["difference"], row["plan"] - row["response"])
        kept = preparation.plans.get(row["scenario"])
        if kept is not None and kept.objective is not None:
            _same(findings, where, "plan", row["plan"], kept.objective)


def _worst_mean(cost: Any, p: Any, level: float) -> float:
    """Return the mean cost of the worst 1 − level of the probability; at level 1 the worst cost."""
    if level >= 1.0:
        return float(cost[p > 0].max())
    etas = [eta + float(p @ np.maximum(cost - eta, 0.0)) / (1.0 - level) for eta in cost.tolist()]
    return float(min(etas))


def _same(findings: Findings, where: str, what: str, found: Any, expected: float) -> None:
    value = math.nan if found is None else float(found)
    findings.equal({"row": [where]}, [value], [float(expected)], f"{{row}}: {what} {{found}}, expected {{expected}}")


def _whole(expires: Any) -> int | None:
    return None if expires is None or pd.isna(expires) else int(expires)
