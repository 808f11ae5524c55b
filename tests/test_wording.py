"""Numbers and lists in sentences."""

import doctest

import coordination.summary.summary
import coordination.wording


def test_examples_hold():
    """Every example in the docstrings is what the functions return."""
    for module in (coordination.wording, coordination.summary.summary):
        result = doctest.testmod(module)
        assert result.attempted and not result.failed
