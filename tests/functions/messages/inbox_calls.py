"""Helpers of the tests of the inbox."""

from datetime import timedelta
from typing import Any

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import MessageId
from tests.stack import Stack


async def page(stack: Stack, **query: str) -> dict[str, Any]:
    """Return a page of the citizen's inbox."""
    reply = await stack.call("list_inbox", query=query, citizen=CITIZEN)
    assert reply.status == 200, reply
    return dict(reply.body)


async def change(stack: Stack, id_: str, citizen: str = CITIZEN, **body: Any) -> Any:
    """Change the status of a message."""
    return await stack.call("change_message_status", body, path={"id": id_}, citizen=citizen)


async def several(stack: Stack, count: int) -> list[MessageId]:
    """Deliver messages, a second apart; return their ids, the newest first."""
    ids = []
    for _ in range(count):
        ids.append(await stack.submit())
        stack.clock.advance(timedelta(seconds=1))
    await stack.drain()
    return ids[::-1]
