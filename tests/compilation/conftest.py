"""What all tests of compilation share."""

import logging

import pytest


@pytest.fixture(autouse=True)
def everything_logged(caplog):
    """Let every test see what the log says."""
    caplog.set_level(logging.INFO, logger="coordination.compilation")
