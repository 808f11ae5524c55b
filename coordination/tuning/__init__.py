"""Measuring which algorithm is quickest on which kind and size of program (``coordination tune``)."""

from coordination.tuning.measuring import measure as measure
