"""The field rule: what careful dispatchers do without a solver; the plan that every other one is compared with.

Own reserve first, then proportional from the nearest depot, period by period, with the fleets, roads and hours that
there are:

* Every place keeps what lies there for its own needs. Goods elsewhere go first to the places that are in the zone of
  their owner or whose own they are, then to all.
* A place asks the nearest depot (by the period in which goods arrive, then by minutes) that has the goods and a fleet
  with hours left for what it will lack when they arrive, and for no more than can be handed out then; what one depot
  cannot give it asks of the next.
* A depot that is asked for more than it has gives in proportion, in whole packs, by largest remainders
  (`proportional`); so does a fleet with its hours and a road with its tonnes.
* Goods whose oldest waiting need costs most per tonne go first; at a place they go to the group that weighs most; the
  oldest need is served first, as everywhere.
* A task's doer is the nearest party with the skill and the hours, then the next one; backups likewise; accountable is
  who costs the fewest levels.

Nothing is weighed against anything else later or elsewhere: that is what a plan saves.
"""

from coordination.planning.dispatching.dispatching import by_rule as by_rule
from coordination.planning.dispatching.dispatching import dispatch as dispatch
from coordination.planning.dispatching.dispatching import field_decision as field_decision
from coordination.planning.dispatching.proportional import proportional as proportional

__all__ = ["by_rule", "dispatch", "field_decision", "proportional"]
