"""The map: areas, places by how well they are served, roads as wide as what is carried over them."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.metrics import need_met
from coordination.report.numbers import amount, percent
from coordination.report.scales import hull, path, place, ticks
from coordination.report.view import records

if TYPE_CHECKING:
    from coordination.report.view import View

WIDTH, LEAST_HEIGHT, MOST_HEIGHT, MARGIN = 1080.0, 320.0, 820.0, 34.0
WIDEST_ROAD, LARGEST_PLACE = 9.0, 13.0
NAMED_ROADS = 900
"""Roads that say what they carry when pointed at; the thinnest beyond that many are drawn as one."""

KM_PER_DEGREE = 111.2
SHARE_STEPS = (0.5, 0.7, 0.85, 0.95)
"""Shares of need met at which the colour of a place changes."""


@dataclass(frozen=True)
class Line:
    """A road that is used: its path, width in pixels, and what it carries in words."""

    d: str
    width: str
    title: str


@dataclass(frozen=True)
class Dot:
    """A place: position and radius in pixels, kind, step of its colour (−1: nobody needs anything there)."""

    x: str
    y: str
    r: str
    kind: str
    step: int
    title: str


@dataclass(frozen=True)
class Label:
    """A name on the map; `size` is large for areas, small for places."""

    x: str
    y: str
    text: str
    size: str


@dataclass(frozen=True)
class Width:
    """An entry of the legend of widths."""

    width: str
    tonnes: float


@dataclass(frozen=True)
class CityMap:
    """The drawing, in pixels, with its legend."""

    height: str
    areas: list[str]
    unused: str
    roads: list[Line]
    minor: str
    dots: list[Dot]
    labels: list[Label]
    widths: list[Width]
    kinds: list[str]
    bar: str
    bar_km: float
    unplaced: int
    carried: float


def city_map(view: View) -> CityMap | None:
    """Return the map; None where fewer than two places have coordinates."""
    placed = _points(view.instance.places)
    if placed is None:
        return None
    points, height, scale = placed
    unused, roads, minor, widths, carried = _roads(view, points)
    dots = _dots(view, points)
    bar_km = max((value for value in ticks(180 / scale, 2) if value * scale <= 240), default=0.0)
    return CityMap(
        height=place(height),
        areas=_areas(view, points),
        unused=unused,
        roads=roads,
        minor=minor,
        dots=dots,
        labels=_labels(view, points),
        widths=widths,
        kinds=[kind for kind in ("depot", "supplier", "hospital", "facility") if any(d.kind == kind for d in dots)],
        bar=place(bar_km * scale),
        bar_km=bar_km,
        unplaced=int(len(view.instance.places) - len(points)),
        carried=carried,
    )


def _points(places: pd.DataFrame) -> tuple[pd.DataFrame, float, float] | None:
    """Return pixel positions by place id, the drawing's height, and pixels per kilometre."""
    known = places[places["lon"].notna() & places["lat"].notna()].set_index("place")
    if len(known) < 2:
        return None
    east = known["lon"] * KM_PER_DEGREE * math.cos(math.radians(float(known["lat"].mean())))
    north = known["lat"] * KM_PER_DEGREE
    wide, tall = float(east.max() - east.min()) or 1e-3, float(north.max() - north.min()) or 1e-3
    scale = min((WIDTH - 2 * MARGIN) / wide, (MOST_HEIGHT - 2 * MARGIN) / tall)
    height = max(LEAST_HEIGHT, tall * scale + 2 * MARGIN)
    x = WIDTH / 2 + (east - (east.max() + east.min()) / 2) * scale
    y = height / 2 - (north - (north.max() + north.min()) / 2) * scale
    return pd.DataFrame({"x": x, "y": y}), height, scale


def carried_by_road(view: View) -> pd.Series[float]:
    """Return the tonnes that loaded legs carry over each road, both directions together, index: road."""
    moved = view.plan.shipments
    weight = moved["quantity"] * moved["commodity"].map(view.tonnes)
    by_route = weight.groupby(moved["route"]).sum()
    roads = by_route.index.to_series().str.split(";").explode()
    return by_route.reindex(roads.index).groupby(roads.to_numpy()).sum()


