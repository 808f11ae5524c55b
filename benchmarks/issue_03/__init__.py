"""Bars of issue 3: solving that chooses well."""
