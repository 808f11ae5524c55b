"""The cost of going without by time without, against a linear programme and against a queue."""

from collections import deque
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from coordination.verification.deprivation import deprivation
from coordination.verification.waiting import Waiting
from tests.support.thorough import often

PERIODS = 6


def case(generator, carry_over):
    """Draw needs, backlogs and service of one place and commodity with a convex curve."""
    need = generator.integers(0, 9, PERIODS) * (generator.random(PERIODS) < 0.7)
    backlogs = [(int(age), float(generator.integers(1, 9))) for age in (1, 3) if generator.random() < 0.6]
    backlog, waiting = [], sum(quantity for _, quantity in backlogs)
    served = []
    for period in range(PERIODS):
        there = carry_over * waiting + need[period]
        served.append(float(round(generator.random() * there, 2)) if generator.random() < 0.7 else 0.0)
        waiting = there - served[-1]
        backlog.append(waiting)
    key = {"place": "p", "commodity": "c", "group": "g"}
    slopes = np.cumsum(generator.integers(0, 4, 3))
    ages = np.cumsum(generator.choice([0.5, 1.0, 1.5], 3))
    heights = np.cumsum(slopes * np.diff(ages, prepend=0))
    given = {
        "needs": pd.DataFrame([{**key, "period": t, "quantity": float(need[t])} for t in range(PERIODS)]),
        "backlogs": pd.DataFrame(
            [{**key, "age": age, "quantity": quantity} for age, quantity in backlogs],
            columns=[*key, "age", "quantity"],
        ).astype({"place": "str", "commodity": "str", "group": "str", "age": "int64", "quantity": "float64"}),
        "commodities": pd.DataFrame({"commodity": ["c"], "carry_over": [carry_over], "cost_without": [np.nan]}),
        "deprivation": pd.DataFrame({"commodity": "c", "periods_without": ages, "cost_per_unit": heights}),
    }
    rows = [
        {**key, "period": t, "need": float(need[t]), "served": served[t], "backlog": backlog[t]} for t in range(PERIODS)
    ]
    made = SimpleNamespace(
        given=given,
        decided={"service": pd.DataFrame(rows)},
        places=pd.Index(["p"]),
        place_zone=np.array([0]),
        commodities=pd.Index(["c"]),
        policy=SimpleNamespace(group_weights={"g": 2.0}),
        effects=SimpleNamespace(by_row=lambda name, table, zone: np.ones(len(table))),
        periods=PERIODS,
    )
    made.waiting = Waiting(made)
    points = np.append(0, ages), np.append(0, heights)
    return made, need, backlogs, served, backlog, lambda age: height(points, age)


def height(points, age):
    """Return the curve's height, its last slope going on."""
    ages, heights = points
    slope = (heights[-1] - heights[-2]) / (ages[-1] - ages[-2])
    return float(np.interp(age, ages, heights)) + max(0.0, age - ages[-1]) * slope


@pytest.mark.parametrize("seed", [*range(6), *often(6, 20)])
def test_is_the_least_cost_of_cutting_backlogs_by_age(seed):
    """Cutting from the youngest need on is what a minimisation over all cuts gives."""
    generator = np.random.default_rng(seed)
    carry_over = float(generator.choice([0.0, 0.5, 0.9, 1.0]))
    made, need, backlogs, _, backlog, curve = case(generator, carry_over)
    total = 0.0
    for period in range(PERIODS):
        layers = [(age, carry_over ** (age - 1) * need[period - age + 1]) for age in range(1, period + 2)]
        layers += [(age + period + 1, carry_over ** (period + 1) * quantity) for age, quantity in backlogs]
        costs = [curve(age) - curve(age - 1) for age, _ in layers]
        left = min(backlog[period], sum(most for _, most in layers))
        answer = linprog(costs, A_eq=[[1.0] * len(layers)], b_eq=[left], bounds=[(0, most) for _, most in layers])
        total += answer.fun
    assert deprivation(made) == pytest.approx(2 * total, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", [*range(6), *often(6, 20)])
def test_is_the_cost_of_a_queue_served_in_order(seed):
    """Where nothing lapses it is the cost by waiting time of a queue that serves the oldest first."""
    generator = np.random.default_rng(seed)
    made, need, backlogs, served, _, curve = case(generator, 1.0)
    queue = deque((-age, quantity) for age, quantity in sorted(backlogs, reverse=True))
    total = 0.0
    for period in range(PERIODS):
        queue.append((period, float(need[period])))
        left = served[period]
        while left > 1e-12 and queue:
            since, quantity = queue.popleft()
            used = min(left, quantity)
            left -= used
            if quantity > used:
                queue.appendleft((since, quantity - used))
        ages = [(period - since + 1, quantity) for since, quantity in queue]
        total += sum((curve(age) - curve(age - 1)) * quantity for age, quantity in ages)
    assert deprivation(made) == pytest.approx(2 * total, rel=1e-6, abs=1e-6)
