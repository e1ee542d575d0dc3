"""Calls about held messages."""

from typing import Any

from infra.local.sandbox.seed import SENDER_KEY
from tests.builders.payments import payable
from tests.builders.services import with_service
from tests.stack import Reply, Stack

OTHER = "RSSMRA80A01H501U"


async def hold_one(stack: Stack) -> tuple[str, str]:
    """Deliver a message and submit another for its payment; return both ids."""
    await with_service(stack, duplicate_policy="HOLD")
    first = await stack.deliver(content=payable())
    second = await stack.deliver(content=payable(), fiscal_code=OTHER)
    return first, second


async def status_of(stack: Stack, id_: str, **headers: str) -> Any:
    """Return the sender's answer about a message to the other citizen."""
    path = {"fiscal_code": OTHER, "id": id_}
    return (await stack.call("read_sent_message", path=path, headers=headers)).body


async def listed(stack: Stack, key: str = SENDER_KEY) -> list[Any]:
    """Return the held messages."""
    reply = await stack.call("list_held_messages", key=key)
    assert reply.status == 200
    items: list[Any] = reply.body["items"]
    return items


async def act(stack: Stack, name: str, id_: str) -> Reply:
    """Release or drop a message."""
    return await stack.call(name, path={"id": id_})
