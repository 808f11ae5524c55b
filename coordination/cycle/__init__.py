"""The cycle: prepare, resist, recover, adapt over a simulated event; each phase's end is the next one's start."""

from coordination.cycle.adapting import Learned, adapt
from coordination.cycle.cycle import Cycle
from coordination.cycle.running import InterruptedCycleError, Told, run_cycle

__all__ = ["Cycle", "InterruptedCycleError", "Learned", "Told", "adapt", "run_cycle"]
