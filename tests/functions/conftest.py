"""Fixtures of the functions' tests."""

from collections.abc import AsyncIterator

import pytest

from tests.doubles.telemetry import Kept
from tests.stack import Stack


@pytest.fixture
async def kept(stack: Stack) -> AsyncIterator[Kept]:
    """Give what the stack's telemetry exports."""
    kept = Kept()
    stack.app.telemetry = kept.telemetry
    yield kept
    await kept.telemetry.close()
