"""Why and what if: what a plan's parts cost, what else could be, each number confirmed by planning again."""

from coordination.explanation.explaining import explain as explain
from coordination.explanation.explanation import Explanation as Explanation
from coordination.explanation.explanation import Finding as Finding

__all__ = ["Explanation", "Finding", "explain"]
