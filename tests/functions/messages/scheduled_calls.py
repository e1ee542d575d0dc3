"""Calls about scheduled messages."""

from datetime import datetime, timedelta
from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN, SENDER_KEY
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import timestamp
from tests.builders.messages import a_message
from tests.doubles.clock import START
from tests.stack import Reply, Stack

AHEAD: Final = timedelta(days=2)
SET_TIME: Final = START + AHEAD
"""A Wednesday, 10:00 in Italy."""


async def submit(
    stack: Stack,
    at: datetime = SET_TIME,
    *,
    key: str = SENDER_KEY,
    headers: dict[str, str] | None = None,
    **changes: Any,
) -> Reply:
    """Submit a message for a set time."""
    body = a_message(send_at=timestamp(at), **changes)
    return await stack.call("submit_message", body, key=key, headers=headers)


async def schedule(stack: Stack, at: datetime = SET_TIME, **changes: Any) -> MessageId:
    """Submit a message for a set time, and return its id."""
    reply = await submit(stack, at, **changes)
    assert reply.status == 201, reply
    await stack.drain()
    return MessageId(reply.body["id"])


async def scheduled(stack: Stack, key: str = SENDER_KEY) -> list[Any]:
    """Return the scheduled messages."""
    reply = await stack.call("list_scheduled_messages", key=key)
    assert reply.status == 200
    items: list[Any] = reply.body["items"]
    return items


async def cancel(stack: Stack, id_: str, key: str = SENDER_KEY) -> Reply:
    """Cancel a message."""
    return await stack.call("cancel_scheduled_message", path={"id": id_}, key=key)


async def read(stack: Stack, id_: str, citizen: str = CITIZEN, **headers: str) -> Any:
    """Return the sender's answer about a message."""
    path = {"fiscal_code": citizen, "id": id_}
    return (await stack.call("read_sent_message", path=path, headers=headers)).body


async def inbox(stack: Stack, citizen: str = CITIZEN) -> list[str]:
    """Return the ids of the messages in the inbox."""
    body = (await stack.call("list_inbox", citizen=citizen)).body
    return [one["id"] for one in body["items"]]


async def wait_until(stack: Stack, moment: datetime) -> None:
    """Move the clock to just before a moment, and then with ticks until it."""
    stack.clock.moment = max(stack.clock.moment, moment - timedelta(minutes=20))
    await stack.live_until(moment)
