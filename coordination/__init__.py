"""Coordination: joint emergency planning of supply and responsibility for a mega city."""
