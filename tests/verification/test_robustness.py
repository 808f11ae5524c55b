"""A verification gives a verdict on anything that has the form of a plan."""

import math

import numpy as np
import pandas as pd
import pytest

from coordination.verification import Verdict, verify
from tests.support.thorough import often
from tests.verification import town

TEXTS = ["depot", "north", "cross", "water", "meal", "truck", "handout", "patrol", "core", "volunteers", "city",
         "general", "responsible", "backup", "hours", "kind", "r1;r2", "r4", ";", "stock", "storage", "",
         "安"]  # fmt: skip
NUMBERS = [0, 1, 2, 3, 7, -1, 0.5, 1e-9, 1e9, 1e300, math.inf, math.nan]
WHOLE = [0, 1, 2, 3, 7, -1, 10**9]


@pytest.mark.parametrize("seed", [*range(4), *often(4, 12)])
def test_any_tables_get_a_verdict(seed):
    """Random cells, missing rows and doubled rows give a verdict that fails, never an exception."""
    generator = np.random.default_rng(seed)
    decided = town.tables()
    for name, sound in town.plan().tables.items():
        if len(sound) == 0:
            continue
        table = sound.copy()
        for _ in range(3):
            row, column = int(generator.integers(len(table))), str(generator.choice(table.columns))
            dtype = str(table[column].dtype)
            pool = {"float64": NUMBERS, "int64": WHOLE}.get(dtype, TEXTS)
            table.loc[row, column] = pool[int(generator.integers(len(pool)))]
        doubled = table.sample(int(generator.random() < 0.3), random_state=seed)
        decided[name] = pd.concat([table, doubled])
    verdict = verify(town.plan(decided))
    assert isinstance(verdict, Verdict)
    assert not verdict.ok
    assert str(verdict)


@pytest.mark.parametrize("number", [math.nan, math.inf, -1e300, 1e300])
@pytest.mark.parametrize("figure", ["objective", "bound", "gap"])
def test_any_figures_get_a_verdict(figure, number):
    """Figures that are no numbers, or absurd ones, fail."""
    assert not verify(town.plan(**{figure: number})).ok


def test_nothing_decided_gets_a_verdict():
    """Empty tables fail: needs without service, tasks without anybody accountable."""
    empty = {name: table.iloc[:0] for name, table in town.tables().items()}
    verdict = verify(town.plan(empty))
    assert {"service", "accountability", "modes"} <= {violation.rule for violation in verdict.violations}
