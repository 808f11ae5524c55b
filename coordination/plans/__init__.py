"""Plans: decisions as data, kept in folders that are written all or nothing."""

from coordination.plans.layout import refuse_to_overwrite as refuse_to_overwrite
from coordination.plans.plan import Plan as Plan
from coordination.plans.preparation import Preparation as Preparation
from coordination.plans.tables import PLAN_TABLES as PLAN_TABLES

__all__ = ["PLAN_TABLES", "Plan", "Preparation", "refuse_to_overwrite"]
