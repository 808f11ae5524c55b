"""The report: one self-contained HTML page that shows a plan to planners and to those who decide."""

from coordination.report.rendering import render as render

__all__ = ["render"]
