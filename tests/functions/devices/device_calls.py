"""Helpers of the tests of devices."""

from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN
from tests.doubles.hub import Hub, channel_of
from tests.stack import Reply, Stack

KEYS: Final = {
    "p256dh": (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    ),
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
"""The keys of the example in RFC 8291."""


def endpoint_of(name: str) -> str:
    """Return the address of a browser's subscription."""
    return f"https://push.example/send/{name}"


def a_subscription(name: str, **changes: Any) -> dict[str, Any]:
    """Return the subscription of a browser, in the form of its `toJSON()`."""
    return {"endpoint": endpoint_of(name), "expirationTime": None, "keys": KEYS, **changes}


async def subscribe(
    stack: Stack, browser: str, name: str, *, citizen: str = CITIZEN, **changes: Any
) -> Reply:
    """Register a browser with a subscription."""
    return await stack.call(
        "subscribe_browser",
        a_subscription(name, **changes),
        path={"installation_id": browser},
        citizen=citizen,
    )


async def listed(stack: Stack, citizen: str = CITIZEN) -> list[dict[str, Any]]:
    """Return the citizen's list of devices."""
    reply = await stack.call("list_installations", citizen=citizen)
    assert reply.status == 200, reply
    return list(reply.body["items"])


async def register(
    stack: Stack, device: str, channel: str, *, citizen: str = CITIZEN, platform: str = "apns"
) -> Reply:
    """Register a device."""
    return await stack.call(
        "register_installation",
        {"platform": platform, "pushChannel": channel},
        path={"installation_id": device},
        citizen=citizen,
    )


async def remove(stack: Stack, device: str, *, citizen: str = CITIZEN) -> Reply:
    """Remove a device."""
    return await stack.call(
        "remove_installation", path={"installation_id": device}, citizen=citizen
    )


def channels(hub: Hub) -> set[str]:
    """Return the push channels that the hub knows."""
    return {channel_of(one) for one in hub.installations.values()}
