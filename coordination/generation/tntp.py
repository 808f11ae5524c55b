"""Road networks in TNTP format: reading and checking them.

The format is that of https://github.com/bstabler/TransportationNetworks: header lines ``<TAG> value`` up to
``<END OF METADATA>``, then one line a directed link, ``init term capacity length time b power speed toll type ;``.
Lines that begin with ``~`` are comments. Beside ``X_net.tntp`` may lie ``X_trips.tntp`` (``Origin i``,
``j : flow;``) and ``X_node.tntp`` (``node x y ;``) or a GeoJSON file of points with an ``id``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.errors import InstanceError, Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from numpy.typing import NDArray

TAGS = ("NUMBER OF ZONES", "NUMBER OF NODES", "FIRST THRU NODE", "NUMBER OF LINKS")
LINK_FIELDS = ("init node", "term node", "capacity", "length", "free flow time")
FLOW_TOLERANCE = 0.01
"""How far the trips may sum from the header's total, as a share: published totals are rounded."""

Lines = list[tuple[int, str]]


@dataclass(frozen=True)
class PublicNetwork:
    """A road network as its files give it, in its own units.

    Attributes
    ----------
    name : str
        Stem of the file without ``_net``.
    zones, nodes, first_thru : int
        Zones are the nodes 1 to `zones`; nodes below `first_thru` may not be passed through.
    links : DataFrame
        ``init``, ``term``, ``capacity`` (vehicles), ``length``, ``time``, in the order of the file.
    trips : ndarray of float, shape (zones,), or None
        Trips that begin in each zone; None without a trip table.
    points : DataFrame or None
        ``x``, ``y`` by node; None without coordinates.
    units : str
        What the header says of units, lower case.
    """

    name: str
    zones: int
    nodes: int
    first_thru: int
    links: pd.DataFrame
    trips: NDArray[np.float64] | None
    points: pd.DataFrame | None
    units: str


def read_network(path: str | PathLike[str]) -> PublicNetwork:
    """Read a TNTP network, and the trips and nodes beside it.

    Parameters
    ----------
    path : path
        The net file.

    Returns
    -------
    PublicNetwork

    Raises
    ------
    InstanceError
        The files are not what the format says; every line that is wrong is listed.
    """
    path = Path(path)
    lines = _lines(path)
    header, body = _header(path.name, lines, TAGS)
    zones, nodes, first_thru, count = (header[tag] for tag in TAGS)
    problems = [
        Problem(path.name, None, tag, shown(header[tag]), f"a whole number from {low} to {high}")
        for tag, low, high in (("NUMBER OF ZONES", 1, nodes), ("FIRST THRU NODE", 1, nodes + 1))
        if not low <= header[tag] <= high
    ]
    links = _links(path.name, body, nodes, count, problems)
    trips_file, points_file = _beside(path, "_trips.tntp"), _points_file(path)
    trips = _trips(trips_file, zones, problems) if trips_file else None
    points = _points(points_file, nodes, problems) if points_file else None
    if problems:
        raise InstanceError(problems)
    units = " ".join(text.lower() for _, text in lines if text.startswith("<ORIGINAL HEADER>"))
    name = re.sub(r"_net$", "", path.stem, flags=re.IGNORECASE)
    return PublicNetwork(name, zones, nodes, first_thru, links, trips, points, units)


def _lines(path: Path) -> Lines:
    """Numbered lines that say something."""
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise InstanceError(
            [Problem(path.name, None, None, error.strerror or "an error", "a readable file")]
        ) from error
    stripped = ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, line) for number, line in stripped if line and not line.startswith("~")]


def _header(table: str, lines: Lines, tags: tuple[str, ...]) -> tuple[dict[str, int], Lines]:
    """Whole numbers of the header, and the lines after it."""
    ends = [place for place, (_, line) in enumerate(lines) if line.upper().startswith("<END OF METADATA>")]
    if not ends:
        raise InstanceError([Problem(table, None, None, "no <END OF METADATA>", "a header that ends with it")])
    values: dict[str, int] = {}
    problems = []
    for number, line in lines[: ends[0]]:
        match = re.match(r"<([^>]*)>\s*(.*)", line)
        tag = match.group(1).strip().upper() if match else ""
        if match is None or tag not in tags:
            continue
        text = match.group(2).split("~")[0].split(";")[0].strip()
        try:
            values[tag] = int(text)
        except ValueError:
            problems.append(Problem(table, number, tag, shown(text), "a whole number"))
            values[tag] = 0
    problems += [Problem(table, None, tag, "nothing", f"<{tag}> in the header") for tag in tags if tag not in values]
    if problems:
        raise InstanceError(problems)
    return values, lines[ends[0] + 1 :]


