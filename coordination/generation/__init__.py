"""Instances made by rule: cities from a population table, on a public road network, or made up."""

from coordination.generation.generating import generate as generate

__all__ = ["generate"]
