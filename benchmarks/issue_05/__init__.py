"""Bars of issue 5: sensing, modes, resilience."""
