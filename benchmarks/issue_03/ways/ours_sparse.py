"""coordination.compilation with explicit sets of entries, ids as whole numbers as a coded instance has them."""

from collections.abc import Mapping
from typing import Any

from benchmarks.issue_03.network import Network
from benchmarks.issue_03.sparse_formulation import sparse_data, sparse_model
from benchmarks.issue_03.ways.ours import build

__all__ = ["build", "tables"]


def tables(network: Network) -> tuple[Any, Mapping[str, Any]]:
    """Return the formulation and its tables."""
    return sparse_model(), sparse_data(network)
