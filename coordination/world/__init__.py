"""The world: an instance as its active scenario leaves it, period by period."""

from coordination.world.world import World

__all__ = ["World"]
