r"""Two-stage stochastic programs: decided now, whatever comes; and what remains to be decided once it has come.

.. math::

   \min_{x \in X} \; c x + \rho\big(Q_1(x), \dots, Q_S(x)\big), \qquad
   Q_s(x) = \min_y \{\, q_s y : \; h_s \le T_s x + W_s y \le k_s, \; l_s \le y \le u_s \,\}

with rho = (1 − lambda) · mean + lambda · CVaR at a confidence level.

>>> import coordination as co                                        # doctest: +SKIP
>>> program = co.twostage.read_smps("farmer")                        # doctest: +SKIP
>>> answer = co.twostage.solve(program)                              # doctest: +SKIP
>>> answer.objective, answer.bound, answer.gap                       # doctest: +SKIP
>>> co.twostage.information(program, answer).evpi                    # doctest: +SKIP

Sources: Birge, J. and Louveaux, F. (2011), Introduction to Stochastic Programming, 2nd edition; Rockafellar, R. T. and
Uryasev, S. (2000), Optimization of conditional value-at-risk, Journal of Risk 2(3) (the level is the confidence level).
"""

from coordination.twostage.answer import Answer as Answer
from coordination.twostage.answer import Round as Round
from coordination.twostage.evaluation import evaluate as evaluate
from coordination.twostage.exporting import for_mpi_sppy as for_mpi_sppy
from coordination.twostage.extensive import extensive_form as extensive_form
from coordination.twostage.information import Information as Information
from coordination.twostage.information import information as information
from coordination.twostage.program import Scenario as Scenario
from coordination.twostage.program import TwoStageProgram as TwoStageProgram
from coordination.twostage.program import stage as stage
from coordination.twostage.risk import Risk as Risk
from coordination.twostage.robust import RobustAnswer as RobustAnswer
from coordination.twostage.robust import solve_robust as solve_robust
from coordination.twostage.smps import read_smps as read_smps
from coordination.twostage.solving import solve as solve

__all__ = [
    "Answer",
    "Information",
    "Risk",
    "RobustAnswer",
    "Round",
    "Scenario",
    "TwoStageProgram",
    "evaluate",
    "extensive_form",
    "for_mpi_sppy",
    "information",
    "read_smps",
    "solve",
    "solve_robust",
    "stage",
]
