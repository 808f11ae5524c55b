"""Planning: from an instance to a plan with a proven gap; or, by the field rule, to one without."""

from coordination.planning.dispatching import dispatch as dispatch
from coordination.planning.planning import plan as plan
from coordination.planning.planning import plan_plainly as plan_plainly
