"""What can go wrong while a formulation becomes a matrix."""


class CompilationError(Exception):
    """A formulation and its data do not fit together; the message names component and index."""


class NotTemplatizableError(Exception):
    """A rule cannot serve all its indices with one symbolic call (it falls back to Pyomo's own way)."""