def _roads(view: View, points: pd.DataFrame) -> tuple[str, list[Line], str, list[Width], float]:
    """Return unused roads, used roads (widest last), the thinnest of them, the widths' legend, and tonnes in all."""
    roads = view.instance.roads
    drawn = roads[roads["from"].isin(points.index) & roads["to"].isin(points.index)].set_index("road")
    start, end = points.loc[drawn["from"]].to_numpy(), points.loc[drawn["to"]].to_numpy()
    paths = pd.Series(
        [path([tuple(a), tuple(b)]) for a, b in zip(start.tolist(), end.tolist(), strict=True)],
        index=drawn.index,
        dtype="str",
    )
    tonnes = carried_by_road(view).reindex(drawn.index).fillna(0.0)
    unused = "".join(paths[tonnes <= 0])
    used = tonnes[tonnes > 0].sort_values(kind="stable")
    most = float(used.max()) if len(used) else 0.0
    minor, main = used.iloc[: max(0, len(used) - NAMED_ROADS)], used.iloc[max(0, len(used) - NAMED_ROADS) :]
    told = drawn.loc[main.index, ["from", "to"]].assign(d=paths[main.index], weight=main)
    lines = [
        Line(d, place(_width(weight, most)), _road_title(view, one, other, weight))
        for one, other, d, weight in records(told)
    ]
    legend = [Width(place(_width(value, most)), value) for value in ticks(most, 3)[1:] if value <= most]
    moved = view.plan.shipments
    carried = float((moved["quantity"] * moved["commodity"].map(view.tonnes)).sum())
    return unused, lines, "".join(paths[minor.index]), legend, carried


def _road_title(view: View, one: str, other: str, tonnes: float) -> str:
    ends = {"start": view.places[one], "end": view.places[other]}
    return view.texts("map.road_title", tonnes=amount(tonnes), **ends)


def _width(tonnes: float, most: float) -> float:
    return max(0.8, WIDEST_ROAD * math.sqrt(tonnes / most))


def _dots(view: View, points: pd.DataFrame) -> list[Dot]:
    """Return the places, the largest first so that small ones stay visible; junctions are left out."""
    places = view.instance.places.set_index("place").loc[points.index]
    met = need_met(view.plan, ["place"]).reindex(points.index)
    asked = met["asked"].fillna(0.0)
    crowd = math.sqrt(min(1.0, 260 / max(1, int((asked > 0).sum()))))
    most = float(asked.max()) or 1.0
    radius = np.where(asked > 0, np.maximum(2.2, LARGEST_PLACE * crowd * np.sqrt(asked / most)), 4.5)
    dots = []
    for position in np.argsort(-radius, kind="stable"):
        identity, kind = points.index[position], str(places["kind"].iloc[position])
        if kind == "junction":
            continue
        needed = asked.iloc[position] > 0
        share = float(met["share"].iloc[position]) if needed else 1.0
        texts = view.texts
        words = texts("map.met_title", share=percent(share), short=amount(met["short"].iloc[position]))
        said = words if needed else texts.named("place_kinds", kind)
        dots.append(
            Dot(
                x=place(points["x"].iloc[position]),
                y=place(points["y"].iloc[position]),
                r=place(radius[position]),
                kind=kind,
                step=sum(share >= limit for limit in SHARE_STEPS) if needed else -1,
                title=f"{view.places[identity]} · {said}",
            )
        )
    return dots


def _areas(view: View, points: pd.DataFrame) -> list[str]:
    """Return the outline of each district around its places."""
    districts = view.place_district.loc[points.index]
    outlines = []
    for _, members in points.groupby(districts.to_numpy(), sort=True):
        corners = hull([(float(x), float(y)) for x, y in members.to_numpy()])
        outlines.append(path(corners, closed=True))
    return outlines if len(outlines) > 1 else []


def _labels(view: View, points: pd.DataFrame) -> list[Label]:
    """Return the names of districts, then of depots, suppliers and hospitals, leaving out those that collide."""
    asked = need_met(view.plan, ["place"])["asked"].reindex(points.index).fillna(0.0)
    districts = view.place_district.loc[points.index].to_numpy()
    middle = points.groupby(districts).median()
    order = asked.groupby(districts).sum().sort_values(ascending=False, kind="stable").index
    wanted = [(middle.loc[zone], view.zones[zone], "area", 13.5) for zone in order] if len(order) > 1 else []
    kinds = view.instance.places.set_index("place")["kind"].loc[points.index]
    for kind in ("hospital", "depot", "supplier"):
        wanted += [
            (points.loc[identity] + [0.0, -8.0], view.places[identity], "place", 10.5)
            for identity in points.index[kinds == kind]
        ]
    taken: list[tuple[float, float, float, float]] = []
    labels = []
    for position, name, size, pixels in wanted:
        text = name if len(name) <= 28 else name[:27] + "…"
        half, x, y = _text_width(text) * pixels / 2, float(position["x"]), float(position["y"])
        box = (x - half - 2, y - pixels, x + half + 2, y + 3)
        if not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken.append(box)
            labels.append(Label(place(x), place(y), text, size))
    return labels


def _text_width(text: str) -> float:
    """Return about how wide a text is, in ems."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.56 for letter in text)
