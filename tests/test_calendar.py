"""Periods on the clock."""

from datetime import datetime, timedelta, timezone

from coordination.calendar import Calendar
from coordination.instance import Instance


def test_a_period_begins_start_plus_period_hours():
    """Period t begins t times period_hours after the start, also beyond the horizon."""
    calendar = Calendar(datetime(2022, 1, 3, 6), 12, 2)
    assert calendar.clock(0) == "2022-01-03 06:00"
    assert calendar.clock(3) == "2022-01-04 18:00"
    assert calendar.labels() == ["2022-01-03 06:00–18:00", "2022-01-03 18:00 – 2022-01-04 06:00"]


def test_fractions_of_hours_and_zones():
    """Half hours and seconds show where they matter; a time zone is the reader's own and not written."""
    assert Calendar(datetime(2022, 1, 3), 0.5, 4).label(1) == "2022-01-03 00:30–01:00"
    assert Calendar(datetime(2022, 1, 3), 0.0125, 4).clock(1) == "2022-01-03 00:00:45"
    east = datetime(2022, 1, 3, 8, tzinfo=timezone(timedelta(hours=8)))
    assert Calendar(east, 1, 4).clock(1) == "2022-01-03 09:00"


def test_beyond_the_calendar():
    """A period beyond the year 9999 has its number only."""
    assert Calendar(datetime(9999, 12, 31, 12), 12, 2).label(0) == "period 0"
    assert Calendar(datetime(9999, 12, 31), 24, 2).clock(1) == "period 1"


def test_of_an_instance():
    """Start, length and number of periods come from the instance."""
    zones, core = [{"zone": "z", "level": "city"}], [{"party": "core", "kind": "core", "zone": "z"}]
    header = {"name": "n", "periods": 3, "period_hours": 8, "start": "2021-12-23T00:00"}
    calendar = Calendar.of(Instance.from_tables(header, {"zones": zones, "parties": core}))
    assert (calendar.periods, calendar.clock(2)) == (3, "2021-12-23 16:00")
