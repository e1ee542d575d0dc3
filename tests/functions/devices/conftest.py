"""A stack that pushes through a notification hub on loopback."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lib.adapters.outbound.hub_token import HubAddress
from lib.adapters.outbound.notification_hub import NotificationHub
from tests.doubles.hub import HUB, Hub
from tests.stack import Stack


@pytest.fixture
async def pushing(tmp_path: Path, hub: Hub) -> AsyncIterator[Stack]:
    """Give a stack that pushes through the hub."""
    client = NotificationHub(HubAddress.read(hub.connection, HUB), answer_seconds=0.5)
    stack = await Stack(tmp_path, push=client, devices=client).start()
    yield stack
    await stack.app.close()
