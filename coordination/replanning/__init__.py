"""Rolling horizon: the state after some periods as an instance, news, and the plan made anew from there."""

from coordination.replanning.executed import executed_terms
from coordination.replanning.replanning import replan
from coordination.replanning.state import state_after

__all__ = ["executed_terms", "replan", "state_after"]
