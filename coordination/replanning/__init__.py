"""Rolling horizon: the state after some periods as an instance, news, and the plan made anew from there."""


from coordination.replanning.state import state_after

__all__ = ["state_after"]
