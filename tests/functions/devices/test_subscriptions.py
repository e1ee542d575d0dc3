"""A page learns the key of web push, and which member of its subscription is wrong."""

from pathlib import Path
from typing import Any

import pytest

from lib.composition.settings.push import SANDBOX_PUBLIC_KEY
from lib.ports.queueing.names import INSTALLATION_CHANGED
from tests.builders.settings import settings_for
from tests.functions.devices.device_calls import KEYS, listed, subscribe
from tests.stack import Stack, take


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"endpoint": "http://push.example/send"}, "/endpoint"),
        ({"endpoint": "https://10.0.0.1/send"}, "/endpoint"),
        ({"endpoint": None}, "/endpoint"),
        ({"keys": {"p256dh": KEYS["p256dh"]}}, "/keys/auth"),
        ({"keys": {**KEYS, "auth": "c2hvcnQ"}}, "/keys/auth"),
        ({"keys": {**KEYS, "p256dh": KEYS["auth"]}}, "/keys/p256dh"),
        ({"keys": {**KEYS, "p256dh": f"{KEYS['p256dh'][:-2]}x4"}}, "/keys/p256dh"),
        ({"keys": {**KEYS, "other": "x"}}, "/keys/other"),
        ({"expirationTime": "tomorrow"}, "/expirationTime"),
        ({"userVisibleOnly": True}, "/userVisibleOnly"),
    ],
)
async def test_a_wrong_subscription_is_refused(
    stack: Stack, changes: dict[str, Any], pointer: str
) -> None:
    """The page learns which member is wrong, and nothing is stored."""
    reply = await subscribe(stack, "page", "one", **changes)

    assert reply.status == 400
    assert [error["pointer"] for error in reply.body["errors"]] == [pointer]
    assert await listed(stack) == []
    assert not await take(stack.queue, INSTALLATION_CHANGED)


@pytest.mark.parametrize("key", [SANDBOX_PUBLIC_KEY, ""])
async def test_the_page_learns_the_key_without_a_login(tmp_path: Path, key: str) -> None:
    """Without a key the page does not ask for the permission."""
    stack = await Stack(tmp_path, settings_for(tmp_path, web_push_public_key=key)).start()
    try:
        reply = await stack.call("read_push_key", key=None)
    finally:
        await stack.app.close()

    assert (reply.status, reply.body) == (200, {"public_key": key} if key else {})
    assert reply.headers["Cache-Control"] == "public, max-age=3600"
