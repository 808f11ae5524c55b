"""Facilities: which are away from everyday use, when and for what, who comes, what of everyday value that loses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coordination.wording import listed, periods

if TYPE_CHECKING:
    from coordination.report.view import View


def facilities(view: View) -> list[dict[str, Any]]:
    """Return one row for each facility that is away from everyday use.

    Returns
    -------
    list of dict
        ``name``, ``service`` (its everyday service), ``course`` (modes with their periods), ``visits`` (people who
        come, all periods together), ``lost`` (everyday value, money); those that lose most first.
    """
    plan = view.plan
    halls = plan.instance.facilities.drop_duplicates("place").set_index("place")
    come = plan.visits.groupby("facility")["quantity"].sum()
    rows = []
    for place, mine in plan.facilities.groupby("place"):
        course = [f"{mode}: {periods(part['period'].tolist())}" for mode, part in mine.groupby("mode", sort=False)]
        rows.append(
            {
                "name": view.places[str(place)],
                "service": str(halls["service"][place]),
                "course": listed(course, len(course)),
                "visits": float(come.get(place, 0.0)),
                "lost": float(halls["everyday_value"][place]) * len(mine),
            }
        )
    return sorted(rows, key=lambda row: (-row["lost"], row["name"]))
