"""Fixtures for all tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support import Stack


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give the app on a seeded embedded stack of its own."""
    stack = await Stack(tmp_path).start()
    yield stack
    await stack.app.close()
