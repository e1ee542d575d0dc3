"""Fixtures of the tests of remote content."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.doubles.remote_hosts import KeptHosts
from tests.stack import Stack


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[tuple[Stack, KeptHosts]]:
    """Give a stack with hosts that answer as they should."""
    hosts = KeptHosts().answer_right()
    stack = await Stack(tmp_path, remote_content=hosts).start()
    yield stack, hosts
    await stack.app.close()
