"""Why and what if: what a plan's parts cost, what else could be, each number confirmed by planning again."""

from coordination.explanation.absences import drop_parties as drop_parties
from coordination.explanation.explaining import explain as explain
from coordination.explanation.explanation import Explanation as Explanation
from coordination.explanation.explanation import Finding as Finding
from coordination.explanation.shares import load_shares as load_shares

__all__ = ["Explanation", "Finding", "drop_parties", "explain", "load_shares"]
