"""Ways of deciding, played through the same drawn events and compared by what people get."""

from coordination.comparison.comparing import compare
from coordination.comparison.comparison import Comparison
from coordination.comparison.ways import WAYS, Way

__all__ = ["WAYS", "Comparison", "Way", "compare"]
