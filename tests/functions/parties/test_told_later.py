"""Delegates are told of reminders, and in the evening of what their daily limit held back."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.queues.reminders import process_due_reminder
from functions.timers.scheduling import dispatch_due
from infra.local.sandbox.seed import CITIZEN
from lib.ports.queueing.names import EMAIL_REQUESTED, NOTIFICATION_REQUESTED, REMINDER_DUE
from tests.builders.parties import DELEGATE, with_delegation
from tests.builders.profiles import with_profile
from tests.functions.notifications.evenings import EVENING, evening
from tests.functions.parties.told import WITH_EMAIL, told, with_told
from tests.stack import Stack, take

DUE = "2026-12-03T22:59:59Z"
WEEK_BEFORE = datetime(2026, 11, 26, 9, 5, tzinfo=UTC)


async def due(stack: Stack) -> str:
    """Deliver a message with a due date, and clear the pushes for it."""
    id_ = await stack.deliver(content={"due_date": DUE})
    stack.push.sent.clear()
    return id_


async def remind(stack: Stack) -> None:
    """Let the first reminder become due, and send or queue its notifications."""
    stack.clock.moment = WEEK_BEFORE
    await dispatch_due.tick(stack.app)
    (item,) = await take(stack.queue, REMINDER_DUE)
    await process_due_reminder.consume(stack.app, item.text, last=False)


@pytest.mark.parametrize("has_phone", [True, False])
async def test_a_delegate_is_reminded_too(stack: Stack, has_phone: bool) -> None:
    """Also where the owner has no channel; the text tells neither the sum nor the day."""
    await with_told(stack)
    id_ = await due(stack)
    await with_profile(stack, is_webhook_enabled=has_phone)

    await remind(stack)
    await stack.drain()

    (push,) = told(stack)
    assert push.message_id == id_
    assert push.title == "Promemoria da un'altra casella"
    assert len(stack.push.sent) == (2 if has_phone else 1)


async def test_no_delegate_is_reminded_of_what_the_owner_has_read(stack: Stack) -> None:
    """A reminder that waits in its queue is checked again by the owner's message."""
    await with_told(stack)
    id_ = await due(stack)
    await remind(stack)
    stack.push.sent.clear()
    body = {"change_type": "archiving", "is_archived": True}
    path = {"id": id_}
    reply = await stack.call("change_message_status", body, path=path, citizen=CITIZEN)
    assert reply.status == 200, reply

    await stack.drain()

    assert not stack.push.sent


async def test_a_delegate_who_wants_no_reminders_gets_none(stack: Stack) -> None:
    """The new message is told all the same."""
    await with_told(stack, {"reminder_status": "DISABLED"})
    await stack.deliver(content={"due_date": DUE})
    assert len(told(stack)) == 1

    await remind(stack)
    await stack.drain()

    assert len(told(stack)) == 1


async def test_a_reminder_waits_for_the_end_of_the_delegate_s_quiet_hours(stack: Stack) -> None:
    """It comes at noon, once by each channel, or never if the delegation has ended by then."""
    quiet = {"quiet_hours": {"from": "22:00", "to": "12:00"}}
    await with_told(stack, {**quiet, **WITH_EMAIL})
    other = await with_delegation(stack, is_notified=True)
    await due(stack)
    stack.mailer.sent.clear()

    await remind(stack)
    for _ in range(2):
        requests = await take(stack.queue, NOTIFICATION_REQUESTED)
        for request in requests:
            await stack.queue.put(NOTIFICATION_REQUESTED, request.text)
        await stack.drain()
    assert not told(stack)
    assert not stack.mailer.sent
    await stack.live_until(datetime(2026, 11, 26, 11, 10, tzinfo=UTC))

    assert [push.delegation_id for push in told(stack)] == [other]
    assert len(stack.mailer.sent) == 1
    assert not await take(stack.queue, EMAIL_REQUESTED)


async def test_the_delegate_s_daily_limit_holds_for_the_digest(stack: Stack) -> None:
    """The evening's digest counts the message, and opens it in the right inbox."""
    delegation_id = await with_told(stack, {"max_daily_notifications": 0})
    id_ = await stack.deliver()
    assert not told(stack)

    assert "Hai un nuovo messaggio" in await evening(stack)

    (push,) = told(stack)
    assert (push.message_id, push.delegation_id) == (id_, delegation_id)


async def test_a_digest_of_both_inboxes_opens_the_newest_message(stack: Stack) -> None:
    """The messages of a delegation that has ended meanwhile do not count."""
    delegation_id = await with_told(stack, {"max_daily_notifications": 0})
    own = await stack.deliver(fiscal_code=DELEGATE)
    stack.clock.advance(timedelta(minutes=1))
    await stack.deliver()
    stack.clock.moment = EVENING - timedelta(minutes=30)
    path = {"id": delegation_id}
    assert (await stack.call("end_delegation", path=path, citizen=CITIZEN)).status == 204

    titles = await evening(stack)

    assert titles == ["Hai un nuovo messaggio"]
    (push,) = stack.push.sent
    assert (push.message_id, push.delegation_id) == (own, None)
