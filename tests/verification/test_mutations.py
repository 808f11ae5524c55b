"""Every number of a real plan matters: changed alone, beyond tolerance, it makes verification fail."""

import dataclasses
from functools import cache

import numpy as np
import pandas as pd
import pytest

from coordination.planning import plan
from coordination.verification import verify
from tests.support.random_instances import random_instance
from tests.support.thorough import often

TABLES = ("shipments", "inventory", "service", "responsibilities", "gaps", "modes")
"""Tables in which every number is checked; of prices, only where they may stand and how they hang together."""

PERIODS = {"depart", "arrive", "period", "start", "end", "expires"}


@cache
def planned(seed):
    """Return the plan of a random instance."""
    return plan(random_instance(seed), gap=1e-6)


def cells(decided):
    """List all numbers of the tables: table, row, column."""
    return [
        (name, row, column)
        for name in TABLES
        for column in decided.tables[name].columns
        if decided.tables[name][column].dtype.kind in "if"
        for row in np.flatnonzero(decided.tables[name][column].notna())
    ]


def changed(decided, name, row, column, generator):
    """Return the plan with one number changed: a period by one, an amount by 1 % and at least 0.001."""
    table = decided.tables[name].copy()
    value, sign = table.loc[row, column], int(generator.choice([-1, 1]))
    table.loc[row, column] = value + (sign if column in PERIODS else sign * max(0.001, 0.01 * abs(value)))
    return dataclasses.replace(decided, tables={**decided.tables, name: table})


def more(money):
    """Return how much a sum is changed by: more than its tolerance."""
    return max(0.01, 1e-4 * abs(money))


def try_cells(seed, most):
    """Change numbers drawn from all tables of a plan, one at a time."""
    generator, decided = np.random.default_rng(seed), planned(seed)
    assert verify(decided).ok, str(verify(decided))
    every = cells(decided)
    for index in generator.permutation(len(every))[:most]:
        name, row, column = every[index]
        wrong = changed(decided, name, row, column, generator)
        was, now = decided.tables[name].loc[row, column], dict(wrong.tables[name].loc[row])
        assert not verify(wrong).ok, f"{name}, row {row}: {column} was {was}, now {now}"


@pytest.mark.parametrize("seed", [0, *often(1, 2)])
def test_numbers_in_tables(seed):
    """A dozen numbers from the tables of each of two plans, changed one at a time."""
    try_cells(seed, 12)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(2, 42))
def test_many_numbers_in_tables(seed):
    """A dozen numbers from the tables of each of forty plans, changed one at a time."""
    try_cells(seed, 12)


@pytest.mark.parametrize("seed", [0])
def test_numbers_in_the_header(seed):
    """Objective, each term, gap, a bound above the objective and the hash, changed one at a time."""
    decided = planned(seed)
    wrong = [{"objective": decided.objective + more(decided.objective)}]
    terms = {term: {**decided.terms, term: value + more(value)} for term, value in decided.terms.items()}
    wrong += [{"terms": changed_terms} for changed_terms in terms.values()]
    wrong += [{"gap": decided.gap + 1e-5}, {"bound": decided.objective + more(decided.objective)}]
    wrong += [{"sha256": ("0" if decided.sha256[0] != "0" else "1") + decided.sha256[1:]}]
    for figures in wrong:
        assert not verify(dataclasses.replace(decided, **figures)).ok, figures


@pytest.mark.parametrize("seed", [0, *often(1, 2)])
def test_prices_below_nothing(seed):
    """A price that is not above 0, and one of a limit that is not full, fail."""
    decided = planned(seed)
    prices = decided.prices
    for row in range(len(prices)):
        table = prices.copy()
        table.loc[row, "price"] *= -1
        assert not verify(dataclasses.replace(decided, tables={**decided.tables, "prices": table})).ok
        if row == 3:
            break
    storage = pd.DataFrame(
        [("storage", decided.instance.places["place"][0], None, np.nan, 0, 1e6)], columns=prices.columns
    )
    table = pd.concat([prices, storage.astype(prices.dtypes.to_dict())])
    assert not verify(dataclasses.replace(decided, tables={**decided.tables, "prices": table})).ok


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(42, 242))
def test_plans_verify(seed):
    """Plans of random instances hold, under a scenario too."""
    verdict = verify(planned.__wrapped__(seed))
    assert verdict.ok, str(verdict)
