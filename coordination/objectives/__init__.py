"""Several objectives of one program: one after the other, or all that cannot be better in both.

>>> from coordination.objectives import pareto_front              # doctest: +SKIP
>>> front = pareto_front(form, Objective("cost", c), Objective("risk", d))  # doctest: +SKIP
>>> front.values, front.exact                                     # doctest: +SKIP
"""

from coordination.objectives.lexicographic import Level as Level
from coordination.objectives.lexicographic import held as held
from coordination.objectives.lexicographic import lexicographic as lexicographic
from coordination.objectives.objective import Objective as Objective
from coordination.objectives.pareto import Front as Front
from coordination.objectives.pareto import pareto_front as pareto_front

__all__ = ["Front", "Level", "Objective", "held", "lexicographic", "pareto_front"]
