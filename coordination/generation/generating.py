"""The front of the generator: which source, which options, one instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import CoordinationError

if TYPE_CHECKING:
    from os import PathLike

    from coordination.generation.city import City
    from coordination.instance import Instance

PEOPLE_PER_COMMUNITY = 60_000
"""Where a population table is given and no number of communities is asked for."""


def generate(
    *,
    population: str | PathLike[str] | None = None,
    network: str | PathLike[str] | None = None,
    communities: int | None = None,
    prefix: str | None = None,
    seed: int = 1,
    periods: int = 14,
    period_hours: float = 12.0,
    commodities: int = 8,
    shortage: float = 0.15,
    tasks: int = 0,
    parties: int = 0,
    road_tonnes: float | None = None,
    minutes_per_unit: float | None = None,
    km_per_unit: float | None = None,
    name: str | None = None,
    title: str | None = None,
) -> Instance:
    """Make an instance of a city: from a population table, on a public road network, or made up.

    Parameters
    ----------
    population : path, optional
        Table of districts (see :func:`coordination.generation.population.read_population`).
    network : path, optional
        Road network in TNTP format (see :mod:`coordination.generation.tntp`); trips and nodes are looked for beside
        it. Every zone becomes a community.
    communities : int, optional
        How many communities in all: alone for a made-up city, or with `population`, where the default is one for
        every 60,000 people.
    prefix : str, optional
        With `population`: only districts whose code begins with it.
    seed : int
        Same seed, same instance.
    periods : int
        Number of periods.
    period_hours : float
        Hours of a period.
    commodities : int
        How many of the ten of the catalogue, in its order.
    shortage : float
        Share of the need that is missing, 0 to 1; a good's own scarcity (0.4 to 1.2) multiplies it.
    tasks, parties : int
        How many there are at least: what the rule does not make is further work, and further teams, in communities.
    road_tonnes : float, optional
        With `network`: tonnes per period for each vehicle of a link's capacity; absent, roads have no capacity.
    minutes_per_unit, km_per_unit : float, optional
        With `network`: units of its times and lengths, where the file does not say.
    name, title : str, optional
        Of the instance.

    Returns
    -------
    Instance

    Raises
    ------
    CoordinationError
        No source or two, an option that does not belong to the source, or an option out of range.
    InstanceError
        The population table or the network is wrong; all problems are listed.
    """
    _check_sources(population, network, communities)
    _check_options(seed, periods, period_hours, commodities, shortage, communities, tasks, parties)
    if prefix is not None and population is None:
        raise CoordinationError("A prefix was given without a population table; expected both, or neither.")
    for option, value in (("road tonnes", road_tonnes), ("minutes", minutes_per_unit), ("km", km_per_unit)):
        if value is not None and network is None:
            raise CoordinationError(f"{option} were given without a network; expected both, or neither.")
        if value is not None and not 0 < value < float("inf"):
            raise CoordinationError(f"{option}: found {value}; expected a number above 0.")
    from coordination.generation.assembly import assemble
    from coordination.instance import Instance

    if network is not None:
        city = _on_network(network, road_tonnes, minutes_per_unit, km_per_unit, name, title)
    else:
        city = _settled(population, prefix, communities, seed, name, title)
    header, tables = assemble(
        city, seed=seed, periods=periods, period_hours=period_hours, commodities=commodities, shortage=shortage,
        least_tasks=tasks, least_parties=parties,
    )  # fmt: skip
    return Instance.from_tables(header, tables)


def _check_sources(population: object, network: object, communities: int | None) -> None:
    if population is not None and network is not None:
        raise CoordinationError("A population table and a network were given; expected one of them.")
    if network is not None and communities is not None:
        raise CoordinationError("Communities were given with a network, whose zones they are; expected one of them.")
    if population is None and network is None and communities is None:
        raise CoordinationError("Nothing to generate from; expected a population table, a network or communities.")


def _check_options(
    seed: int, periods: int, period_hours: float, commodities: int, shortage: float, communities: int | None,
    tasks: int, parties: int,
) -> None:  # fmt: skip
    from coordination.generation.catalogue import GOODS

    limits = (
        ("seed", seed, 0, float("inf")),
        ("periods", periods, 1, 1_000),
        ("period hours", period_hours, 0.25, 168),
        ("commodities", commodities, 1, len(GOODS)),
        ("shortage", shortage, 0, 1),
        ("tasks", tasks, 0, 1_000_000),
        ("parties", parties, 0, 1_000_000),
        ("communities", 1 if communities is None else communities, 1, 100_000),
    )
    for option, value, low, high in limits:
        if not low <= value <= high:
            raise CoordinationError(f"{option}: found {value}; expected {low} to {high}.")


def _settled(
    population: str | PathLike[str] | None,
    prefix: str | None,
    communities: int | None,
    seed: int,
    name: str | None,
    title: str | None,
) -> City:
    """Return a city by rule, from a population table or made up."""
    from coordination.generation.city import city_of
    from coordination.generation.draws import Draws
    from coordination.generation.population import read_population, synthetic_population
    from coordination.generation.settlement import settle

    draws = Draws(seed)
    if population is None:
        count = communities or 1
        districts = synthetic_population(count, draws)
        source = f"Made up by coordination generate: {count} communities, seed {seed}."
        name, title = name or f"synthetic-{count}", title or f"A made-up city of {count} communities"
    else:
        districts = read_population(population, prefix)
        people = int(districts["population"].sum())
        count = communities or max(len(districts), round(people / PEOPLE_PER_COMMUNITY))
        source = (
            f"Population of {len(districts)} districts from the given table; everything within and besides by the "
            f"rules of coordination generate, seed {seed}."
        )
        name, title = name or "city", title or f"A city of {people:,} people"
    return city_of(settle(districts, count, draws), name, title, source)


def _on_network(
    network: str | PathLike[str],
    road_tonnes: float | None,
    minutes_per_unit: float | None,
    km_per_unit: float | None,
    name: str | None,
    title: str | None,
) -> City:
    """Return a city on a public road network."""
    from coordination.generation.public_roads import city_on
    from coordination.generation.tntp import read_network

    found = read_network(network)
    return city_on(found, road_tonnes, minutes_per_unit, km_per_unit, name, title)
