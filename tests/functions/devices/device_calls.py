"""Helpers of the tests of devices."""

from infra.local.sandbox.seed import CITIZEN
from tests.doubles.hub import Hub
from tests.stack import Reply, Stack


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
    return {str(one["pushChannel"]) for one in hub.installations.values()}
