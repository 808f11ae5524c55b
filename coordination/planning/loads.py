"""Loads: what share of its hours each party works or keeps free over the horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.responsibility_data import Roles

    Floats = NDArray[np.float64]


def hours_of_parties(roles: Roles) -> Floats:
    """Return the hours that each party has over the horizon, by party.

    In each period the hours of its skills together, or those over all skills where these are fewer; the larger of
    everyday and emergency hours, the everyday ones where all zones are in normal mode.
    """
    case, skills = roles.case, len(roles.case.instance.skills)
    first = skills + len(roles.parties) if case.instance.policy.mode == "normal" else 0
    hours = roles.available[first : first + skills + len(roles.parties)]
    by_skills = np.zeros((len(roles.parties), hours.shape[1]))
    np.add.at(by_skills, roles.limits["party"].to_numpy()[:skills], hours[:skills])
    total: Floats = np.minimum(by_skills, hours[skills:]).sum(axis=1)
    return total


def loaded_parties(roles: Roles) -> NDArray[np.int64]:
    """Return the parties whose loads are compared: those with hours who may do a task or stand by for one."""
    able = np.unique(roles.doers["party"].to_numpy(dtype=np.int64))
    chosen: NDArray[np.int64] = able[hours_of_parties(roles)[able] > 0.0]
    return chosen


def load_shares(roles: Roles, form: MatrixForm, parties: NDArray[np.int64]) -> sp.csr_array[Any]:
    """Return what each column adds to the load of some parties: hours taken or kept free over the hours they have.

    Parameters
    ----------
    roles : Roles
        In whose order the columns of coverage and backups stand; in single periods.
    parties : ndarray of int
        As `loaded_parties` gives them.

    Returns
    -------
    sparse array, shape (parties, columns)
    """
    row = np.full(len(roles.parties), -1, dtype=np.int64)
    row[parties] = np.arange(len(parties))
    hours, cover, backups = hours_of_parties(roles), roles.cover, roles.backups
    parts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for name, pairs, taken in (
        ("cover", cover, cover["factor"].to_numpy()),
        ("backup", backups, (backups["reserve"] * backups["length"]).to_numpy()),
    ):
        if name in form.variables:
            party = pairs["party"].to_numpy(dtype=np.int64)
            some = row[party] >= 0
            parts[0].append(row[party[some]])
            parts[1].append(np.arange(form.columns)[form.variables[name].slice][some])
            parts[2].append(taken[some] / hours[party[some]])
    rows, columns, values = (np.concatenate(part) for part in parts)
    return sp.csr_array((values, (rows, columns)), shape=(len(parties), form.columns))
