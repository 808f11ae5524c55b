"""The extensive form: both stages and all scenarios in one program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from coordination.twostage.program import stage
from coordination.twostage.risk import Risk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coordination.compilation.matrix import MatrixForm
    from coordination.solver.solution import FloatArray
    from coordination.twostage.program import Scenario, TwoStageProgram

    Ints = NDArray[np.int64]


def extensive_form(program: TwoStageProgram, risk: Risk | None = None) -> MatrixForm:
    r"""Return both stages and all scenarios as one program.

    Columns are the first stage's, then each scenario's in order, then, where risk counts, eta and the excesses nu;
    rows the same way. With alpha < 1

    .. math:: \nu_s \ge q_s y_s - \eta, \quad \nu_s \ge 0, \qquad
              \min c x + \sum_s (1 - \lambda) p_s q_s y_s
              + \lambda \Big(\eta + \frac{1}{1 - \alpha} \sum_s p_s \nu_s\Big)

    and at alpha = 1 eta is at least each scenario's cost.

    Parameters
    ----------
    program : TwoStageProgram
        What is to be decided.
    risk : Risk, optional
        The mean by default.

    Returns
    -------
    MatrixForm
        Its objective is that of the program.
    """
    risk = risk or Risk()
    forms = [one.form for one in program.scenarios]
    p = program.probabilities
    weight = (1.0 - risk.weight) * p if risk.averse else p
    blocks = _Blocks(program.first, program.scenarios)
    costs = [program.first.c, *(w * form.c for w, form in zip(weight, forms, strict=True))]
    whole = [program.first.integrality, *(form.integrality for form in forms)]
    lb, ub = [program.first.lb, *(f.lb for f in forms)], [program.first.ub, *(f.ub for f in forms)]
    low, high = [program.first.row_lower, *(f.row_lower for f in forms)], [program.first.row_upper]
    high += [f.row_upper for f in forms]
    offset = program.first.offset + float(weight @ [form.offset for form in forms])
    if risk.averse:
        count = blocks.add_excesses(forms, worst=risk.level >= 1.0)
        tail = np.zeros(count) if risk.level >= 1.0 else risk.weight * p / (1.0 - risk.level)
        costs.append(np.concatenate([[risk.weight], tail[: count - 1] if risk.level >= 1.0 else tail]))
        lb.append(np.concatenate([[-np.inf], np.zeros(count - 1)]))
        ub.append(np.full(count, np.inf))
        whole.append(np.zeros(count, dtype=np.uint8))
        low.append(np.array([form.offset for form in forms]))
        high.append(np.full(len(forms), np.inf))
    return stage(
        blocks.matrix(),
        np.concatenate(costs),
        row_lower=np.concatenate(low),
        row_upper=np.concatenate(high),
        lb=np.concatenate(lb),
        ub=np.concatenate(ub),
        integer=np.concatenate(whole),
        offset=offset,
    )


class _Blocks:
    """The matrix, put together from its parts."""

    def __init__(self, first: MatrixForm, scenarios: Sequence[Scenario]) -> None:
        self.parts: list[tuple[Ints, Ints, FloatArray]] = []
        self.rows, self.columns = first.rows, first.columns
        self._add(first.matrix, 0, 0)
        self.starts: list[int] = []
        for one in scenarios:
            self._add(one.technology, self.rows, 0)
            self._add(one.form.matrix, self.rows, self.columns)
            self.starts.append(self.columns)
            self.rows, self.columns = self.rows + one.form.rows, self.columns + one.form.columns

    def _add(self, matrix: Any, row: int, column: int) -> None:
        entries = sp.coo_array(matrix)
        self.parts.append((entries.row.astype(np.int64) + row, entries.col.astype(np.int64) + column, entries.data))

    def add_excesses(self, forms: Sequence[MatrixForm], *, worst: bool) -> int:
        """Add a row for each scenario, and the columns eta and nu; return how many columns."""
        eta, count = self.columns, len(forms)
        number = np.arange(count)
        self.parts.append((self.rows + number, np.full(count, eta), np.ones(count)))
        for row, (form, start) in enumerate(zip(forms, self.starts, strict=True)):
            some = np.flatnonzero(form.c)
            self.parts.append((np.full(len(some), self.rows + row), start + some, -form.c[some]))
        if not worst:
            self.parts.append((self.rows + number, eta + 1 + number, np.ones(count)))
        self.rows, more = self.rows + count, 1 if worst else 1 + count
        self.columns += more
        return more

    def matrix(self) -> sp.csc_array[Any]:
        """Return what was put together."""
        rows, columns, values = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        return sp.csc_array((values, (rows, columns)), shape=(self.rows, self.columns))


def split(program: TwoStageProgram, values: FloatArray) -> tuple[FloatArray, list[FloatArray]]:
    """Return the first stage's part of an extensive form's values, and each scenario's.

    Parameters
    ----------
    program : TwoStageProgram
        Whose extensive form it is.
    values : numpy.ndarray
        (columns,) of the extensive form.
    """
    sizes = [program.first.columns, *(one.form.columns for one in program.scenarios)]
    cuts = np.cumsum(sizes)
    parts = np.split(values[: cuts[-1]], cuts[:-1])
    return parts[0], parts[1:]
