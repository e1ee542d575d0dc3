"""Helpers of the tests of daily limits and digests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from functions.queues.notifications import send_notification
from infra.local.sandbox.seed import CITIZEN
from lib.ports.queueing.items.notifications import NotificationRequested
from tests.stack import Stack

EVENING = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
"""Five past six in Italy, on START's day."""


DUE = "2026-12-03T22:59:59Z"


async def ask(stack: Stack, message_id: str, **changes: Any) -> None:
    """Run the queue item of a notification."""
    values = {
        "fiscal_code": CITIZEN,
        "message_id": message_id,
        "kind": "MESSAGE",
        "channel": "PUSH",
    }
    item = NotificationRequested.model_validate({**values, **changes})
    await send_notification.consume(stack.app, item.text(), last=False)


async def evening(stack: Stack, days: int = 0) -> list[str]:
    """Clear the pushes, run a tick at six in Italy, and return the titles of new pushes."""
    stack.push.sent.clear()
    stack.clock.moment = EVENING + timedelta(days=days)
    await stack.tick()
    return [push.title for push in stack.push.sent]
