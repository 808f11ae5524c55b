"""Backups of other kinds than doers: which pairs are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from coordination.planning.responsibility_data import Roles


def diversity_data(roles: Roles) -> dict[str, Any]:
    """Return the data of the formulation of diversity."""
    if not roles.case.instance.policy.backup_diversity:
        return {}
    kind, backups = roles.parties["kind"].to_numpy(dtype=object), roles.backups
    one = backups[["task", "party"]].assign(kind=kind[backups["party"].to_numpy()])
    other = roles.doers[["task", "party"]].assign(kind=kind[roles.doers["party"].to_numpy()])
    alike = one.merge(other.rename(columns={"party": "doer"}), on=["task", "kind"])
    alike = alike[alike["party"] != alike["doer"]]  # that a backup is no doer itself is a rule of its own
    return {"ALIKE": pd.MultiIndex.from_frame(alike[["task", "party", "doer"]])}
