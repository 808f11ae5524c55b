"""What people need in an emergency: ten commodities, what a person needs of each, and where the figure comes from.

Sources: Sphere Association (2018), *The Sphere Handbook*, 4th edition; World Food Programme, typical food basket of
2,100 kcal per person and day; Chinese Nutrition Society (2022), *Dietary guidelines for Chinese residents*; National
Health Commission of China (2019, share of the elderly with a chronic illness; 2021, hospital beds per thousand);
China Development Research Foundation (2019), survey of breastfeeding; National Bureau of Statistics, 2020 census (12
million births, 1,412 million people). What stands as *assumed* is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Rhythm = Literal["period", "day", "once"]
Where = Literal["everywhere", "affected", "hospitals"]
Source = Literal["farm", "factory", "medical"]


@dataclass(frozen=True)
class Good:
    """A commodity and the rule of its need.

    Attributes
    ----------
    commodity, name, unit : str
        As in the table of commodities.
    kg : float
        Kilograms per unit.
    per_day : tuple of float
        Units a person of the general group and one of the vulnerable group (65 and over) needs a day; at hospitals
        units per bed and day, all counted as vulnerable. A good needed once: units per person, once.
    infants : float
        Units per day and head of the whole population, counted with the vulnerable group.
    where : str
        ``everywhere``; ``affected``: only where piped water failed; ``hospitals``.
    rhythm : str
        The need falls due each ``period``, each ``day`` or ``once``, on the second day.
    carry_over : float
        Share of an unmet need that is still there 12 hours later.
    shelf_hours : float or None
        Hours from arrival until it spoils.
    stretch : float
        How many times longer people endure going without this than without water (see ``deprivation.py``).
    persons : float
        Persons who need one unit a day (once, where it is needed once): for pricing what going without costs them.
    scarcity : float
        Share of the general shortage that falls on it: supply is ``1 − shortage·scarcity`` times the need.
    source : str
        What kind of supplier it comes from.
    origin : str
        Where the figures come from.
    """

    commodity: str
    name: str
    unit: str
    kg: float
    per_day: tuple[float, float]
    where: Where
    rhythm: Rhythm
    carry_over: float
    stretch: float
    scarcity: float
    source: Source
    persons: float
    origin: str
    infants: float = 0.0
    shelf_hours: float | None = None


GOODS = (
    Good(
        "water", "Drinking water", "litre", 1.0, (3.0, 3.0), "affected", "period", 0.5, 1.0, 1.0, "factory",
        1 / 3, "Sphere 2018: survival need, drinking and food, 2.5 to 3 litres of the 15 litres a day in all",
    ),
    Good(
        "staples", "Flour, rice, pulses and oil", "kg", 1.0, (0.555, 0.555), "everywhere", "day", 0.6, 3.0, 0.6, "farm",
        1 / 0.555, "WFP basket, 2,100 kcal: cereals 400 g, pulses 60, oil 25, blended food 50, sugar 15, salt 5",
    ),
    Good(
        "vegetables", "Fresh vegetables", "kg", 1.0, (0.3, 0.3), "everywhere", "day", 0.3, 6.0, 1.2, "farm",
        1 / 0.3, "Chinese Nutrition Society 2022: at least 300 g a day; shelf life of 60 hours assumed",
        shelf_hours=60.0,
    ),
    Good(
        "medicines", "Medicines for the chronically ill", "day's course", 0.02, (0.15, 0.75), "everywhere", "day", 0.8,
        1.5, 1.0, "medical",
        1.0, "National Health Commission 2019: 75 % of the elderly have a chronic illness; 15 % of the others assumed",
    ),
    Good(
        "formula", "Infant formula", "kg", 1.15, (0.0, 0.0), "everywhere", "day", 0.5, 1.0, 0.5, "medical",
        1 / 0.13, "8.5 infants per 1,000 people (census), 70 % not exclusively breastfed (CDRF 2019), 130 g a day",
        infants=0.0085 * 0.7 * 0.13,
    ),
    Good(
        "hygiene_kits", "Hygiene kits", "kit", 2.0, (1 / 2.5, 1 / 2.5), "affected", "once", 1.0, 12.0, 0.8, "factory",
        2.5, "Sphere 2018: a kit a household and month; 2.5 persons a household (census)",
    ),
    Good(
        "protective_sets", "Protective sets for hospital staff", "set", 0.25, (0.0, 2.0), "hospitals", "period", 0.2,
        6.0, 0.4, "medical",
        0.5, "two sets per bed and day, assumed",
    ),
    Good(
        "oxygen", "Oxygen cylinders (40 litres)", "cylinder", 60.0, (0.0, 0.03), "hospitals", "period", 0.5, 1.0, 0.6,
        "medical",
        1.0, "3 % of beds use one cylinder a day, assumed",
    ),
    Good(
        "blankets", "Blankets", "blanket", 1.5, (1.0, 1.0), "affected", "once", 1.0, 4.0, 0.8, "factory",
        1.0, "Sphere 2018: one blanket a person",
    ),
    Good(
        "fuel", "Heating fuel", "kg", 1.0, (1.0, 1.5), "affected", "day", 0.4, 4.0, 0.6, "factory",
        1.0, "1 kg of briquettes a person and day, assumed",
    ),
)  # fmt: skip
"""The catalogue; a city with n commodities takes the first n."""

BEDS_PER_1000 = 6.46
"""Hospital beds per 1,000 people, China 2020 (National Health Commission 2021)."""
