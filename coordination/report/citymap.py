"""The map: areas, places by how well they are served, roads as wide as what is carried over them."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.metrics import need_met
from coordination.report.framing import WIDTH, Frame, middle, whole
from coordination.report.numbers import amount, percent
from coordination.report.scales import hull, path, place, ticks
from coordination.report.view import records

if TYPE_CHECKING:
    from coordination.report.view import View

WIDEST_ROAD, LARGEST_PLACE = 9.0, 13.0
NAMED_ROADS = 900
"""Roads that say what they carry when pointed at; the thinnest beyond that many are drawn as one."""

LONGEST_LABEL = 44

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
class Drawing:
    """One map, in pixels."""

    height: str
    areas: list[str]
    unused: str
    roads: list[Line]
    minor: str
    dots: list[Dot]
    labels: list[Label]
    bar: str
    bar_km: float


@dataclass(frozen=True)
class CityMap:
    """The map of all, that of its middle where that is crowded, and the legend of both."""

    drawings: list[Drawing]
    widths: list[Width]
    kinds: list[str]
    unplaced: int
    outside: int
    carried: float


def city_map(view: View) -> CityMap | None:
    """Return the map; None where fewer than two places have coordinates."""
    frame = whole(view)
    if frame is None:
        return None
    moved = view.plan.shipments
    tonnes = carried_by_road(view)
    most = float(tonnes.max()) if len(tonnes) else 0.0
    kinds = set(view.instance.places["kind"][view.instance.places["place"].isin(frame.points.index)])
    return CityMap(
        drawings=[_drawing(view, part, tonnes) for part in (frame, middle(view, frame)) if part is not None],
        widths=[Width(place(_width(value, most)), value) for value in ticks(most, 4)[1:] if value <= most],
        kinds=[kind for kind in ("depot", "supplier", "hospital", "facility") if kind in kinds],
        unplaced=int(len(view.instance.places) - len(frame.points)),
        outside=len(frame.outside),
        carried=float((moved["quantity"] * moved["commodity"].map(view.tonnes)).sum()),
    )


def _drawing(view: View, frame: Frame, tonnes: pd.Series[float]) -> Drawing:
    unused, roads, minor = _roads(view, frame, tonnes)
    bar_km = max((value for value in ticks(180 / frame.scale, 2) if value * frame.scale <= 200), default=0.0)
    return Drawing(
        height=place(frame.height),
        areas=_areas(view, frame.points),
        unused=unused,
        roads=roads,
        minor=minor,
        dots=_dots(view, frame),
        labels=_labels(view, frame),
        bar=place(bar_km * frame.scale),
        bar_km=bar_km,
    )


def carried_by_road(view: View) -> pd.Series[float]:
    """Return the tonnes that loaded legs carry over each road, both directions together, index: road."""
    moved = view.plan.shipments
    weight = moved["quantity"] * moved["commodity"].map(view.tonnes)
    by_route = weight.groupby(moved["route"]).sum()
    roads = by_route.index.to_series().str.split(";").explode()
    return by_route.reindex(roads.index).groupby(roads.to_numpy()).sum()


def _roads(view: View, frame: Frame, carried: pd.Series[float]) -> tuple[str, list[Line], str]:
    """Return the roads without goods, those with, the widest last, and the thinnest of them as one path."""
    roads, points = view.instance.roads, frame.points
    placed = roads["from"].isin(points.index) & roads["to"].isin(points.index)
    seen = roads["from"].isin(frame.inside) | roads["to"].isin(frame.inside)
    drawn = roads[placed & seen].set_index("road")
    start, end = points.loc[drawn["from"]].to_numpy(), points.loc[drawn["to"]].to_numpy()
    both = zip(start.tolist(), end.tolist(), strict=True)
    drawn = drawn[["from", "to"]].assign(d=[path([tuple(one), tuple(other)]) for one, other in both])
    drawn["tonnes"] = carried.reindex(drawn.index).fillna(0.0)
    used = drawn[drawn["tonnes"] > 0].sort_values("tonnes", kind="stable")
    cut = max(0, len(used) - NAMED_ROADS)
    most = float(carried.max()) if len(carried) else 0.0
    lines = [
        Line(d, place(_width(tonnes, most)), _road_title(view, one, other, tonnes))
        for one, other, d, tonnes in records(used.iloc[cut:])
    ]
    return "".join(drawn["d"][drawn["tonnes"] <= 0]), lines, "".join(used["d"].iloc[:cut])


def _road_title(view: View, one: str, other: str, tonnes: float) -> str:
    ends = {"start": view.places[one], "end": view.places[other]}
    return view.texts("map.road_title", tonnes=amount(tonnes), **ends)


def _width(tonnes: float, most: float) -> float:
    return max(0.8, WIDEST_ROAD * math.sqrt(tonnes / most))


def _dots(view: View, frame: Frame) -> list[Dot]:
    """Return the places, the largest first so that small ones stay visible; junctions are left out."""
    places = frame.points.loc[frame.inside].join(view.instance.places.set_index("place")["kind"])
    places = places.join(need_met(view.plan, ["place"])[["asked", "share", "short"]])
    asked = places["asked"].fillna(0.0)
    crowd = math.sqrt(min(1.0, 260 / max(1, int((asked > 0).sum()))))
    most = float(asked.max()) or 1.0
    places["radius"] = np.where(asked > 0, np.maximum(2.2, LARGEST_PLACE * crowd * np.sqrt(asked / most)), 4.5)
    places = places[places["kind"] != "junction"].sort_values("radius", ascending=False, kind="stable")
    columns = ["place", "x", "y", "kind", "asked", "share", "short", "radius"]
    return [_dot(view, frame, *record) for record in records(places.rename_axis("place").reset_index()[columns])]


def _dot(
    view: View,
    frame: Frame,
    identity: str,
    x: float,
    y: float,
    kind: str,
    asked: float,
    share: float,
    short: float,
    radius: float,
) -> Dot:
    """Return one place; `asked` and what follows are NaN or 0 where nobody needs anything."""
    needed = asked > 0
    if needed:
        said = view.texts("map.met_title", share=percent(share), short=amount(short))
    else:
        said = view.texts.named("place_kinds", kind)
    step = sum(share >= limit for limit in SHARE_STEPS) if needed else -1
    return Dot(place(x), place(y), place(radius), kind, step, f"{_told(view, frame, identity)} · {said}")


def _areas(view: View, points: pd.DataFrame) -> list[str]:
    """Return the outline of each district around its places."""
    districts = view.place_district.loc[points.index]
    outlines = []
    for _, members in points.groupby(districts.to_numpy(), sort=True):
        corners = hull([(float(x), float(y)) for x, y in members.to_numpy()])
        outlines.append(path(corners, closed=True))
    return outlines if len(outlines) > 1 else []


def _labels(view: View, frame: Frame) -> list[Label]:
    """Return the names of districts, then of depots, suppliers and hospitals, leaving out those that collide."""
    points = frame.points.loc[frame.inside]
    asked = need_met(view.plan, ["place"])["asked"].reindex(points.index).fillna(0.0)
    districts = view.place_district.loc[points.index].to_numpy()
    middle = points.groupby(districts).median()
    order = asked.groupby(districts).sum().sort_values(ascending=False, kind="stable").index
    wanted = [(middle.loc[zone], view.zones[zone], "area", 13.5) for zone in order] if len(order) > 1 else []
    kinds = view.instance.places.set_index("place")["kind"].loc[points.index]
    for kind in ("hospital", "depot", "supplier"):
        wanted += [
            (points.loc[identity] + [0.0, -8.0], _told(view, frame, identity), "place", 10.5)
            for identity in points.index[kinds == kind]
        ]
    taken: list[tuple[float, float, float, float]] = []
    labels = []
    for position, name, size, pixels in wanted:
        text = name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"
        half = _text_width(text) * pixels / 2
        x = min(max(float(position["x"]), half + 4), WIDTH - half - 4)
        y = max(float(position["y"]), pixels + 2)
        box = (x - half - 2, y - pixels, x + half + 2, y + 3)
        if not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken.append(box)
            labels.append(Label(place(x), place(y), text, size))
    return labels


def _told(view: View, frame: Frame, identity: str) -> str:
    """Return the name of a place, with its distance where it is drawn nearer than it lies."""
    if identity not in frame.outside:
        return view.places[identity]
    return view.texts("map.outside", place=view.places[identity], km=amount(frame.outside[identity]))


def _text_width(text: str) -> float:
    """Return about how wide a text is, in ems."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.56 for letter in text)
