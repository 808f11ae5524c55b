"""Districts and how many people live in them: from a population table, or made up."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.errors import InstanceError, Problem, shown
from coordination.generation.apportionment import apportion

if TYPE_CHECKING:
    from os import PathLike

    from coordination.generation.draws import Draws

NUMBERS = {
    "population": (0.0, math.inf, "a whole number of people, 0 or more"),
    "share_65_plus": (0.0, 1.0, "a share between 0 and 1"),
    "lon": (-180.0, 180.0, "a longitude in degrees"),
    "lat": (-90.0, 90.0, "a latitude in degrees"),
    "area_km2": (1e-6, math.inf, "an area in square kilometres, more than 0"),
}
"""Number columns of a population table: lowest and highest value, and what is expected."""

PEOPLE_PER_SYNTHETIC_COMMUNITY = 5_000
"""A Chinese urban community (shequ) serves some 3,000 to 10,000 people."""


def read_population(path: str | PathLike[str], prefix: str | None = None) -> pd.DataFrame:
    """Read a population table, one row a district.

    Parameters
    ----------
    path : path
        CSV file, UTF-8, with the columns ``code``, ``name``, ``population``, ``share_65_plus``, ``lon``, ``lat``
        and ``area_km2``; others are passed over.
    prefix : str, optional
        Only districts whose code begins with it.

    Returns
    -------
    DataFrame
        ``code``, ``name``, ``population`` (people), ``elderly`` (people of 65 and over: population times share,
        rounded to whole people), ``lon``, ``lat`` (degrees), ``area_km2``, in the order of the file.

    Raises
    ------
    InstanceError
        A column is missing, a number is no number or out of range, a code is empty or comes twice, or no district
        is left.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InstanceError([Problem(path.name, None, None, str(error), "a readable CSV file in UTF-8")]) from error
    rows = list(csv.DictReader(lines, strict=False))
    missing = [name for name in ("code", "name", *NUMBERS) if not rows or rows[0].get(name) is None]
    if missing:
        expected = "the columns code, name, " + ", ".join(NUMBERS)
        found = "no rows" if not rows else "no column " + ", ".join(missing)
        raise InstanceError([Problem(path.name, 1, None, found, expected)])
    numbered = [(line, row) for line, row in enumerate(rows, start=2) if row["code"].startswith(prefix or "")]
    if not numbered:
        expected = f"at least one district whose code begins with {prefix}"
        raise InstanceError([Problem(path.name, None, "code", "none", expected)])
    problems = [problem for line, row in numbered for problem in _problems(path.name, line, row)]
    codes = [row["code"] for _, row in numbered]
    problems += [
        Problem(path.name, line, "code", shown(row["code"]), "a code of its own, not empty")
        for place, (line, row) in enumerate(numbered)
        if not row["code"].strip() or row["code"] in codes[:place]
    ]
    if problems:
        raise InstanceError(problems)
    frame = pd.DataFrame({name: [float(row[name]) for _, row in numbered] for name in NUMBERS})
    population = frame["population"].to_numpy()
    return pd.DataFrame(
        {
            "code": codes,
            "name": [row["name"] for _, row in numbered],
            "population": population.astype(np.int64),
            "elderly": np.floor(population * frame["share_65_plus"].to_numpy() + 0.5).astype(np.int64),
            "lon": frame["lon"],
            "lat": frame["lat"],
            "area_km2": frame["area_km2"],
        }
    )


def _problems(table: str, line: int, row: dict[str, str | None]) -> list[Problem]:
    """List what is wrong with the numbers of one row."""
    problems = []
    for name, (low, high, expected) in NUMBERS.items():
        text = row[name]
        try:
            value = float(text or "")
        except ValueError:
            value = math.nan
        whole = name != "population" or value == math.floor(value) if math.isfinite(value) else False
        if not (whole and low <= value <= high):
            problems.append(Problem(table, line, name, shown(text or None), expected))
    return problems


def synthetic_population(communities: int, draws: Draws) -> pd.DataFrame:
    """Make up the districts of a city.

    Districts lie on a sunflower spiral (Vogel 1979), the inner ones smaller and denser, as in most cities; 8 to 18 in
    100 people are 65 or over.

    Parameters
    ----------
    communities : int
        How many communities the city will have; its people are 5,000 times as many.
    draws : Draws
        Seeded draws.

    Returns
    -------
    DataFrame
        As :func:`read_population`, codes ``D01``, ``D02``, ….
    """
    count = int(np.clip(round(math.sqrt(communities) / 1.1), 1, communities))
    weights = draws.uniform("district population", count, 0.5, 1.5)
    population = apportion(communities * PEOPLE_PER_SYNTHETIC_COMMUNITY, weights, minimum=1)
    share = draws.uniform("district share of 65 and over", count, 0.08, 0.18)
    steps = np.arange(count)
    angle = math.radians(137.50776) * steps
    density = 12_000 / (1 + 8 * steps / count)
    area = population / density
    radius_km = np.sqrt(np.cumsum(area) / math.pi) * np.where(steps == 0, 0.0, 1.1)
    width = len(str(count))
    return pd.DataFrame(
        {
            "code": [f"D{step + 1:0{width}d}" for step in steps],
            "name": [f"District {step + 1}" for step in steps],
            "population": population,
            "elderly": np.floor(population * share + 0.5).astype(np.int64),
            "lon": np.round(radius_km * np.cos(angle) / 111.32, 5),
            "lat": np.round(radius_km * np.sin(angle) / 110.57, 5),
            "area_km2": np.round(area, 2),
        }
    )
