"""The header of an instance: the file ``instance.yaml``."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated

from coordination.instance.columns import Column, Kind, Row, absent, columns_of
from coordination.instance.vocabulary import Text


class Header(Row):
    """The file ``instance.yaml``: what the instance is called and how time runs. The policy is its last key."""

    name: Text
    """Short name of the instance."""
    title: Text | None = absent("the name")
    """Title for people."""
    start: datetime = datetime(2000, 1, 1)
    """Moment at which period 0 begins, ISO 8601."""
    periods: Annotated[int, Kind("whole", "periods", above=0, most=10_000)]
    """Number of periods; they are numbered from 0."""
    period_hours: Annotated[float, Kind("number", "hours", above=0, most=10_000)]
    """Length of a period."""
    currency: Text = "money"
    """What money is counted in."""
    source: Text | None = absent("not said")
    """Where the data come from."""


HEADER: Mapping[str, Column] = MappingProxyType({column.name: column for column in columns_of(Header)})
"""The keys of ``instance.yaml`` but for ``policy``."""
