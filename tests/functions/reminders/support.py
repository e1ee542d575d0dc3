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
    """Deliver a payment notice, and forget the push for it."""
    id_ = await stack.deliver(content={"due_date": DUE, "payment_data": a_payment(), **content})
    stack.push.sent.clear()
    return id_


async def jump(stack: Stack, days: int, hour: int = 9, minute: int = 0) -> None:
    """Go to this time of November's or December's day in Italy, and tick."""
    start = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(days=days - 23)
    stack.clock.moment = start + timedelta(hours=hour - 1, minutes=minute)
    await stack.tick()


def reminders(stack: Stack) -> list[str]:
    """Return the days in Italy on which pushes were sent, by their ids."""
    return [push.id.split("-REMINDER-")[1] for push in stack.push.sent]


async def log(stack: Stack, id_: str) -> list[tuple[str, str]]:
    """Return what became of each step."""
    return [(one.step, one.outcome) for one in (await stored_message(stack, id_)).reminders.log]
