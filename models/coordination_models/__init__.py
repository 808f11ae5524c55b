"""Formulations of Coordination, one concept a file; see ``models/README.md`` for the notation."""
