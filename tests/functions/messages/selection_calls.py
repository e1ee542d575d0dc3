"""Calls about recalls of what was sent between two times."""

from datetime import timedelta
from typing import Any

from functions.queues.messages import recall_messages
from lib.domain.shared.values import timestamp
from lib.ports.queueing.names import RECALL_REQUESTED
from tests.functions.messages.inbox_calls import page
from tests.functions.messages.withdrawal_calls import REASON
from tests.stack import Reply, Stack, take

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def selecting(stack: Stack, *, hours: int = 1, **more: Any) -> dict[str, Any]:
    """Return the body for what was sent in the last hours."""
    now = stack.clock.moment
    return {
        "reason": REASON,
        "since": timestamp(now - hours * HOUR),
        "until": timestamp(now + HOUR),
        **more,
    }


async def recall(stack: Stack, body: dict[str, Any], **call: Any) -> Reply:
    """Withdraw a selection."""
    reply = await stack.call("withdraw_selection", body, **call)
    assert reply.status == 202, reply
    return reply


async def count(stack: Stack, body: dict[str, Any], **call: Any) -> Any:
    """Count a selection."""
    reply = await stack.call("dry_run_withdrawal", body, **call)
    assert reply.status == 200, reply
    return reply.body


async def progress(stack: Stack, reply: Reply, **call: Any) -> Any:
    """Read the progress of a recall."""
    told = await stack.call("read_withdrawals", path={"id": reply.body["id"]}, **call)
    assert told.status == 200
    return told.body


async def run(stack: Stack) -> None:
    """Run all items of recalls that are visible, until none is left."""
    while items := await take(stack.queue, RECALL_REQUESTED):
        for item in items:
            await recall_messages.consume(stack.app, item.text, last=False)
            await stack.queue.delete(RECALL_REQUESTED, item)


async def finish(stack: Stack) -> None:
    """Run the first search, and the second one half a minute later."""
    await run(stack)
    stack.clock.advance(timedelta(seconds=31))
    await run(stack)


async def inbox(stack: Stack) -> set[str]:
    """Return the ids of the messages in the inbox."""
    return {item["id"] for item in (await page(stack, page_size="100"))["items"]}
