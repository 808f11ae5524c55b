"""The goods of a random instance: commodities, needs, backlogs, stocks, arrivals, fleets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.random_instances import Draw
    from tests.support.random_town import Tables


def draw_supply(draw: Draw, header: dict[str, Any], tables: Tables) -> None:
    """Draw what is needed, then goods and vehicles for about as much of it."""
    draw_commodities(draw, tables)
    draw_needs(draw, header, tables)
    draw_goods(draw, header, tables)
    draw_fleets(draw, header, tables)


def draw_commodities(draw: Draw, tables: Tables) -> None:
    """Draw commodities of all weights, some perishable, some whose unmet need lapses."""
    tables["commodities"], tables["deprivation"] = [], []
    for number in range(draw.whole(1, 3)):
        kg = draw.one([0.5, 4, 20, 75])
        row: dict[str, Any] = {"commodity": f"c{number}", "kg": kg}
        price = draw.one([40, 300, 300, 2000]) * kg / 1000
        if draw.has("perishable") and draw.chance(0.7):
            row["shelf_life"] = draw.whole(1, 4)
        if draw.has("lapse") and draw.chance(0.7):
            row["carry_over"] = draw.one([0, 0.3, 0.8])
            if draw.chance(0.6):
                row["cost_lapsed"] = round(price * draw.one([0.5, 2, 6]), 4)
        if draw.has("curve") and draw.chance(0.75):
            tables["deprivation"] += draw_curve(draw, row["commodity"], price)
        if draw.chance(0.5) or not any(point["commodity"] == row["commodity"] for point in tables["deprivation"]):
            row["cost_without"] = round(price, 4)
        tables["commodities"].append(row)


def draw_curve(draw: Draw, commodity: str, price: float) -> list[dict[str, Any]]:
    """Draw breakpoints, whole and fractional, with slopes that do not fall."""
    lengths = [draw.one([0.5, 1, 1, 1.5, 2]) for _ in range(draw.whole(1, 3))]
    slope, time, height, points = draw.one([0, 0.5, 1]) * price, 0.0, 0.0, []
    for length in lengths:
        time, height = time + length, height + slope * length
        points.append({"commodity": commodity, "periods_without": time, "cost_per_unit": round(height, 6)})
        slope += price * draw.one([0.5, 1, 3])
    return points


def draw_needs(draw: Draw, header: dict[str, Any], tables: Tables) -> None:
    """Draw needs of one or two groups, and what was unmet before."""
    tables["needs"], tables["backlogs"] = [], []
    homes = [place["place"] for place in tables["places"] if place["kind"] in ("community", "hospital")]
    if draw.chance(0.15):
        homes.append(tables["places"][0]["place"])
    for commodity in tables["commodities"]:
        for place in homes:
            groups = draw.one([["general"], ["vulnerable"], ["general", "vulnerable"]])
            for group in groups if draw.has("groups") else ["general"]:
                if draw.chance(0.25):
                    continue
                key = {"place": place, "commodity": commodity["commodity"]}
                size = draw.number(0.3, 1.5) * 1000 / commodity["kg"] / len(groups)
                for period in range(header["periods"]):
                    if draw.chance(0.7):
                        quantity = round(size * draw.one([0.5, 1, 1, 1.7]), 1)
                        row = {**key, "period": period, "quantity": quantity}
                        if group != "general" or draw.chance(0.5):
                            row["group"] = group
                        tables["needs"].append(row)
                if draw.has("backlogs") and draw.chance(0.6):
                    for age in sorted({draw.whole(1, 2), draw.whole(1, 4)}):
                        quantity = round(size * draw.number(0.2, 1.2), 1)
                        tables["backlogs"].append({**key, "group": group, "quantity": quantity, "age": age})


def draw_goods(draw: Draw, header: dict[str, Any], tables: Tables) -> None:
    """Draw stocks and arrivals of 30 to 150 % of what is needed, mostly at depots and suppliers."""
    tables["stocks"], tables["arrivals"] = [], []
    stores = [place["place"] for place in tables["places"] if place["kind"] != "junction"]
    depots = [place["place"] for place in tables["places"] if place["kind"] in ("depot", "supplier", "facility")]
    last = header["periods"] - 1
    for commodity in tables["commodities"]:
        name, life = commodity["commodity"], commodity.get("shelf_life")
        wanted = sum(row["quantity"] for row in tables["needs"] + tables["backlogs"] if row["commodity"] == name)
        parts = draw.whole(1, 3)
        for _ in range(parts):
            quantity = round(wanted * draw.number(0.3, 1.5) / parts, 1)
            place = draw.one(stores if draw.chance(0.2) else depots)
            row: dict[str, Any] = {"place": place, "commodity": name, "quantity": quantity, "owner": "core"}
            first = 0
            if draw.chance(0.5):
                first = row["period"] = draw.whole(0, last)
            if draw.has("perishable") and draw.chance(0.5 if life else 0.2):
                row["expires"] = draw.whole(first, last + 2)
            tables["arrivals" if "period" in row else "stocks"].append(row)


def draw_fleets(draw: Draw, header: dict[str, Any], tables: Tables) -> None:
    """Draw fleets with about the hours that bringing the goods takes."""
    tables["fleets"] = []
    stores = [place["place"] for place in tables["places"] if place["kind"] != "junction"]
    depots = [place["place"] for place in tables["places"] if place["kind"] in ("depot", "supplier", "facility")]
    kilograms = {row["commodity"]: row["kg"] for row in tables["commodities"]}
    tonnes = sum(row["quantity"] * kilograms[row["commodity"]] for row in tables["needs"]) / 1000
    count = draw.whole(1, 3)
    for number in range(count):
        payload = draw.one([0.8, 2, 5])
        hours = draw.one([0.6, 1, 2, 5]) * 1.5 * tonnes / payload / header["periods"] / count
        row = {
            "fleet": f"f{number}",
            "party": "core",
            "base": draw.one(depots if draw.chance(0.8) else stores),
            "vehicles": draw.one([0.5, 1, 2]),
            "payload_tonnes": payload,
            "hours": round(hours + 0.05, 2),
            "cost_per_km": draw.one([0, 0.1, 0.5, 2]),
        }
        loads_at = draw.one([None, "*", "list", "list"])
        if loads_at is not None:
            row["loads_at"] = "*" if loads_at == "*" else ";".join(draw.some(stores, draw.whole(1, 3)))
        if draw.has("slow"):
            row["speed"] = draw.one([0.5, 0.8, 1])
            row["loading_minutes"] = draw.one([0, 30, 60 * header["period_hours"]])
        tables["fleets"].append(row)
