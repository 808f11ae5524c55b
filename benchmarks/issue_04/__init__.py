"""Bars of issue 4: generalised assignment, fair rationing, several objectives."""
