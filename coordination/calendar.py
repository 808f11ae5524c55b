"""The calendar: which clock time a period is, for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coordination.instance import Instance


@dataclass(frozen=True)
class Calendar:
    """Periods on the clock.

    Attributes
    ----------
    start : datetime
        Beginning of period 0.
    period_hours : float
        Length of a period, hours.
    periods : int
        Number of periods; period `periods` is the moment after the last one.
    """

    start: datetime
    period_hours: float
    periods: int

    @classmethod
    def of(cls, instance: Instance) -> Calendar:
        """Return the calendar of an instance."""
        return cls(instance.start, float(instance.period_hours), int(instance.periods))

    def begins(self, period: int) -> datetime | None:
        """Return the clock time at which a period begins.

        Parameters
        ----------
        period : int
            Any period, also after the horizon: arrivals may lie there.

        Returns
        -------
        datetime or None
            ``start + period · period_hours``; None beyond the year 9999.
        """
        try:
            return self.start + timedelta(hours=period * self.period_hours)
        except OverflowError:
            return None

    def clock(self, period: int) -> str:
        """Return the beginning of a period as text, such as ``2022-01-03 06:00``.

        Examples
        --------
        >>> Calendar(datetime(2022, 1, 3, 6), 12, 14).clock(1)
        '2022-01-03 18:00'
        """
        begins = self.begins(period)
        return f"period {period}" if begins is None else _minute(begins)

    def label(self, period: int) -> str:
        """Return a period from beginning to end, the date said once where both are of one day.

        Examples
        --------
        >>> Calendar(datetime(2022, 1, 3, 6), 12, 14).label(0)
        '2022-01-03 06:00–18:00'
        >>> Calendar(datetime(2022, 1, 3, 6), 12, 14).label(1)
        '2022-01-03 18:00 – 2022-01-04 06:00'
        """
        begins, ends = self.begins(period), self.begins(period + 1)
        if begins is None or ends is None:
            return f"period {period}"
        if begins.date() == ends.date():
            return f"{_minute(begins)}–{_minute(ends).split(' ', 1)[1]}"
        return f"{_minute(begins)} – {_minute(ends)}"

    def labels(self) -> list[str]:
        """Return the label of every period of the horizon, in order."""
        return [self.label(period) for period in range(self.periods)]


def _minute(moment: datetime) -> str:
    """Return a moment as text, to the second only where a minute is not enough."""
    return moment.replace(tzinfo=None, microsecond=0).isoformat(" ", "seconds" if moment.second else "minutes")
