"""Plans: decisions as data, kept in folders that are written all or nothing."""

from coordination.plans.layout import check_target as check_target
from coordination.plans.plan import Plan as Plan
from coordination.plans.tables import PLAN_TABLES as PLAN_TABLES

__all__ = ["PLAN_TABLES", "Plan", "check_target"]
