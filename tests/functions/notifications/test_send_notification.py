"""Each message is announced by one push."""

import asyncio
from datetime import timedelta

import pytest

from functions.queues.notifications import send_notification
from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import MessageId
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.notifications import NotificationRequested
from lib.ports.queueing.names import NOTIFICATION_REQUESTED
from lib.ports.schema.notifications import NOTIFICATIONS
from lib.ports.send_errors import NotSentError
from tests.doubles.slow_push import queue_pushes
from tests.stack import Stack, take
from tests.stored import delivery_status


def item(message_id: str) -> str:
    """Return the queued request for a push."""
    return NotificationRequested(
        fiscal_code=CITIZEN,
        message_id=MessageId(message_id),
        kind="MESSAGE",
        channel="PUSH",
        full=True,
    ).text()


async def test_a_push_is_sent_and_recorded(stack: Stack) -> None:
    """A push has the message's id, and its recipient is a pseudonym."""
    id_ = await stack.deliver()

    (push,) = stack.push.sent
    assert (id_, f"{id_}-MESSAGE-PUSH") == (push.message_id, push.id)
    (recipient,) = push.recipients
    assert len(recipient) == 32
    assert await delivery_status(stack, id_) == "SENT"


async def test_many_requests_for_one_push_send_one(stack: Stack) -> None:
    """Fifty requests at once for one push send one."""
    id_ = await stack.deliver()
    stack.push.sent.clear()
    await stack.store.delete(NOTIFICATIONS, CITIZEN, f"{id_}-MESSAGE-PUSH")

    await asyncio.gather(
        *(send_notification.consume(stack.app, item(id_), last=False) for _ in range(50))
    )

    assert len(stack.push.sent) == 1


async def test_a_claim_of_the_queue_whose_sender_died_is_not_sent_again(stack: Stack) -> None:
    """A push from the queue that may have been sent stays IN_PROGRESS, and is not sent again."""
    queue_pushes(stack.app)
    id_ = await stack.submit()
    stack.push.failure = asyncio.CancelledError()
    with pytest.raises(asyncio.CancelledError):
        await stack.drain()
    stack.push.failure = None

    await send_notification.consume(stack.app, item(id_), last=False, again=True)

    assert not stack.push.sent
    assert await delivery_status(stack, id_) == "IN_PROGRESS"


async def test_a_push_is_sent_after_an_outage(stack: Stack) -> None:
    """The claim of a push that was not sent is released, and its item comes back."""
    stack.push.failure = NotSentError("away")
    id_ = await stack.deliver()
    assert await delivery_status(stack, id_) == "RELEASED"
    assert not await take(stack.queue, NOTIFICATION_REQUESTED)

    stack.push.failure = None
    stack.clock.advance(timedelta(seconds=30))
    await stack.drain()

    assert [id_] == [push.message_id for push in stack.push.sent]
    assert await delivery_status(stack, id_) == "SENT"


@pytest.mark.parametrize(
    ("failure", "expected"),
    [(UnavailableError("timed out"), "UNCONFIRMED"), (ValueError(CITIZEN), "FAILED")],
)
async def test_a_push_that_may_have_been_sent_is_not_sent_again(
    stack: Stack, caplog: pytest.LogCaptureFixture, failure: Exception, expected: str
) -> None:
    """A missing answer and a refusal are recorded apart, and neither is repeated."""
    stack.push.failure = failure
    id_ = await stack.deliver()
    stack.push.failure = None

    await send_notification.consume(stack.app, item(id_), last=False)

    assert not stack.push.sent
    assert await delivery_status(stack, id_) == expected
    assert CITIZEN not in caplog.text


async def test_a_push_that_comes_too_late_is_not_sent(stack: Stack) -> None:
    """After the time to live of its message no push is sent."""
    id_ = await stack.submit(time_to_live=3600)
    stack.clock.advance(timedelta(seconds=3601))

    await stack.drain()

    assert not stack.push.sent
    assert await delivery_status(stack, id_) == "EXPIRED"


async def test_a_message_that_is_gone_is_not_announced(stack: Stack) -> None:
    """A message that is deleted gets no push."""
    await send_notification.consume(stack.app, item("01J0000000000000000000000A"), last=True)

    assert not stack.push.sent
