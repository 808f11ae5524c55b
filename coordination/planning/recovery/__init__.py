"""Recovery: what is repaired, by whom and in what order, decided with the supply plan.

First the repairs are chosen, in one program with supply and responsibility (`recovery_model` of the formulations).
They make an ordinary instance: each damage lasts until it is repaired, and the hours of its crew are taken. That
instance is planned as any other; the bound is the first program's.

That program knows the network in all of its conditions. Where these are too many, or the case is too large for one
program, the ideal instance (all whole as soon as could be) gives a bound and prices, and crews are sent where that is
worth most at these prices (`coordination.planning.recovery.worths`).
"""

from coordination.planning.recovery.mending import Mended, mend, refuse_damage
from coordination.planning.recovery.worths import Priced

__all__ = ["Mended", "Priced", "mend", "refuse_damage"]
