"""The kind of a program, told from its matrix in a glance: what is quick on one kind is slow on another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from coordination.compilation.matrix import MatrixForm

KINDS = ("flow", "two-stage", "general")
"""Kinds of linear programs; one with whole numbers is ``mixed-integer`` whatever its matrix."""

FEW, MOSTLY = 4, 0.95
"""A flow leaves one row and enters another, and perhaps uses a limit or two: nearly all its columns are that short."""

MANY, AT_MOST = 8, 0.1
"""A decision of the first stage stands in rows of every scenario: such long columns, and not many of them."""

LARGEST_BLOCK = 0.5
"""Without the first stage a program of two stages falls apart; no part keeps more than this share of the rows."""


def kind_of(form: MatrixForm) -> str:
    """Return the kind of a program: flow, two-stage, general or mixed-integer.

    A program of a few scenarios has no column long enough to tell it from the flow or the general program that each
    of them is; what is quick on these is quick on it.

    Parameters
    ----------
    form : MatrixForm
        The program.
    """
    if form.integrality.any():
        return "mixed-integer"
    lengths = np.diff(form.start)
    if not form.entries:
        return "general"
    if _falls_apart(form, lengths > MANY):
        return "two-stage"
    return "flow" if np.mean(lengths <= FEW) >= MOSTLY else "general"


def _falls_apart(form: MatrixForm, joining: np.ndarray) -> bool:
    """Return whether few joining columns are all that holds the program together."""
    if not 0 < joining.sum() <= AT_MOST * form.columns:
        return False
    import scipy.sparse as sp
    from scipy.sparse.csgraph import connected_components

    rest = form.matrix[:, np.flatnonzero(~joining)]
    # Rows are joined through the first row of each column: a graph with as many edges as there are entries.
    first = np.repeat(
        rest.indices[rest.indptr[:-1][np.diff(rest.indptr) > 0]], np.diff(rest.indptr)[np.diff(rest.indptr) > 0]
    )
    graph = sp.coo_array((np.ones(rest.nnz), (first, rest.indices)), shape=(form.rows, form.rows))
    _, block = connected_components(graph.tocsr(), directed=False)
    return bool(np.bincount(block).max() <= LARGEST_BLOCK * form.rows)
