"""Aggregate an instance: every part of it, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.aggregation.areas import areas_above, zones_kept
from coordination.aggregation.effects import effects_together
from coordination.aggregation.observations import observations_together
from coordination.aggregation.parties import parties_together, party_heads
from coordination.aggregation.places import heads_of, places_together
from coordination.aggregation.tasks import task_heads, tasks_together
from coordination.errors import UsageError
from coordination.instance import expect_instance
from coordination.wording import counted

if TYPE_CHECKING:
    from coordination.instance import Instance

REFUSED = {
    "held": "what goes on from before the horizon",
    "pins": "corrections by hand",
    "damage": "what is broken and who mends it",
}
"""Tables whose rows speak of single tasks, places and parties in ways that do not add up."""


def aggregate(instance: Instance, level: str) -> Instance:
    """Give the instance with everything below a level of its zones put together.

    Parameters
    ----------
    instance : Instance
        In full.
    level : str
        community, street, district, city or metro: zones below it go into the zone of the level around them. Zones that
        a rule names stay, and so do trees that end below the level.

    Returns
    -------
    Instance
        The same scenario active. Needs of the communities of an area are at one of them; parties that bring nothing but
        hours are one of a kind and area, and tasks too. Roads, stores, stocks, fleets, owners, what may be prepared,
        and whatever a rule names are as they were, under the same ids: what is decided about them can be carried out in
        full. News (table ``events``) is left out.

    Raises
    ------
    UsageError
        The level is none, or a table has rows that cannot be put together.

    Notes
    -----
    What is put together shares its hours and is equally far, so an aggregate can do a little more than the city, or a
    little less where a place is nearer than the one that stands for it. How much that matters, plans of the full city
    say.
    """
    expect_instance(instance)
    for table, what in REFUSED.items():
        if len(instance.tables[table]):
            raise UsageError(
                f"aggregate: {instance.name} has {what} (table {table}, {counted(len(instance.tables[table]), 'row')}):"
                " nothing puts that together. Leave the table out, or take the instance in full."
            )
    above = areas_above(instance, level)
    head = heads_of(instance, above)
    together = np.bincount(head, minlength=len(head))[head] > 1
    party_into = party_heads(instance, above, set(instance.places["place"][together]))
    task_into = task_heads(instance, above)
    tables: dict[str, Any] = {
        "zones": zones_kept(instance, above),
        **places_together(instance, above, head, party_into),
        **parties_together(instance, above, party_into),
        **tasks_together(instance, above, task_into, party_into),
        "effects": effects_together(instance, above, head, party_into),
        "observations": observations_together(instance, above),
        "events": instance.given("events").iloc[:0],
    }
    return instance.replace(**tables)
