"""Bars of issue 7: who would gain by leaving, what keeps everybody, and what it pays to say."""
