"""Recovery: what is repaired, by whom and in what order, decided with the supply plan.

First the repairs are chosen, in one program with supply and responsibility (`recovery_model` of the formulations).
They make an ordinary instance: each damage lasts until it is repaired, and the hours of its crew are taken. That
instance is planned as any other; the bound is the first program's.
"""

from coordination.planning.recovery.mending import Mended, mend, refuse_damage

__all__ = ["Mended", "mend", "refuse_damage"]
