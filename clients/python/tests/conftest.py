"""A small HTTP server whose answers a test writes."""

from collections.abc import Iterator

import pytest
from clients.python.tests.small_server import SmallServer


@pytest.fixture
def server() -> Iterator[SmallServer]:
    """Yield a server on a free port."""
    with SmallServer() as small:
        yield small
