"""What is worth knowing about the data and is no error: one function and one sentence each.

Findings that need the network (needs that nothing can reach, the cheapest bringing) are made elsewhere.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from coordination.instance.areas import Areas
from coordination.instance.policy import Policy
from coordination.instance.raw import Finding
from coordination.wording import listed

Tables = Mapping[str, pd.DataFrame]


def first_period_cost(tables: Tables) -> pd.Series:
    """Social cost of one unit missing for one period, C(1), by commodity.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Validated tables; ``commodities`` and ``deprivation`` are used.

    Returns
    -------
    Series, index commodity, money per unit
        From the rows of deprivation where there are some, else cost_without.
    """
    cost = tables["commodities"].set_index("commodity")["cost_without"].copy()
    for commodity, curve in tables["deprivation"].sort_values("periods_without").groupby("commodity"):
        times = np.r_[0.0, curve["periods_without"].to_numpy()]
        heights = np.r_[0.0, curve["cost_per_unit"].to_numpy()]
        last = (heights[-1] - heights[-2]) / (times[-1] - times[-2])
        cost.loc[str(commodity)] = (
            np.interp(1.0, times, heights) if times[-1] >= 1 else heights[-1] + last * (1 - times[-1])
        )
    return cost


def cheap_deprivation(policy: Policy, periods: int, tables: Tables) -> list[Finding]:
    """Find commodities that a plan would rather leave unserved than let overflow.

    Parameters
    ----------
    policy : Policy
        Gives the overflow price and group weights.
    periods : int
        Length of the horizon.
    tables : mapping of str to DataFrame
        Validated tables.

    Returns
    -------
    list of Finding
        One per commodity whose first-period deprivation per tonne is below the overflow price.
    """
    needed = pd.concat([tables["needs"][["commodity", "group"]], tables["backlogs"][["commodity", "group"]]])
    weights = needed.drop_duplicates().assign(weight=lambda pairs: pairs["group"].map(policy.group_weights))
    lightest = weights.groupby("commodity")["weight"].min()
    commodities = tables["commodities"].set_index("commodity")
    per_tonne = first_period_cost(tables) * 1000 / commodities["kg"] * lightest.reindex(commodities.index)
    return [
        Finding(
            "deprivation",
            f"commodity {commodity!r}",
            f"a tonne missing for a period costs {cost:g} (lightest group), below the overflow price "
            f"{policy.overflow_cost:g}: a plan may leave people without to save storage. Raise cost_without.",
        )
        for commodity, cost in per_tonne[per_tonne < policy.overflow_cost].items()
    ]


def breakpoints_out_of_reach(policy: Policy, periods: int, tables: Tables) -> list[Finding]:
    """Find breakpoints of deprivation that no need can reach within the horizon.

    Parameters
    ----------
    policy : Policy
        Not used.
    periods : int
        Length of the horizon: need of period 0 has waited that long at its end.
    tables : mapping of str to DataFrame
        Validated tables.

    Returns
    -------
    list of Finding
        One per commodity with such breakpoints.
    """
    oldest = tables["backlogs"].groupby("commodity")["age"].max() + periods
    curve = tables["deprivation"]
    reach = curve["commodity"].map(oldest).fillna(periods)
    beyond = curve[curve["periods_without"] > reach].groupby("commodity")["periods_without"]
    return [
        Finding(
            "deprivation",
            f"commodity {commodity!r}",
            f"breakpoints at {', '.join(f'{time:g}' for time in sorted(times))} periods without can never be reached "
            f"within {periods} periods.",
        )
        for commodity, times in beyond
    ]


def _able(pairs: pd.DataFrame, tables: Tables) -> "pd.Series[bool]":
    """Whether each (party, skill, zone) pair fits: the party has the skill and a jurisdiction around or within."""
    parents = tables["zones"].set_index("zone")["parent"]
    areas = Areas({str(zone): None if pd.isna(parent) else parent for zone, parent in parents.items()})
    homes = pairs["party"].map(tables["parties"].set_index("party")["zone"]).to_numpy(dtype=object)
    zones = pairs["zone"].to_numpy(dtype=object)
    skilled = pd.MultiIndex.from_frame(pairs[["party", "skill"]]).isin(
        pd.MultiIndex.from_frame(tables["skills"][["party", "skill"]])
    )
    return pd.Series(skilled & (areas.contains(homes, zones) | areas.contains(zones, homes)), index=pairs.index)


def idle_efforts(policy: Policy, periods: int, tables: Tables) -> list[Finding]:
    """Find efforts of parties that cannot do the task: no skill, or another jurisdiction.

    Parameters
    ----------
    policy : Policy
        Not used.
    periods : int
        Not used.
    tables : mapping of str to DataFrame
        Validated tables.

    Returns
    -------
    list of Finding
        One per effort.
    """
    efforts = tables["efforts"].merge(tables["tasks"][["task", "skill", "zone"]], on="task", how="left")
    if efforts.empty:
        return []
    idle = efforts[~_able(efforts, tables)]
    return [
        Finding(
            "effort",
            f"effort of {row.party!r} for task {row.task!r}",
            f"the party cannot do it: it lacks skill {row.skill!r} or a jurisdiction around or within {row.zone!r}.",
        )
        for row in idle.itertuples()
    ]


def greedy_interests(policy: Policy, periods: int, tables: Tables) -> list[Finding]:
    """Find benefits above the gap cost of a task the party can do: it would pay to work for its own sake.

    Parameters
    ----------
    policy : Policy
        Not used: gap costs are filled.
    periods : int
        Not used.
    tables : mapping of str to DataFrame
        Validated tables.

    Returns
    -------
    list of Finding
        One per party and domain.
    """
    tasks = tables["tasks"][["task", "domain", "skill", "zone", "gap_cost"]]
    cheapest = tasks.groupby("domain")["gap_cost"].min()
    likely = tables["interests"]
    likely = likely[likely["benefit"] > likely["domain"].map(cheapest).fillna(np.inf)]
    pairs = likely.merge(tasks, on="domain")
    pairs = pairs[pairs["benefit"] > pairs["gap_cost"]]
    if pairs.empty:
        return []
    pairs = pairs[_able(pairs, tables)]
    return [
        Finding(
            "interest",
            f"interest of {party!r} in {domain}",
            f"its benefit {some['benefit'].iloc[0]:g} an hour is above the gap cost {some['gap_cost'].min():g} "
            f"of {len(some)} task(s), such as {some['task'].iloc[0]!r}.",
        )
        for (party, domain), some in pairs.groupby(["party", "domain"])
    ]


def skills_of_nobody(policy: Policy, periods: int, tables: Tables) -> list[Finding]:
    """Find skills that tasks or repairs ask for and no party has.

    Parameters
    ----------
    policy : Policy
        Not used.
    periods : int
        Not used.
    tables : mapping of str to DataFrame
        Validated tables.

    Returns
    -------
    list of Finding
        One per skill.
    """
    tasks = tables["tasks"]
    lost = tasks[~tasks["skill"].isin(tables["skills"]["skill"])]
    return [
        Finding(
            "skill", f"skill {skill!r}", f"no party has it; {len(some)} task(s) ask for it, such as {some.iloc[0]!r}."
        )
        for skill, some in lost.groupby("skill")["task"]
    ] + [
        Finding(
            "skill",
            f"skill {skill!r}",
            f"no party has it: damage that it repairs lasts ({listed(some.tolist())}).",
        )
        for skill, some in _unrepaired(tables).groupby("skill")["what"]
    ]


def _unrepaired(tables: Tables) -> pd.DataFrame:
    """Rows of damage, with ``what`` is damaged, whose skill no party has."""
    damage = tables["damage"]
    lost = damage[~damage["skill"].isin(tables["skills"]["skill"])]
    return lost.assign(what=lost["road"].fillna(lost["place"]).astype(str))


def _kinds_able(tables: Tables) -> pd.DataFrame:
    """Pairs ``task``, ``kind``: parties of the kind have the skill and a jurisdiction around or within the zone."""
    zones, parties = tables["zones"], tables["parties"].set_index("party")
    around = [pd.DataFrame({"zone": zones["zone"], "above": zones["zone"]})]
    parent = zones.set_index("zone")["parent"]
    while len(around[-1]):
        around.append(around[-1].assign(above=around[-1]["above"].map(parent)).dropna(subset=["above"]))
    ancestry = pd.concat(around, ignore_index=True)
    homes = pd.DataFrame(
        {
            "skill": tables["skills"]["skill"],
            "home": tables["skills"]["party"].map(parties["zone"]),
            "kind": tables["skills"]["party"].map(parties["kind"]),
        }
    ).drop_duplicates()
    tasks = tables["tasks"][["task", "skill", "zone"]]
    above = tasks.merge(ancestry, on="zone").merge(homes, left_on=["above", "skill"], right_on=["home", "skill"])
    inside = homes.merge(ancestry, left_on="home", right_on="zone")[["skill", "above", "kind"]].drop_duplicates()
    within = tasks.merge(inside, left_on=["zone", "skill"], right_on=["above", "skill"])
    return pd.concat([above[["task", "kind"]], within[["task", "kind"]]], ignore_index=True).drop_duplicates()


def tasks_of_nobody(policy: Policy, periods: int, tables: Tables) -> list[Finding]:
    """Find skills that parties have, but none around or within the zones of some tasks that ask for them.

    Parameters
    ----------
    policy : Policy
        Not used.
    periods : int
        Not used.
    tables : mapping of str to DataFrame
        Validated tables.

    Returns
    -------
    list of Finding
        One per skill.
    """
    tasks = tables["tasks"]
    known = tasks[tasks["skill"].isin(tables["skills"]["skill"])]
    if known.empty:
        return []
    lost = known[~known["task"].isin(_kinds_able(tables)["task"])]
    return [
        Finding(
            "skill",
            f"skill {skill!r}",
            f"no party that has it has a jurisdiction around or within the zones of {len(some)} task(s), "
            f"such as {some.iloc[0]!r}.",
        )
        for skill, some in lost.groupby("skill")["task"]
    ]


def kinds_of_nobody(policy: Policy, periods: int, tables: Tables) -> list[Finding]:
    """Find kinds that must take part in tasks that others can do, but no party of that kind.

    Parameters
    ----------
    policy : Policy
        Not used.
    periods : int
        Not used.
    tables : mapping of str to DataFrame
        Validated tables.

    Returns
    -------
    list of Finding
        One per kind.
    """
    tasks = tables["tasks"]
    wanted = tasks.loc[tasks["kinds"].notna(), ["task", "kinds"]]
    if wanted.empty:
        return []
    wanted = wanted.assign(kind=wanted["kinds"].str.split(";")).explode("kind", ignore_index=True)[["task", "kind"]]
    able = _kinds_able(tables)[["task", "kind"]]
    wanted = wanted[wanted["task"].isin(able["task"])]
    lost = wanted[~pd.MultiIndex.from_frame(wanted).isin(pd.MultiIndex.from_frame(able))]
    return [
        Finding(
            "kind",
            f"kind {kind!r}",
            f"must take part in {len(some)} task(s), such as {some.iloc[0]!r}, for which no party of that kind has the "
            "skill and a jurisdiction around or within the zone: it will be missing, at its price.",
        )
        for kind, some in lost.groupby("kind")["task"]
    ]


def idle_dependences(policy: Policy, periods: int, tables: Tables) -> list[Finding]:
    """Find tasks that wait for others of which nothing comes before: side by side in one period, or without hours.

    Parameters
    ----------
    policy : Policy
        Gives the share of earlier hours that must be covered.
    periods : int
        Not used: windows are filled.
    tables : mapping of str to DataFrame
        Validated tables.

    Returns
    -------
    list of Finding
        One per row of depends.
    """
    tasks = tables["tasks"].set_index("task")
    rows = tables["depends"]
    early = rows["task"].map(tasks["end"]) <= rows["on"].map(tasks["start"])
    idle = rows[early | (rows["on"].map(tasks["hours"]) == 0) | (policy.depends_share == 0)]
    return [
        Finding("depends", f"task {task!r} that waits for {on!r}", "nothing of it comes before: the row has no effect.")
        for task, on in zip(idle["task"], idle["on"], strict=True)
    ]


def improbable_scenarios(policy: Policy, periods: int, tables: Tables) -> list[Finding]:
    """Find probabilities of scenarios that do not add up to one.

    Parameters
    ----------
    policy : Policy
        Not used.
    periods : int
        Not used.
    tables : mapping of str to DataFrame
        Validated tables.

    Returns
    -------
    list of Finding
        At most one.
    """
    total = float(tables["scenarios"]["probability"].sum())
    if tables["scenarios"].empty or abs(total - 1) <= 1e-9:
        return []
    return [Finding("scenario", "scenarios", f"their probabilities add up to {total:g}, not 1.")]


FINDINGS: tuple[Callable[[Policy, int, Tables], list[Finding]], ...] = (
    cheap_deprivation,
    breakpoints_out_of_reach,
    idle_efforts,
    greedy_interests,
    skills_of_nobody,
    tasks_of_nobody,
    kinds_of_nobody,
    idle_dependences,
    improbable_scenarios,
)
"""All findings on the data alone, in the order in which they are listed."""


def data_findings(policy: Policy, periods: int, tables: Tables) -> list[Finding]:
    """Collect what is worth knowing about validated tables.

    Parameters
    ----------
    policy : Policy
        Prices and weights.
    periods : int
        Length of the horizon.
    tables : mapping of str to DataFrame
        Validated tables.

    Returns
    -------
    list of Finding
        In the order of :data:`FINDINGS`.
    """
    return [finding for find in FINDINGS for finding in find(policy, periods, tables)]
