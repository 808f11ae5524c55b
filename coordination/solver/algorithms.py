"""Which algorithm for which program, and what to try when it fails."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.solver.kinds import kind_of
from coordination.solver.options import SolverOptions
from coordination.solver.table import Estimate, table

if TYPE_CHECKING:
    from coordination.compilation.matrix import MatrixForm

CLOSE = 1.5
"""Estimates this near to the least, relative, leave open which algorithm is the quickest."""

INNER = 2.0
"""Where no vertex is wanted, an inner point may take so many times as long as the simplex method: its prices lie in the
middle of all that are right, and pricing needs fewer rounds. (Judged, not measured.)"""

WORTH_PROBING = 2.0
"""Seconds from which the wrong choice costs more than a second thread does."""


@dataclass(frozen=True)
class Choice:
    """One attempt.

    Attributes
    ----------
    algorithm : str
        simplex, ipx, hipo or mip.
    reason : str
        Why this one, in a few words.
    settings : dict
        HiGHS options by name.
    """

    algorithm: str
    reason: str
    settings: dict[str, Any] = field(default_factory=dict)


def attempts(form: MatrixForm, options: SolverOptions) -> list[Choice]:
    """Return what to try, in order, until a result counts.

    Parameters
    ----------
    form : MatrixForm
        The program; linear when nothing in it is integer.
    options : SolverOptions
        A named algorithm comes first.

    Returns
    -------
    list of Choice
        At least one.
    """
    kind, size = kind_of(form), f"{form.columns:,} columns"
    if kind == "mixed-integer":
        return [Choice("mip", f"whole numbers are required ({size})", {"solver": "choose"})]
    ranked = _ranked(form, kind, options)
    quick = ranked[0]
    reason = f"{kind} program of {size}; by the table {', '.join(map(_likely, ranked))}"
    order: list[tuple[str, int | None, str]] = [(quick.algorithm, quick.threads, reason)]
    if options.algorithm is not None:
        missing = options.algorithm == "hipo" and not hipo_available()
        asked = "hipo was asked for but is not installed" if missing else "asked for"
        order = [("ipx" if missing else options.algorithm, None, asked)]
    first = order[0][0]
    order += [
        (one.algorithm, one.threads, "the attempt before did not count") for one in ranked if one.algorithm != first
    ]
    return [Choice(name, reason, _settings(name, threads, options)) for name, threads, reason in order]


def undecided(form: MatrixForm, options: SolverOptions) -> list[Choice]:
    """Return the two attempts to run side by side, none where one is the choice or probing is not asked for.

    Parameters
    ----------
    form, options : MatrixForm, SolverOptions
        As for `attempts`.
    """
    spare = (os.cpu_count() or 1) if options.threads is None else options.threads
    if not options.probe or spare < 2 or options.algorithm is not None or form.integrality.any():
        return []
    kind = kind_of(form)
    near = _ranked(form, kind, options)[:2]
    least, most = min(one.seconds for one in near), max(one.seconds for one in near)
    if not (least >= WORTH_PROBING and most <= CLOSE * least < math.inf):
        return []
    reason = f"{kind} program of {form.columns:,} columns; by the table {', '.join(map(_likely, near))}: side by side"
    return [Choice(one.algorithm, reason, _settings(one.algorithm, 1, options)) for one in near]


def _ranked(form: MatrixForm, kind: str, options: SolverOptions) -> list[Estimate]:
    """Return each algorithm that can run here, once, the quickest first."""
    most = options.threads or os.cpu_count() or 1
    found: dict[str, Estimate] = {}
    for one in table().estimates(kind, form.columns, crossover=options.crossover):
        if one.threads <= most and (one.algorithm != "hipo" or hipo_available()):
            found.setdefault(one.algorithm, one)
    for name in ("ipx", "simplex"):
        found.setdefault(name, Estimate(name, 1, math.inf))
    ranked = list(found.values())
    if not options.crossover:
        ranked.sort(key=lambda one: one.seconds * (INNER if one.algorithm == "simplex" else 1.0))
    return ranked


def _likely(one: Estimate) -> str:
    return f"{one.algorithm} {one.seconds:.2g} s" if math.isfinite(one.seconds) else f"{one.algorithm} not in time"


def _settings(algorithm: str, threads: int | None, options: SolverOptions) -> dict[str, Any]:
    settings: dict[str, Any] = {"solver": algorithm}
    if algorithm != "simplex":
        settings["run_crossover"] = "on" if options.crossover else "off"
    if algorithm == "hipo":
        settings["hipo_ordering"] = "amd"
        if threads is not None and options.threads is None:
            settings["threads"] = threads
    return settings


def import_highs() -> Any:
    """Return the highspy module; the first time, with BLAS kept to one thread per solver thread."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import highspy

    return highspy


@cache
def hipo_available() -> bool:
    """Return whether HiGHS's interior point HiPO really runs here (without its extras HiGHS runs simplex instead)."""
    if find_spec("highspy_extras") is None:
        return False
    highspy = import_highs()
    highs = highspy.Highs()
    for name, value in {"output_flag": False, "solver": "hipo", "presolve": "off"}.items():
        highs.setOptionValue(name, value)
    one = np.ones(2)
    start, index = np.array([0, 1, 2], dtype=np.int32), np.zeros(2, dtype=np.int32)
    highs.passModel(
        2, 1, 2, 1, 1, 0.0, one, 0 * one, 4 * one, one[:1], 9 * one[:1], start, index, one, np.zeros(2, dtype=np.uint8)
    )
    highs.run()
    ran = highs.getInfo().ipm_iteration_count > 0
    highs.disableCallbacks()
    return bool(ran)
