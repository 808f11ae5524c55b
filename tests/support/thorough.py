"""Seeds that only the thorough run takes."""

import pytest


def often(start: int, stop: int) -> list:
    """Return seeds as parameters marked `thorough`, beside the few of the ordinary run."""
    return [pytest.param(seed, marks=pytest.mark.thorough) for seed in range(start, stop)]
