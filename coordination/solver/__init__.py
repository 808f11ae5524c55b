"""The one place that speaks to HiGHS: a matrix goes in as arrays, values, duals, bound and status come out.

>>> from coordination.solver import SolverOptions, solve
>>> solution = solve(form, options=SolverOptions(gap=1e-3, time_limit=60.0))  # doctest: +SKIP
>>> solution.status, solution.objective, solution.gap  # doctest: +SKIP

`solve` answers once; `solve_many` answers for many programs side by side, in threads or on any executor; a
`LinearProgram` stays in the solver and is changed and solved again from its last basis. `solve_quadratic` takes squares
of columns besides.

Which algorithm runs is read off a measured table by kind and size of the program (`coordination.solver.table`), and
``Solution.log`` says which and why. A result counts with an optimal status and small residuals; otherwise the next
algorithm has its turn.

**Duals.** ``row_dual[i]`` is what the objective changes per unit by which the right-hand side (the bound that binds)
of row i rises; ``reduced_cost[j]`` the same for the bound of column j. In a minimisation, a need written as
``... >= need`` has a dual of at least 0: the cost of one more unit of it. A mixed-integer program has no duals.

HiGHS is imported when the first matrix is solved, not before.
"""

from coordination.solver.many import solve_many as solve_many
from coordination.solver.options import SolverOptions as SolverOptions
from coordination.solver.persistent import LinearProgram as LinearProgram
from coordination.solver.progress import Progress as Progress
from coordination.solver.quadratic import solve_quadratic as solve_quadratic
from coordination.solver.solution import Solution as Solution
from coordination.solver.solving import solve as solve
