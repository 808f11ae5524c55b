"""Operating modes of the independent model: severity, thresholds, what is to be done in which mode."""

from __future__ import annotations

from tests.support.reading import Plain, Row, split


def acted_on(world: Plain, zone: str, indicator: Row, period: int) -> float | None:
    """Return the value of an indicator that one acts on in a zone and period.

    That is the last one seen that was certain, or forecast where none was: one cause of doubt is another value in the
    same period, the other a sudden change that the next value does not confirm.
    """
    most = abs(indicator["severe"] - indicator["normal"]) / 2
    rows = [
        row
        for row in world.tables["observations"]
        if row["zone"] == zone and row["indicator"] == indicator["indicator"] and row["period"] <= period
    ]
    acting: float | None = None
    trusted: float | None = None
    doubted: float | None = None
    for t in sorted({row["period"] for row in rows}):
        seen = {row["value"] for row in rows if row["period"] == t and not row["forecast"]}
        told = {row["value"] for row in rows if row["period"] == t and row["forecast"]}
        sure = False
        if len(seen) == 1:
            (value,) = seen
            sure = trusted is None or abs(value - trusted) <= most
            sure = sure or (doubted is not None and abs(value - doubted) <= most)
            if sure:
                acting, trusted, doubted = value, value, None
            else:
                doubted = value
        if not sure and len(told) == 1:
            (acting,) = told
    return acting


def severity(world: Plain, zone: str, period: int) -> float | None:
    """Return the severity of the nearest zone around (or the zone itself) that knows one."""
    for around in world.chain(zone):
        known = [(row, acted_on(world, around, row, period)) for row in world.tables["indicators"]]
        known = [(row, value) for row, value in known if value is not None]
        if known:
            shares = [
                row["weight"] * min(1.0, max(0.0, (value - row["normal"]) / (row["severe"] - row["normal"])))
                for row, value in known
            ]
            return sum(shares) / sum(row["weight"] for row, _ in known)
    return None


def mode(world: Plain, zone: str, period: int) -> str:
    """Return the operating mode of a zone in a period."""
    if world.policy.mode != "thresholds":
        return str(world.policy.mode)
    first = min([0, *(row["period"] for row in world.tables["observations"])])
    now = "normal"
    latches = dict.fromkeys(world.policy.thresholds, False)
    for t in range(first, period + 1):
        s = severity(world, zone, t)
        for name, (on, off) in world.policy.thresholds.items():
            if s is not None and s >= on:
                latches[name] = True
            if s is not None and s <= off:
                latches[name] = False
        now = "emergency" if latches.get("emergency") else "parallel" if latches.get("parallel") else "normal"
    return now


def is_normal(world: Plain, task: Row, period: int) -> bool:
    """Whether the zone of a task is in normal mode."""
    return "normal mode" not in world.without and world.mode(task["zone"], period) == "normal"


def asked_for(world: Plain, task: Row, period: int) -> bool:
    """Whether the zone of a task is in a mode in which it is to be done."""
    wanted = split(task.get("mode") or "any")
    return "task modes" in world.without or "any" in wanted or world.mode(task["zone"], period) in wanted


def window(world: Plain, task: Row) -> list[int]:
    """Periods of a task in which its zone is in a mode that asks for it."""
    last = world.periods - 1 if task.get("end") is None else int(task["end"])
    return [t for t in range(int(task.get("start") or 0), last + 1) if asked_for(world, task, t)]