def _links(table: str, lines: Lines, nodes: int, count: int, problems: list[Problem]) -> pd.DataFrame:
    """Links of the body, problems added to the list."""
    links = []
    for number, line in lines:
        fields = line.split(";")[0].split()
        if len(fields) < len(LINK_FIELDS):
            problems.append(Problem(table, number, None, shown(line), "init term capacity length time … ;"))
            continue
        values = [_number(text) for text in fields[: len(LINK_FIELDS)]]
        ends = values[:2]
        for name, text, value in zip(LINK_FIELDS, fields, values, strict=False):
            if name.endswith("node"):
                if value not in range(1, nodes + 1):
                    problems.append(Problem(table, number, name, shown(text), f"a node from 1 to {nodes}"))
            elif not 0 <= value < math.inf:
                problems.append(Problem(table, number, name, shown(text), "a number, 0 or more"))
        if ends[0] == ends[1]:
            problems.append(Problem(table, number, "term node", shown(fields[1]), "another node than the init node"))
        links.append(values)
    if len(links) != count:
        found, expected = f"{len(links)} links", f"{count}, as <NUMBER OF LINKS> says"
        problems.append(Problem(table, None, None, found, expected, "The file may be cut short."))
    frame = pd.DataFrame(links or np.empty((0, 5)), columns=["init", "term", "capacity", "length", "time"], dtype=float)
    if problems:
        return frame
    return frame.astype({"init": np.int64, "term": np.int64})


def _trips(path: Path, zones: int, problems: list[Problem]) -> NDArray[np.float64]:
    """Trips that begin in each zone."""
    table, totals, origin = path.name, np.zeros(zones), 0
    lines = _lines(path)
    _, body = _header(table, lines, ())
    seen: set[tuple[int, int]] = set()
    for number, line in body:
        if line.lower().startswith("origin"):
            origin = int(line.split()[1]) if re.fullmatch(r"origin\s+\d+\s*", line.lower()) else -1
            if not 1 <= origin <= zones:
                problems.append(Problem(table, number, "Origin", shown(line[6:].strip()), f"a zone from 1 to {zones}"))
                origin = -1
            continue
        for part in filter(None, map(str.strip, line.split(";"))):
            zone, _, text = (piece.strip() for piece in part.partition(":"))
            to, flow = _number(zone), _number(text)
            if origin == 0:
                problems.append(Problem(table, number, None, shown(part), "an Origin before the first trips"))
            elif to not in range(1, zones + 1) or not 0 <= flow < math.inf:
                problems.append(Problem(table, number, None, shown(part), f"zone : trips, zones 1 to {zones}"))
            elif (origin, int(to)) in seen:
                problems.append(Problem(table, number, None, shown(part), f"trips from {origin} to {zone} once"))
            elif origin > 0:
                seen.add((origin, int(to)))
                totals[origin - 1] += flow
    said = [_number(line.split(">")[1].strip()) for _, line in lines if line.upper().startswith("<TOTAL OD FLOW>")]
    if said and not problems and abs(totals.sum() - said[0]) > FLOW_TOLERANCE * max(said[0], 1.0):
        found = f"trips that sum to {totals.sum():,.1f}"
        problems.append(Problem(table, None, None, found, f"{said[0]:,.1f}, as <TOTAL OD FLOW> says"))
    return totals


def _points(path: Path, nodes: int, problems: list[Problem]) -> pd.DataFrame:
    """Coordinates by node, in the file's own units."""
    rows = list(_geojson(path, problems) if path.suffix == ".geojson" else _node_lines(path, nodes, problems))
    return pd.DataFrame(rows, columns=["node", "x", "y"]).drop_duplicates("node").set_index("node")


def _node_lines(path: Path, nodes: int, problems: list[Problem]) -> Iterator[tuple[int, float, float]]:
    for number, line in _lines(path):
        fields = line.replace(";", " ").split()
        if not fields or not fields[0].isdigit():
            continue  # the heading
        values = [_number(text) for text in fields[:3]]
        if len(values) < 3 or not all(map(math.isfinite, values)) or values[0] not in range(1, nodes + 1):
            problems.append(Problem(path.name, number, None, shown(line), f"node x y, nodes 1 to {nodes}"))
        else:
            yield int(values[0]), values[1], values[2]


def _geojson(path: Path, problems: list[Problem]) -> Iterator[tuple[int, float, float]]:
    import json

    try:
        for feature in json.loads(path.read_bytes())["features"]:
            x, y = feature["geometry"]["coordinates"][:2]
            yield int(feature["properties"]["id"]), float(x), float(y)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        problems.append(Problem(path.name, None, None, shown(str(error)), "GeoJSON points with an id each"))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _beside(path: Path, ending: str) -> Path | None:
    """Find the file of the same network with another ending, whatever its case."""
    wanted = re.sub(r"_net$", "", path.stem, flags=re.IGNORECASE).lower() + ending
    return next((file for file in sorted(path.parent.iterdir()) if file.name.lower() == wanted), None)


def _points_file(path: Path) -> Path | None:
    """Coordinates beside the network: a node file, or the folder's only GeoJSON file of nodes."""
    named = _beside(path, "_node.tntp") or _beside(path, "_nodes.tntp") or _beside(path, "_nodes.geojson")
    stem = re.sub(r"_net$", "", path.stem, flags=re.IGNORECASE).lower()
    near = [file for file in sorted(path.parent.glob("*.geojson")) if file.name.lower().startswith(stem)]
    return named or (near[0] if near else None)
