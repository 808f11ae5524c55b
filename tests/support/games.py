"""Cooperative games solved apart: every coalition listed, scipy's solver, orders counted one by one."""

from itertools import permutations

import numpy as np
from scipy.optimize import linprog

TIGHT = 1e-7


def members(players):
    """Return who is in which coalition, by number, rows of 0 and 1."""
    return np.array([[number >> bit & 1 for bit in range(players)] for number in range(2**players)], dtype=float)


def shapley_by_orders(costs, players):
    """Return the mean of what each player adds over all orders."""
    shares, count = np.zeros(players), 0
    for order in permutations(range(players)):
        coalition, count = 0, count + 1
        for player in order:
            shares[player] += costs[coalition | 1 << player] - costs[coalition]
            coalition |= 1 << player
    return shares / count


def rational_listed(costs, players):
    """Return the least epsilon with which nobody pays more than alone."""
    return least_core_listed(costs, players, [(None, costs[1 << player]) for player in range(players)])


def least_core_listed(costs, players, bounds=None):
    """Return the least core's epsilon with a row for each proper coalition."""
    inside = members(players)[1:-1]
    rows = np.column_stack([inside, -np.ones(len(inside))])
    joint = np.append(np.ones(players), 0.0)[None, :]
    found = linprog(
        np.append(np.zeros(players), 1.0), rows, np.asarray(costs)[1:-1], joint, [costs[-1]],
        bounds=[*(bounds or [(None, None)] * players), (None, None)],
    )  # fmt: skip
    assert found.status == 0
    return found.fun


def nucleolus_listed(costs, players):
    """Return the nucleolus after Kopelowitz: one program for each coalition shows whether it could do better.

    Nobody pays more than alone where that is possible.
    """
    costs, inside = np.asarray(costs, dtype=float), members(players)
    size = max(1.0, np.abs(costs).max())
    singles = [1 << player for player in range(players)]
    rational = costs[-1] <= costs[singles].sum() + 1e-9 * size
    upper = costs[singles] if rational else np.full(players, np.inf)
    bounds = [(None, top if np.isfinite(top) else None) for top in upper]
    settled, free = {len(costs) - 1: costs[-1]}, set(range(1, len(costs) - 1))
    while True:
        listed = sorted(free)
        rows = inside[listed]
        equal, right = inside[list(settled)], np.array(list(settled.values()))
        if not free or np.linalg.matrix_rank(equal) == players:
            return np.linalg.lstsq(equal, right, rcond=None)[0]
        stage = linprog(
            np.append(np.zeros(players), 1.0),
            np.column_stack([rows, -np.ones(len(rows))]), costs[listed],
            np.column_stack([equal, np.zeros(len(equal))]), right, bounds=[*bounds, (None, None)],
        )  # fmt: skip
        assert stage.status == 0, stage.message
        epsilon = stage.fun
        before = len(free)
        for coalition in listed:
            if costs[coalition] + epsilon - inside[coalition] @ stage.x[:-1] > TIGHT * size:
                continue  # this very solution leaves it better off
            least = linprog(
                inside[coalition], rows, costs[listed] + epsilon + 1e-10 * size, equal, right, bounds=bounds
            )
            if least.fun >= costs[coalition] + epsilon - TIGHT * size:
                settled[coalition] = costs[coalition] + epsilon
        free -= set(settled)
        assert len(free) < before
