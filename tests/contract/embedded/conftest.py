"""Fixtures of the embedded stack alone."""

import pytest


@pytest.fixture
def engine() -> str:
    """Name the one engine."""
    return "embedded"
