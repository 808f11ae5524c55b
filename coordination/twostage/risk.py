r"""How much the bad scenarios weigh: the mean, the mean of the worst, or a mixture.

.. math::

   \rho(Q) = (1 - \lambda) \sum_s p_s Q_s + \lambda \, \mathrm{CVaR}_\alpha(Q), \qquad
   \mathrm{CVaR}_\alpha(Q) = \min_\eta \; \eta + \frac{1}{1 - \alpha} \sum_s p_s \max(Q_s - \eta, 0)

alpha is the confidence level: at 0 CVaR is the mean, at 1 (the limit) the worst case.

Source: Rockafellar and Uryasev (2000), Optimization of conditional value-at-risk, Journal of Risk 2(3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.errors import UsageError

if TYPE_CHECKING:
    from coordination.solver.solution import FloatArray


@dataclass(frozen=True, kw_only=True)
class Risk:
    """A mixture of mean and CVaR.

    Attributes
    ----------
    weight : float
        lambda, the weight of CVaR: 0 the mean alone, 1 CVaR alone.
    level : float
        alpha, the confidence level: CVaR is the mean of the worst 1 − level of the probability; at 0 the mean of all,
        at 1 the worst case.

    Raises
    ------
    UsageError
        If one of them is outside 0..1.
    """

    weight: float = 0.0
    level: float = 0.95

    def __post_init__(self) -> None:
        for name, value in (("weight", self.weight), ("level", self.level)):
            if not 0.0 <= value <= 1.0:
                raise UsageError(f"risk {name} is {value!r}; expected a number in 0..1")

    @property
    def averse(self) -> bool:
        """Whether CVaR has any weight and differs from the mean."""
        return self.weight > 0.0 and self.level > 0.0

    def of(self, costs: FloatArray, probabilities: FloatArray) -> float:
        """Return the mixture for costs by scenario.

        Parameters
        ----------
        costs, probabilities : numpy.ndarray
            (scenarios,) each; probabilities sum to 1.

        Examples
        --------
        >>> costs, even = np.array([1.0, 2.0, 3.0, 10.0]), np.full(4, 0.25)
        >>> [Risk(weight=1.0, level=level).of(costs, even) for level in (0.0, 0.5, 1.0)]
        [4.0, 6.5, 10.0]
        """
        mean = float(probabilities @ costs)
        if not self.averse:
            return mean
        return (1.0 - self.weight) * mean + self.weight * cvar(costs, probabilities, self.level)


def cvar(costs: FloatArray, probabilities: FloatArray, level: float) -> float:
    """Return the conditional value-at-risk of costs: the mean of the worst 1 − level of the probability.

    Parameters
    ----------
    costs, probabilities : numpy.ndarray
        (scenarios,) each.
    level : float
        Confidence level, 0..1.
    """
    possible = probabilities > 0
    costs, probabilities = costs[possible], probabilities[possible]
    if np.isinf(costs).any():
        return float("inf")
    order = np.argsort(-costs, kind="stable")
    tail = 1.0 - level
    before = np.concatenate([[0.0], np.cumsum(probabilities[order])[:-1]])
    taken = np.clip(tail - before, 0.0, probabilities[order])
    if tail <= 0.0 or taken.sum() <= 0.0:
        return float(costs.max())
    return float(taken @ costs[order] / taken.sum())
