"""Each reminder is sent once, whatever is repeated or fails."""

from datetime import datetime, timedelta

import pytest

from functions.queues.reminders import process_due_reminder
from functions.timers.scheduling import dispatch_due
from infra.local.sandbox.seed import CITIZEN
from lib.ports.errors import UnavailableError
from lib.ports.send_errors import NotSentError
from lib.repositories.notifications.notifications import Notifications
from tests.functions.reminders.support import jump, log, notice, reminders
from tests.stack import Stack
from tests.stored import next_reminder

pytestmark = pytest.mark.slow


async def test_repeated_ticks_and_items_send_one_push(stack: Stack) -> None:
    """Ticks and items that are repeated or late send one push."""
    id_ = await notice(stack)
    due = await next_reminder(stack, id_)
    item, stack.clock.moment = due.text(), datetime.fromisoformat(due.due_at)
    for _ in range(3):
        await dispatch_due.tick(stack.app)
        await process_due_reminder.consume(stack.app, item, last=False)
        await stack.drain()
    await process_due_reminder.consume(stack.app, item, last=False)
    await stack.drain()

    assert len(stack.push.sent) == 1
    assert await log(stack, id_) == [("20261203-7", "SENT")]


async def test_a_reminder_is_sent_by_the_run_that_checked_it(stack: Stack) -> None:
    """The push does not wait in a queue, where the payment might be made meanwhile."""
    id_ = await notice(stack)
    due = await next_reminder(stack, id_)
    item, stack.clock.moment = due.text(), datetime.fromisoformat(due.due_at)

    await process_due_reminder.consume(stack.app, item, last=False)

    assert reminders(stack) == ["20261203-7-PUSH"]


async def test_a_reminder_is_pushed_after_an_outage(stack: Stack) -> None:
    """The reminder counts as sent; its push alone comes back."""
    id_ = await notice(stack)
    stack.push.failure = NotSentError("away")
    await jump(stack, 26, 10)
    assert await log(stack, id_) == [("20261203-7", "SENT")]
    assert not stack.push.sent

    stack.push.failure = None
    stack.clock.advance(timedelta(minutes=2))
    await stack.drain()

    assert reminders(stack) == ["20261203-7-PUSH"]


@pytest.mark.parametrize(
    ("error", "is_told"), [(UnavailableError("away"), False), (ValueError(CITIZEN), True)]
)
async def test_an_error_before_the_push_loses_no_reminder(
    stack: Stack,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    is_told: bool,
) -> None:
    """The push comes back after an outage or a fault; the log of a fault names no citizen."""
    id_ = await notice(stack)

    async def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Notifications, "of_day", fail)
        due = await next_reminder(stack, id_)
        stack.clock.moment = datetime.fromisoformat(due.due_at)
        await process_due_reminder.consume(stack.app, due.text(), last=False)
    assert await log(stack, id_) == [("20261203-7", "SENT")]
    assert not stack.push.sent

    stack.clock.advance(timedelta(seconds=31))
    await stack.drain()

    assert reminders(stack) == ["20261203-7-PUSH"]
    assert ("fault in notification" in caplog.text) is is_told
    assert CITIZEN not in caplog.text
