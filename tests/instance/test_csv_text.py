"""Lines of CSV against Python's own csv module."""

import csv
import io

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.instance.csv_text import csv_line, csv_lines

words = st.one_of(
    st.none(), st.text(st.characters(codec="utf-8"), max_size=6), st.sampled_from(["", ",", '"', "\n", "-1"])
)
numbers = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False), st.integers(-9, 9).map(float))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(words, numbers, st.integers(-(2**62), 2**62), st.booleans()), min_size=1, max_size=8))
def test_lines_are_those_of_the_csv_module(rows):
    """Whatever the cells, whole numbers and truth values apart."""
    text, number, whole, truth = zip(*rows, strict=True)
    columns = [
        pd.Series(text, dtype="str"),
        pd.Series(number, dtype="float64"),
        pd.Series(whole, dtype="int64"),
        pd.Series(truth, dtype="bool"),
    ]
    expected = io.StringIO()
    writer = csv.writer(expected, lineterminator="\n")
    for word, value, count, true in rows:
        short = value if value is None or not value.is_integer() or abs(value) >= 1e15 else int(value)
        writer.writerow([word, short, count, "true" if true else "false"])
    assert "\n".join([*csv_lines(columns), ""]) == expected.getvalue()


def test_no_formula_for_a_spreadsheet():
    """Texts get an apostrophe, numbers do not."""
    columns = [pd.Series(["=1+1", "-3", "fine", None], dtype="str"), pd.Series([np.nan, -3.0, 0.5, 1.0])]
    assert list(csv_lines(columns, harmless="=-")) == ["'=1+1,", "'-3,-3", "fine,0.5", ",1"]
    assert csv_line(["a,b", 'c"d', 1]) == '"a,b","c""d",1'
