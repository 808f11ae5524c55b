"""Bad observations: each kind gives a finding with row and zone, and the zone's mode stays the last certain one."""

import csv

import pytest

import coordination as co
from coordination.errors import InstanceError

HEADER = """
name: watch
periods: 10
period_hours: 24
policy:
  thresholds:
    emergency: [0.6, 0.4]
    parallel: [0.3, 0.2]
"""
COLUMNS = ["period", "zone", "indicator", "value"]
LAST = 6
"""Period of the last observation; the horizon goes on to 9."""


def observations():
    """Ten days of two zones: a rises into emergency on day −1 (confirmed on day 0) and stays there, b is quiet."""
    rows = []
    for period in range(-3, LAST + 1):
        rows.append([str(period), "a", "calls", "220" if period < -1 else "720"])
        rows.append([str(period), "b", "calls", "200"])
    return rows


def write(folder, rows, columns=COLUMNS):
    """Write the instance with these rows of observations."""
    folder.mkdir(exist_ok=True)
    tables = {
        "zones": [["zone", "level", "parent"], ["city", "city", ""], *([z, "district", "city"] for z in "ab")],
        "parties": [["party", "kind", "zone"], ["core", "core", "city"]],
        "indicators": [["indicator", "weight", "normal", "severe"], ["calls", "1", "200", "800"]],
        "observations": [columns, *rows],
    }  # fmt: skip
    (folder / "instance.yaml").write_text(HEADER, encoding="utf-8")
    for name, lines in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
    return folder


def at(rows, zone, period):
    """Position of a row."""
    return next(i for i, row in enumerate(rows) if row[:2] == [str(period), zone])


def change(zone, period, column, text):
    """Make a corruption that writes `text` into one cell; it blames that row."""

    def corrupt(rows):
        i = at(rows, zone, period)
        rows[i][COLUMNS.index(column)] = text
        return i + 2, rows[i][1] or None

    return corrupt


def remove(zone, periods):
    """Make a corruption that takes rows away; it blames the row before them."""

    def corrupt(rows):
        for period in periods:
            del rows[at(rows, zone, period)]
        return at(rows, zone, periods[0] - 1) + 2, zone

    return corrupt


def repeat(zone, period, value):
    """Make a corruption that repeats a row with some value at the end; it blames that row."""

    def corrupt(rows):
        rows.append([str(period), zone, "calls", value])
        return len(rows) + 1, zone

    return corrupt


CORRUPTIONS = {
    "text for a value": change("a", LAST, "value", "many"),
    "an empty value": change("a", LAST, "value", ""),
    "not a number": change("a", LAST, "value", "nan"),
    "infinite": change("a", LAST, "value", "inf"),
    "a number with its unit": change("a", LAST, "value", "720 calls"),
    "thousands separators": change("b", LAST, "value", "1,720"),
    "digits of another script": change("a", LAST, "value", "٧٢٠"),
    "a spike": change("b", LAST, "value", "2000"),
    "a lost decimal point": change("b", 3, "value", "20000"),
    "a dead sensor's zero": change("a", LAST, "value", "0"),
    "a sign lost": change("a", 4, "value", "-720"),
    "a repeated period, same value": repeat("a", LAST, "720"),
    "a repeated period, another value": repeat("a", LAST, "150"),
    "a gap of a period": remove("a", [4]),
    "a gap of several periods": remove("a", [3, 4, 5]),
    "a series that stops": remove("a", [5, 6]),
    "an unknown zone": change("a", LAST, "zone", "aa"),
    "no zone": change("a", LAST, "zone", ""),
    "an unknown indicator": change("a", LAST, "indicator", "cals"),
    "no indicator": change("a", LAST, "indicator", ""),
    "text for a period": change("a", LAST, "period", "Monday"),
    "a fraction of a period": change("a", LAST, "period", "5.5"),
    "a period after the horizon": change("b", LAST, "period", "60"),
    "a date for a period": change("a", LAST, "period", "2022-01-07"),
}


def mode(sensed, zone, period):
    """Operating mode of a zone in a period."""
    modes = sensed.modes
    return modes.loc[(modes["zone"] == zone) & (modes["period"] == period), "mode"].item()


def test_nothing_is_found_where_nothing_is_wrong(tmp_path):
    """Clean observations give no finding but that they are few, and the modes that the corruptions must leave."""
    sensed = co.sense(write(tmp_path / "case", observations()))
    assert set(sensed.findings["kind"]) == {"hole", "jump", "short"}  # the rise itself waits a day to be confirmed
    assert [mode(sensed, zone, LAST) for zone in ("a", "b")] == ["emergency", "normal"]


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_corruption_is_found_and_changes_no_mode(name, tmp_path):
    """A finding names the row and the zone; the zone's mode stays the last certain one, to the end of the horizon."""
    rows = observations()
    row, zone = CORRUPTIONS[name](rows)
    sensed = co.sense(write(tmp_path / "case", rows))
    found = sensed.findings[sensed.findings["row"] == row]
    assert len(found), sensed.findings
    assert zone is None or (found["zone"] == zone).any()
    for period in range(LAST, 10):
        assert [mode(sensed, z, period) for z in ("a", "b")] == ["emergency", "normal"]


def test_there_are_twenty_of_them():
    """The issue asks for twenty."""
    assert len(CORRUPTIONS) >= 20


def test_a_shifted_row_is_set_aside(tmp_path):
    """A row with a cell too many is named, and the others are used."""
    rows = observations()
    rows[at(rows, "a", LAST)].insert(0, "x")
    sensed = co.sense(write(tmp_path / "case", rows))
    assert at(observations(), "a", LAST) + 2 in sensed.findings["row"].tolist()
    assert mode(sensed, "a", LAST) == "emergency"


def test_a_missing_column_is_named(tmp_path):
    """Without a column nothing is used, and it is said."""
    rows = [row[:3] for row in observations()]
    sensed = co.sense(write(tmp_path / "case", rows, COLUMNS[:3]))
    assert sensed.findings["message"].str.contains("value").any()
    assert set(sensed.modes["mode"]) == {"normal"}


def test_other_tables_must_be_right(tmp_path):
    """What is wrong elsewhere is refused as ever; and loading refuses what sensing sets aside."""
    rows = observations()
    CORRUPTIONS["text for a value"](rows)
    folder = write(tmp_path / "case", rows)
    with pytest.raises(InstanceError, match="observations"):
        co.load(folder)
    (folder / "zones.csv").write_text("zone,level\ncity,village\n", encoding="utf-8")
    with pytest.raises(InstanceError, match="zones"):
        co.sense(folder)


def test_the_sensed_instance_keeps_what_waits_to_be_confirmed(tmp_path):
    """Modes of the instance that is given back are those of the table: doubtful rows are judged alike in both."""
    rows = observations()
    CORRUPTIONS["a spike"](rows)
    sensed = co.sense(write(tmp_path / "case", rows))
    again = co.sense(sensed.instance)
    assert again.modes.equals(sensed.modes)
    sensed.save(tmp_path / "out")
    assert co.load(tmp_path / "out" / "instance") == sensed.instance
