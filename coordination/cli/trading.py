"""What the command ``plan`` says of rounds of prices: costs and bounds, and what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.wording import amount, counted

if TYPE_CHECKING:
    from coordination.plans import Plan

MOST_LINES = 12
"""Rounds that are told; of more, so many evenly spread."""


def rounds_lines(plan: Plan) -> list[str]:
    """Return rounds, bounds and messages of a plan that coalitions came to by trade; nothing of other plans."""
    record = plan.networked
    if record is None:
        return []
    rounds = record["rounds"]
    step = max(1, -(-len(rounds) // MOST_LINES))
    told = [*rounds[:-1:step], rounds[-1]]
    lines = [
        f"{len(record['coalitions'])} coalitions by {record['by']}, {counted(len(rounds) - 1, 'round')} of prices:"
    ]
    for one in told:
        bound = "no bound" if one["bound"] is None else f"at least {amount(one['bound'])}"
        lines.append(f"  round {one['round']}: {amount(one['value'])} ({bound}), {counted(one['offers'], 'offer')}")
    said = plan.messages.groupby("message")[["rows", "bytes"]].sum()
    for message, row in said.iterrows():
        lines.append(f"  said: {message}, {counted(int(row['rows']), 'row')}, {counted(int(row['bytes']), 'byte')}")
    seconds = plan.seconds.get("trade")
    return lines if seconds is None else [*lines, f"  trade took {seconds:.1f} s; every message in messages.csv"]
