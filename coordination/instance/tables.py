"""The tables of an instance by name: row model, columns and keys.

The columns themselves are declared in :mod:`coordination.instance.rows`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from coordination.instance.columns import Column, Row, columns_of
from coordination.instance.damage_rows import Damage
from coordination.instance.forecast_rows import Forecast, Outlook
from coordination.instance.mode_rows import ModeRule
from coordination.instance.preparation_rows import Floor, Move, Option, Purchase, Standby
from coordination.instance.risk_rows import Assurance, Loss, Rotation
from coordination.instance.rows import (
    Arrival,
    Backlog,
    Commodity,
    Conflict,
    Dependence,
    Deprivation,
    Effect,
    Effort,
    Event,
    Facility,
    FiscalTier,
    Fleet,
    Held,
    Indicator,
    Interest,
    Mandate,
    Module,
    Need,
    Observation,
    Party,
    Pin,
    Place,
    Road,
    Scenario,
    ServiceFloor,
    Skill,
    Stock,
    Task,
    Zone,
)
from coordination.instance.vocabulary import DOMAINS, EFFECT_TABLES, LEVELS, PARTY_KINDS, PLACE_KINDS

__all__ = [
    "DOMAINS",
    "EFFECT_TABLES",
    "LEVELS",
    "PARTY_KINDS",
    "PLACE_KINDS",
    "TABLES",
    "Table",
]


@dataclass(frozen=True)
class Table:
    """A table of the contract.

    Attributes
    ----------
    name : str
        Name of the table, its file and its sheet.
    row : type of Row
        The row model that declares it.
    unique : tuple of str
        Columns that no two rows may share; empty where rows add up.
    """

    name: str
    row: type[Row]
    unique: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """Columns by name, in contract order."""
        return MappingProxyType({column.name: column for column in columns_of(self.row)})

    @property
    def meaning(self) -> str:
        """One sentence on what a row is."""
        return " ".join((self.row.__doc__ or "").split())


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            Table("zones", Zone, ("zone",)),
            Table("places", Place, ("place",)),
            Table("roads", Road, ("road",)),
            Table("parties", Party, ("party",)),
            Table("skills", Skill, ("party", "skill")),
            Table("commodities", Commodity, ("commodity",)),
            Table("deprivation", Deprivation, ("commodity", "periods_without")),
            Table("stocks", Stock),
            Table("arrivals", Arrival),
            Table("needs", Need, ("place", "commodity", "period", "group")),
            Table("backlogs", Backlog, ("place", "commodity", "group", "age")),
            Table("fleets", Fleet, ("fleet",)),
            Table("tasks", Task, ("task",)),
            Table("efforts", Effort, ("task", "party")),
            Table("interests", Interest, ("party", "domain")),
            Table("facilities", Facility, ("place", "emergency_use")),
            Table("scenarios", Scenario, ("scenario",)),
            Table("effects", Effect),
            Table("observations", Observation),
            Table("depends", Dependence, ("task", "on")),
            Table("mandates", Mandate),
            Table("conflicts", Conflict, ("task", "other")),
            Table("pins", Pin),
            Table("options", Option, ("place", "use", "size")),
            Table("purchases", Purchase, ("place", "commodity", "owner")),
            Table("moves", Move, ("fleet",)),
            Table("standby", Standby),
            Table("floors", Floor),
            Table("indicators", Indicator, ("indicator",)),
            Table("service_floors", ServiceFloor, ("zone", "service", "mode")),
            Table("tiers", FiscalTier, ("level",)),
            Table("held", Held, ("table", "id", "mode")),
            Table("events", Event),
            Table("damage", Damage),
            Table("modules", Module, ("place", "emergency_use", "module")),
            Table("rotation", Rotation, ("place", "taker", "commodity")),
            Table("assurances", Assurance),
            Table("losses", Loss, ("table", "id")),
            Table("forecasts", Forecast, ("forecast",)),
            Table("outlooks", Outlook),
            Table("mode_rules", ModeRule, ("zone", "mode")),
        )
    }
)
"""Every table of the contract, in contract order."""
