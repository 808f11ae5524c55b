"""Resilience of a plan, from the served, not from opinion: curves, figures and indices by zone."""

from coordination.resilience.resilience import Resilience as Resilience
from coordination.resilience.resilience import function_curve as function_curve
from coordination.resilience.resilience import measure_resilience as measure_resilience

__all__ = ["Resilience", "function_curve", "measure_resilience"]
