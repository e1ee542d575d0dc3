"""The paths of notifications cost a limited number of operations (design, section 5)."""

from datetime import UTC, datetime

from functions.queues.messages import fan_out_message
from functions.queues.notifications import send_digest, send_email, send_notification
from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN
from lib.ports.queue import QueueItem
from lib.ports.queueing.items.notifications import DigestDue
from lib.ports.queueing.names import EMAIL_REQUESTED, MESSAGE_SUBMITTED, NOTIFICATION_REQUESTED
from tests.doubles.counted_stack import CountedStack
from tests.doubles.slow_push import queue_pushes
from tests.functions.parties.told import told, with_told
from tests.stack import take


async def drained(counted: CountedStack, queue: str = NOTIFICATION_REQUESTED) -> list[QueueItem]:
    """Take all requests of a channel, in as many receives as needed."""
    taken: list[QueueItem] = []
    while items := await take(counted.queue, queue):
        taken += items
    return taken


async def test_a_push(counted: CountedStack) -> None:
    """A push from the queue costs 1 read, a claim of 1 create and 1 patch, and 1 query."""
    queue_pushes(counted.app)
    await counted.submit()
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    await fan_out_message.consume(counted.app, item.text, last=False)
    (request,) = await take(counted.queue, NOTIFICATION_REQUESTED)
    counted.reset()

    await send_notification.consume(counted.app, request.text, last=False)

    assert counted.documents == {"read": 1, "create": 1, "query": 1, "patch": 1}
    assert counted.queues == {}


async def test_a_second_channel(counted: CountedStack) -> None:
    """A second channel costs what the first one does."""
    queue_pushes(counted.app)
    await counted.submit(fiscal_code=EMAIL_CITIZEN)
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    await fan_out_message.consume(counted.app, item.text, last=False)
    (mail,), (push,) = await drained(counted, EMAIL_REQUESTED), await drained(counted)
    await send_email.consume(counted.app, mail.text, last=False)
    counted.reset()

    await send_notification.consume(counted.app, push.text, last=False)

    assert counted.documents == {"read": 1, "create": 1, "query": 1, "patch": 1}
    assert counted.queues == {}


async def test_a_push_to_a_delegate(counted: CountedStack) -> None:
    """It costs 4 reads more than an own push: the delegation and its lead, profile and choice.

    The entry in the owner's list is 1 create.
    """
    await with_told(counted)
    await counted.submit()
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    await fan_out_message.consume(counted.app, item.text, last=False)
    (request,) = await drained(counted)
    counted.reset()

    await send_notification.consume(counted.app, request.text, last=False)

    assert len(told(counted)) == 1
    assert counted.documents == {"read": 5, "create": 2, "query": 1, "patch": 1}
    assert counted.queues == {}


async def test_a_notification_that_is_held_and_the_digest(counted: CountedStack) -> None:
    """Held: 1 read and 1 write more than sent; for the first, 1 read and 1 upsert besides.

    Digest: 3 reads, 1 replace, 1 put. For each message beyond the first it is 1 read more.
    """
    await counted.app.repositories.daily_limits.read(EMAIL_CITIZEN)
    queue_pushes(counted.app)
    body = {"version": 0, "max_daily_notifications": 0}
    await counted.call("update_profile", body, citizen=CITIZEN)
    for first in ({"read": 3, "create": 2, "upsert": 1}, {"read": 2, "create": 1, "replace": 1}):
        await counted.submit()
        (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
        await fan_out_message.consume(counted.app, item.text, last=False)
        (request,) = await take(counted.queue, NOTIFICATION_REQUESTED)
        counted.reset()
        await send_notification.consume(counted.app, request.text, last=False)
        assert counted.documents == {"query": 1, "patch": 1, **first}
        assert counted.queues == {}
    counted.clock.moment = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
    counted.reset()

    digest = DigestDue(fiscal_code=CITIZEN, day="2026-11-23")
    await send_digest.consume(counted.app, digest.text(), last=False)

    assert counted.documents == {"read": 4, "replace": 1}
    assert counted.queues == {"put": 1}


async def test_an_email(counted: CountedStack) -> None:
    """An e-mail costs 1 put more in the fan-out, and 2 point reads more than a push."""
    queue_pushes(counted.app)
    await counted.submit(fiscal_code=EMAIL_CITIZEN)
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    counted.reset()
    await fan_out_message.consume(counted.app, item.text, last=False)
    assert counted.documents == {"read": 3, "patch": 1, "batch": 1}
    assert counted.queues == {"put": 2}

    (request,) = await drained(counted, EMAIL_REQUESTED)
    counted.reset()

    await send_email.consume(counted.app, request.text, last=False)

    assert len(counted.mailer.sent) == 1
    assert counted.documents == {"read": 3, "create": 1, "query": 1, "patch": 1}
    assert counted.queues == {}
