"""Bars of issue 6: preparation under uncertainty."""
