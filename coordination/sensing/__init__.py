"""Sensing: from observations to an early warning, severity, operating modes and the needs ahead.

Data flow one way: ``sifting`` sets aside what cannot be read and says so; ``series`` puts what is left on its rhythm;
``structure`` fits level, week and noise to a series; ``signals`` finds changes in what they do not explain;
``forecasting`` looks ahead; ``turning`` cuts the crisis cycle; ``sensing`` is the front door, ``writing`` the folder.
"""

from coordination.sensing.sensing import Sensing as Sensing
from coordination.sensing.sensing import sense as sense

__all__ = ["Sensing", "sense"]
