"""The bars of issue 3."""
