"""Coalitions decide over what is theirs: by trade at prices that the core posts for what is shared, or each alone."""

from coordination.planning.networked.alone import plan_alone as plan_alone
from coordination.planning.networked.governing import plan_networked as plan_networked
from coordination.planning.networked.governing import refuse_what_coalitions_lack as refuse_what_coalitions_lack
from coordination.planning.networked.governing import what_coalitions_lack as what_coalitions_lack
