"""Mandates of a case: which pairs of task and party they bar, and which orders must be kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.planning.coding import encode
from coordination.planning.supply_data import relation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.coding import Coding
    from coordination.planning.responsibility_data import Roles

PAIR = ["task", "party"]


@dataclass(frozen=True)
class Mandates:
    """The table ``mandates``, spelled out.

    Attributes
    ----------
    coding : Coding
        Codes of tasks and parties, and the instance.
    """

    coding: Coding

    @cached_property
    def table(self) -> pd.DataFrame:
        """The table as given, with ``order`` (its row)."""
        table = self.coding.instance.mandates
        return table.assign(order=np.arange(len(table)))

    @cached_property
    def about(self) -> pd.DataFrame:
        """Tasks that each mandate is about: ``order``, ``role``, ``rule``, ``task`` (code)."""
        coding, tasks, named = self.coding, self.coding.instance.tasks, ["order", "role", "rule"]
        single = self.table[self.table["task"].notna()]
        single = single[named].assign(task=encode(coding.tasks, single["task"]))
        by_domain = pd.DataFrame({"domain": tasks["domain"], "task": np.arange(len(tasks))})
        whole = self.table[self.table["domain"].notna()][[*named, "domain"]].merge(by_domain, on="domain")
        return pd.concat([single, whole[[*named, "task"]]], ignore_index=True)

    @cached_property
    def named(self) -> pd.DataFrame:
        """Parties that each mandate is about: ``order``, ``party`` (code)."""
        coding, parties = self.coding, self.coding.instance.parties
        single = self.table[self.table["party"].notna()]
        single = single[["order"]].assign(party=encode(coding.parties, single["party"]))
        by_kind = pd.DataFrame({"kind": parties["kind"], "party": np.arange(len(parties))})
        whole = self.table[self.table["kind"].notna()][["order", "kind"]].merge(by_kind, on="kind")
        return pd.concat([single, whole[["order", "party"]]], ignore_index=True)

    def spelled(self, role: str, rule: str) -> pd.DataFrame:
        """Return ``order``, ``task``, ``party`` of all mandates of a role and rule."""
        some = self.about[(self.about["role"] == role) & (self.about["rule"] == rule)]
        return some[["order", "task"]].merge(self.named, on="order")

    def permits(self, role: str, pairs: pd.DataFrame) -> NDArray[np.bool_]:
        """Return which pairs of ``task`` and ``party`` may hold a role: not barred, and named where only some may."""
        fine = np.ones(len(pairs), dtype=bool)
        if self.table.empty:
            return fine
        if not (self.table["role"] == role).any():
            return fine
        index = pd.MultiIndex.from_frame(pairs[PAIR])
        fine &= ~index.isin(pd.MultiIndex.from_frame(self.spelled(role, "must_not")[PAIR]))
        some = self.about[(self.about["role"] == role) & (self.about["rule"] == "may")]
        reserved = np.asarray(pairs["task"].isin(some["task"]), dtype=bool)
        return fine & (~reserved | index.isin(pd.MultiIndex.from_frame(self.spelled(role, "may")[PAIR])))

    def ordered(self, role: str) -> pd.DataFrame:
        """Return ``order``, ``task`` of the orders for a role, whether anybody can keep them or not."""
        some = self.about[(self.about["role"] == role) & (self.about["rule"] == "must")]
        return some[["order", "task"]].drop_duplicates(ignore_index=True)

    def satisfies(self, role: str, pairs: pd.DataFrame) -> NDArray[np.bool_]:
        """Return which pairs keep all orders for a role at once: of a role that one party alone holds."""
        orders = self.ordered(role)
        if orders.empty:
            return np.ones(len(pairs), dtype=bool)
        kept = self.spelled(role, "must").groupby(PAIR)["order"].nunique()
        number = kept.reindex(pd.MultiIndex.from_frame(pairs[PAIR]), fill_value=0).to_numpy()
        asked = orders.groupby("task")["order"].nunique().reindex(pairs["task"], fill_value=0).to_numpy()
        return np.asarray(number == asked, dtype=np.bool_)


def mandate_data(roles: Roles) -> dict[str, Any]:
    """Return the data of the formulation of mandates."""
    mandates = roles.mandates
    if mandates.table.empty:
        return {}
    holders = {
        "accountable": ("ORDERED_TO_ANSWER", roles.accountable),
        "responsible": ("ORDERED_TO_DO", roles.doers),
        "backup": ("ORDERED_TO_STAND_BY", roles.backups),
        "consulted": ("ORDERED_TO_ADVISE", roles.consulted),
    }
    orders = pd.concat([mandates.ordered(role) for role in holders], ignore_index=True)
    return {
        "ORDERS": pd.MultiIndex.from_frame(orders),
        **{
            name: relation(mandates.spelled(role, "must").merge(pairs[PAIR], on=PAIR), ["order", "task"], PAIR)
            for role, (name, pairs) in holders.items()
        },
        "BARRED_FROM_DOING": _barred(mandates, "responsible", roles.doers),
        "BARRED_FROM_STANDING_BY": _barred(mandates, "backup", roles.backups),
    }


def _barred(mandates: Mandates, role: str, pairs: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(pairs.loc[~mandates.permits(role, pairs), PAIR])
