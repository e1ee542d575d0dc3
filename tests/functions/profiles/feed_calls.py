"""Calls about the subscriptions feed: a citizen switches, and a service reads the day."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.sandbox.seed import CITIZEN, SENDER_KEY, SERVICE_ID
from lib.ports.queueing.names import SUBSCRIPTION_SWITCHED
from tests.doubles.clock import START
from tests.stack import Reply, Stack

DAY = START.date().isoformat()
NEXT_DAY = (START + timedelta(days=1)).date().isoformat()
LATER = timedelta(minutes=1)
"""The items of switches are visible by then."""


def hashed(citizen: str = CITIZEN) -> str:
    """Return the hash by which the contract names the citizen."""
    return hashlib.sha256(citizen.encode()).hexdigest()


async def update(stack: Stack, citizen: str = CITIZEN, **changes: Any) -> Reply:
    """Change the citizen's settings, and let a minute pass."""
    read = await stack.call("read_profile", citizen=citizen)
    body = {"version": read.body["version"], **changes}
    reply = await stack.call("update_profile", body, citizen=citizen)
    assert reply.status == 200, reply
    stack.clock.moment += LATER
    return reply


async def mode(stack: Stack, name: str, citizen: str = CITIZEN) -> None:
    """Change the citizen's mode."""
    await update(stack, citizen, service_preferences_settings={"mode": name})


async def choose(
    stack: Stack, *, inbox: bool, citizen: str = CITIZEN, service_id: str = SERVICE_ID
) -> None:
    """Choose for a service, under the present settings version, and let a minute pass."""
    path = {"service_id": service_id}
    read = await stack.call("read_service_preference", path=path, citizen=citizen)
    body = {
        "is_inbox_enabled": inbox,
        "is_email_enabled": False,
        "is_webhook_enabled": False,
        "settings_version": read.body["settings_version"],
    }
    reply = await stack.call("change_service_preference", body, path=path, citizen=citizen)
    assert reply.status == 200, reply
    stack.clock.moment += LATER


async def follow(stack: Stack) -> None:
    """Process the switches."""
    await stack.drain()
    assert await stack.queue.length(SUBSCRIPTION_SWITCHED) == 0


async def read_feed(stack: Stack, day: str = DAY, key: str = SENDER_KEY) -> Reply:
    """Read the feed of a day."""
    return await stack.call("read_subscriptions_feed", path={"date": day}, key=key)


async def feed(stack: Stack, day: str = DAY, key: str = SENDER_KEY) -> tuple[list[str], list[str]]:
    """Process the switches, end the day, and return its subscriptions and unsubscriptions."""
    await follow(stack)
    end = datetime.fromisoformat(f"{day}T00:00:00+00:00") + timedelta(days=1)
    stack.clock.moment = max(stack.clock.moment, end.astimezone(UTC))
    reply = await read_feed(stack, day, key)
    assert reply.status == 200, reply
    assert reply.body["dateUTC"] == day
    return reply.body["subscriptions"], reply.body["unsubscriptions"]
