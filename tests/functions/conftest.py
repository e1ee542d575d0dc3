"""Fixtures of the functions' tests."""

from collections.abc import AsyncIterator

import pytest

from tests.support import Stack
from tests.telemetry import Kept


@pytest.fixture
async def kept(stack: Stack) -> AsyncIterator[Kept]:
    """Give what the stack's telemetry exports."""
    kept = Kept()
    stack.app.telemetry = kept.telemetry
    yield kept
    await kept.telemetry.close()
