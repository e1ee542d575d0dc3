"""Fixtures of the tests of organisations."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.builders.settings import settings_for
from tests.functions.organizations.sides import Sides
from tests.stack import Stack


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give a stack that caches no keys, with a cap of two messages a day."""
    settings = settings_for(tmp_path, sender_cache_seconds=0, trial_daily_messages=2)
    stack = await Stack(tmp_path, settings).start()
    yield stack
    await stack.app.close()


@pytest.fixture
async def sides(fresh: Stack) -> Sides:
    """Give an organisation and its intermediary."""
    return await Sides(fresh).start()
