"""Planning: from an instance to a plan with a proven gap."""

from coordination.planning.planning import plan as plan
