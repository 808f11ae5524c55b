"""Which algorithm for which program, and what to try when it fails."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from coordination.solver.options import SolverOptions

SMALL = 15_000
"""Up to so many columns the simplex method is the quicker one."""

LARGE = 100_000
"""From so many columns on hipo, where it is installed, is worth a try before the simplex method."""


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


def attempts(columns: int, integers: bool, options: SolverOptions) -> list[Choice]:
    """Return what to try, in order, until a result counts.

    Parameters
    ----------
    columns : int
        Size of the program.
    integers : bool
        Whether whole numbers are required anywhere.
    options : SolverOptions
        A named algorithm comes first.

    Returns
    -------
    list of Choice
        At least one.
    """
    if integers:
        return [Choice("mip", f"whole numbers are required ({columns:,} columns)", {"solver": "choose"})]
    order: list[tuple[str, str]] = []
    if options.algorithm == "hipo" and not hipo_available():
        order.append(("ipx", "hipo was asked for but is not installed"))
    elif options.algorithm is not None:
        order.append((options.algorithm, "asked for"))
    elif columns <= SMALL:
        order.append(("simplex", f"{columns:,} columns are few"))
    else:
        order.append(("ipx", f"{columns:,} columns: quickest and most reliable at this size"))
    rest = ["ipx", *(["hipo"] if columns >= LARGE and hipo_available() else []), "simplex"]
    order += [(name, "the attempt before did not count") for name in rest if name not in {done for done, _ in order}]
    return [Choice(name, reason, _settings(name, options)) for name, reason in order]


def _settings(algorithm: str, options: SolverOptions) -> dict[str, Any]:
    settings: dict[str, Any] = {"solver": algorithm}
    if algorithm != "simplex":
        settings["run_crossover"] = "on" if options.crossover else "off"
    if algorithm == "hipo":
        settings["hipo_ordering"] = "amd"
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
