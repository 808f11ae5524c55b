"""What an attempt to solve ended with, in our own words; plans and solutions carry it."""

from enum import StrEnum


class Status(StrEnum):
    """The end of a solve.

    Attributes
    ----------
    OPTIMAL
        Proven to be within the requested gap.
    FEASIBLE
        There is a solution; the gap stated is what is proven of it.
    INFEASIBLE
        No solution exists (two runs agree, one of them without presolve).
    UNBOUNDED
        The objective can be improved without end.
    TIME_LIMIT
        The time was over before there was a solution.
    INTERRUPTED
        Somebody stopped it; the best solution so far comes along if there was one.
    UNKNOWN
        The solver gave no answer that could be trusted.
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    TIME_LIMIT = "time_limit"
    INTERRUPTED = "interrupted"
    UNKNOWN = "unknown"

    @property
    def may_have_solution(self) -> bool:
        """Whether a solution can come along with it."""
        return self in {Status.OPTIMAL, Status.FEASIBLE, Status.INTERRUPTED}
