"""Operating modes that the plan chooses: ``policy.mode`` optimise.

Modes are chosen in one program with supply, responsibility and facilities, whose bound is that of the case; then the
instance with the modes as chosen (pins on every one) is planned as any other.
"""

from coordination.planning.switching.lacking import modes_to_choose, refuse_beside_modes
from coordination.planning.switching.switching import Switched, switch

__all__ = ["Switched", "modes_to_choose", "refuse_beside_modes", "switch"]
