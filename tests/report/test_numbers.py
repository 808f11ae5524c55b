"""Numbers as people read them."""

import math

import pytest

from coordination.report import numbers

THIN, MINUS = numbers.SEPARATOR, numbers.MINUS


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (0.0001, "<0.01"), (-0.0001, f"<{MINUS}0.01"), (1, "1"), (1.256, "1.26"), (9.996, "10"),
        (12.34, "12.3"), (99.96, "100"),
        (1234567.8, f"1{THIN}234{THIN}568"), (-1500, f"{MINUS}1{THIN}500"), (math.nan, "–"),
        (None, "–"), (math.inf, "∞"),
    ],
)  # fmt: skip
def test_amounts_are_rounded_to_what_matters(value, text):
    """Amounts have about three digits, thousands apart, a true minus, and nothing small is shown as zero."""
    assert numbers.amount(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0"),
        (1e-5, "<0.1"),
        (0.123, "12.3"),
        (0.5, "50"),
        (0.9994, "99.9"),
        (0.9999, ">99.9"),
        (1 - 1e-12, "100"),
        (1, "100"),
    ],
)
def test_only_all_is_all_and_only_nothing_is_nothing(share, text):
    """A share is 100 % only when it is all (to rounding), and 0 % only when it is nothing."""
    assert numbers.percent(share) == f"{text}{THIN}%"


@pytest.mark.parametrize(
    ("gap", "text"), [(0, "0"), (0.00042, "0.042"), (0.0123, "1.2"), (2e-9, "<0.0001"), (1.5, "150")]
)
def test_gaps_keep_two_digits(gap, text):
    """A small share keeps two digits however small it is."""
    assert numbers.precise_percent(gap) == f"{text}{THIN}%"


def test_large_money_is_said_in_millions():
    """From a million on, a figure is short and its power of ten has a name."""
    assert numbers.compact(66_929_195.84) == ("66.9", "million")
    assert numbers.compact(2.5e9) == ("2.5", "billion")
    assert numbers.compact(184_029.3) == (f"184{THIN}029", "")
