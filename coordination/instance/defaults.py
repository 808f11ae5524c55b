"""Absent cells that other cells, the policy or the horizon fill."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from coordination.instance.columns import Column
from coordination.instance.draft import Draft
from coordination.instance.header import HEADER, Header
from coordination.instance.policy import POLICY, Policy
from coordination.instance.raw import Finding

Computed = Mapping[tuple[str, str], NDArray[np.bool_]]
"""By table and column: the cells that were filled from elsewhere, shape (rows,)."""


def fill_computed(drafts: Mapping[str, Draft], policy: Policy, periods: int) -> Computed:
    """Fill the absent cells of computed columns.

    Parameters
    ----------
    drafts : mapping of str to Draft
        All tables, without problems; changed in place.
    policy : Policy
        Gives the gap cost.
    periods : int
        Length of the horizon: windows end with it.

    Returns
    -------
    Computed
        Which cells were filled, so that a changed policy or horizon can fill them anew.
    """
    for table in ("parties", "skills"):
        _fill(drafts[table], "emergency_hours", drafts[table].numbers("hours"))
    for table in ("tasks", "effects"):
        _fill(drafts[table], "end", np.full(len(drafts[table]), periods - 1.0))
    supply = drafts["tasks"].texts("domain") == "supply"
    _fill(drafts["tasks"], "gap_cost", np.where(supply, 0.0, policy.gap_cost))
    fleets = drafts["fleets"]
    loads, base = fleets.typed["loads_at"], fleets.typed["base"]
    if loads.codes is not None and base.codes is not None:
        loads.codes = np.where(loads.absent, base.codes + len(loads.words), loads.codes)
        loads.words = [*loads.words, *base.words]
    return {
        (name, column): typed.absent
        for name, draft in drafts.items()
        for column, typed in draft.typed.items()
        if typed.column.computed
    }


def _fill(draft: Draft, column: str, values: NDArray[np.float64]) -> None:
    typed = draft.typed[column]
    typed.numbers = np.where(typed.absent, values, typed.floats)


def default_findings(header: Header, policy: Policy, drafts: Mapping[str, Draft]) -> list[Finding]:
    """Say which defaults acted, one finding per table.

    Parameters
    ----------
    header : Header
        Name and calendar.
    policy : Policy
        Prices and rules.
    drafts : mapping of str to Draft
        All tables.

    Returns
    -------
    list of Finding
        For header and policy: the keys not given. For each table with rows: the columns whose empty cells
        took a value, and how many did.
    """
    findings = [*_keys("instance", header, HEADER), *_keys("policy", policy, POLICY)]
    for name, draft in drafts.items():
        acted = []
        for column, typed in draft.typed.items():
            count = int(typed.absent.sum())
            if count and not typed.column.required and typed.column.filled:
                share = "all rows" if count == len(draft) else f"{count} of {len(draft)} rows"
                acted.append(f"{column} {typed.column.absent} ({share})")
        if acted:
            findings.append(Finding("defaults", name, f"empty cells were taken as: {'; '.join(acted)}."))
    return findings


def _keys(subject: str, model: Header | Policy, columns: Mapping[str, Column]) -> list[Finding]:
    left = [f"{key} {column.absent}" for key, column in columns.items() if key not in model.model_fields_set]
    return [Finding("defaults", subject, f"keys not given were taken as: {'; '.join(left)}.")] if left else []
