"""Helpers of the tests of reminders."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.builders.payments import a_payment
from tests.stack import Stack
from tests.stored import stored_message

DUE = "2026-12-03T22:59:59Z"
"""A Thursday, ten days after START."""


DAY_BEFORE = datetime(2026, 12, 2, 10, tzinfo=UTC)


AFTER = datetime(2026, 12, 5, tzinfo=UTC)


async def notice(stack: Stack, **content: Any) -> str:
    """Deliver a message that asks for a payment, and clear the push for it."""
    id_ = await stack.deliver(content={"due_date": DUE, "payment_data": a_payment(), **content})
    stack.push.sent.clear()
    return id_


async def jump(stack: Stack, days: int, hour: int = 9, minute: int = 0) -> None:
    """Go to a time in Italy of a day, counted from the first of November, and run a tick."""
    start = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(days=days - 23)
    stack.clock.moment = start + timedelta(hours=hour - 1, minutes=minute)
    await stack.tick()


def reminders(stack: Stack) -> list[str]:
    """Return the step and the channel of each reminder that was pushed."""
    return [push.id.split("-REMINDER-")[1] for push in stack.push.sent]


async def log(stack: Stack, id_: str) -> list[tuple[str, str]]:
    """Return each step of the message's log with its outcome."""
    return [(one.step, one.outcome) for one in (await stored_message(stack, id_)).reminders.log]
