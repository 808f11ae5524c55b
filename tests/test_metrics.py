"""Figures that people ask of a plan, against the town worked out by hand."""

import math

import pandas as pd
import pytest

from coordination.metrics import hours_covered, need_met, scarcity, stock_days, vulnerable_group
from tests.verification import town


def test_need_met_counts_backlogs_and_weighs_goods():
    """Asked for is need and backlog from before; goods add up by weight."""
    met = need_met(town.plan()).iloc[0]
    # water 160 units of 10 kg, meals 80 and 8 from before of 1 kg; served 110 water, 30 meals
    assert met["asked"] == pytest.approx(1.688) and met["served"] == pytest.approx(1.13)
    assert met["short"] == pytest.approx(0.558) and met["share"] == pytest.approx(1.13 / 1.688)


def test_need_met_by_commodity_is_in_its_unit():
    """By commodity and in units, a share is served over need with what waited before."""
    met = need_met(town.plan(), ["commodity"], tonnes=False)
    assert met.loc["meal", ["asked", "served", "short"]].tolist() == [88, 30, 58]
    assert met.loc["water", "share"] == 110 / 160


def test_need_met_by_period_counts_what_waited_in_the_first():
    """Backlogs from before the horizon are asked for in period 0."""
    met = need_met(town.plan(), ["period"], tonnes=False)
    assert met.loc[0, "asked"] == 40 + 8 + 50 + 40 + 20


def test_where_nothing_is_asked_everything_is_met():
    """A plan without any need has a share of 1, not a division by zero."""
    empty = town.instance().replace(needs=[], backlogs=[])
    met = need_met(town.plan({"service": None}, town=empty))
    assert met["share"].tolist() == [1.0] and met["asked"].tolist() == [0.0]
    assert need_met(town.plan({"service": None}, town=empty), ["place"]).empty


def test_the_vulnerable_group_is_the_one_that_weighs_most():
    """The group with the highest weight above the general one is meant; none where no need has such a group."""
    assert vulnerable_group(town.plan()) == "vulnerable"
    assert vulnerable_group(town.plan({"service": town.plan().service.query("group == 'general'")})) is None


def test_hours_covered_add_up_over_the_window():
    """Hours asked are per period of the window; those covered add up over doers and runs of periods."""
    hours = hours_covered(town.plan())
    assert hours.loc["handout"].tolist() == [6, 2.5, 2.5 / 6]
    assert hours.loc["patrol"].tolist() == [8, 6, 0.75]


def test_stock_days_are_stock_over_need_per_day():
    """Days of need: 110 units of water against 160 in three hours."""
    days = stock_days(town.plan())
    assert days.loc["water", 0] == pytest.approx(110 / (160 / (3 / 24)))
    assert days.loc["meal", 2] == 0
    still = town.instance().replace(needs=[], backlogs=[])
    days = stock_days(town.plan({"service": None}, town=still))
    assert math.isinf(days.loc["water", 0]) and math.isnan(days.loc["meal", 2])


def test_scarcity_lists_the_dearest_first():
    """Limits come by their highest price, each once, with when it is dearest and in how many periods it is scarce."""
    rows = [("fleet", "truck", None, 0, 5.0), ("fleet", "truck", None, 2, 7.0), ("stock", "depot", "water", 1, 9.0)]
    rows += [("stock", "depot", "meal", 1, 1.0), ("fleet", "van", None, 1, 6.0)]
    prices = pd.DataFrame(rows, columns=["limit", "id", "commodity", "period", "price"])
    table = scarcity(town.plan({"prices": prices}))
    assert table[["limit", "id", "price", "period", "periods"]].to_numpy().tolist() == [
        ["stock", "depot", 9.0, 1, 1],
        ["stock", "depot", 1.0, 1, 1],
        ["fleet", "truck", 7.0, 2, 2],
        ["fleet", "van", 6.0, 1, 1],
    ]
    assert scarcity(town.plan({"prices": None})).empty
