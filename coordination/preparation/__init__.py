"""Preparation: what should lie where before anything happens, over all hazards at once.

>>> import coordination as co                                        # doctest: +SKIP
>>> preparation = co.prepare(co.load("instances/neighbourhood"))      # doctest: +SKIP
>>> preparation.first_stage, preparation.figures["evpi"]             # doctest: +SKIP
>>> co.plan(preparation.prepared(), scenario="flood")                # doctest: +SKIP

The first stage is `coordination_models.preparation`; the second the joint response model of every scenario, built as
for plans, with roles in shares, so that it is a linear program. Both make a two-stage program for
`coordination.twostage`.
"""

from coordination.preparation.preparing import prepare as prepare
from coordination.preparation.preparing import two_stage_program as two_stage_program
