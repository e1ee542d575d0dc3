"""The paths of reminders cost a limited number of operations (design, section 5)."""

from datetime import UTC, datetime, timedelta

from functions.queues.reminders import process_due_reminder
from functions.timers.scheduling import dispatch_due
from infra.local.sandbox.seed import MANAGE_KEY
from lib.ports.queueing.names import REMINDER_DUE
from lib.repositories.scheduling.schedule import SHARDS
from tests.builders.payments import a_payment
from tests.doubles.counted_stack import CountedStack
from tests.stack import take


async def test_a_tick_with_nothing_due(counted: CountedStack) -> None:
    """A tick costs a query for each shard and 1 read of the checkpoint."""
    await dispatch_due.tick(counted.app)
    # past the full hour, after which the one before is never looked at again
    for minutes in (55, 5):
        counted.clock.advance(timedelta(minutes=minutes))
        await dispatch_due.tick(counted.app)
    counted.reset()
    counted.clock.advance(timedelta(minutes=5))

    await dispatch_due.tick(counted.app)

    assert counted.documents == {"query": SHARDS, "read": 1}
    assert counted.queues == {}


async def test_a_reminder(counted: CountedStack) -> None:
    """1 put and 1 batch when it is due; then 4 point reads, 1 upsert and 1 patch.

    The payment node is asked. Its push, which is sent at once, is 1 create more. With a payment it
    is counted for its sender, which is 1 create.
    """
    counted.clock.moment = datetime(2026, 11, 24, 5, tzinfo=UTC)
    await dispatch_due.tick(counted.app)
    await counted.drain()
    await counted.deliver(content={"due_date": "2026-11-25T22:59:59Z", "payment_data": a_payment()})
    counted.clock.moment = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)
    counted.reset()
    await dispatch_due.tick(counted.app)
    (item,) = await take(counted.queue, REMINDER_DUE)
    assert (counted.documents["batch"], counted.queues["put"]) == (1, 1)
    counted.reset()

    await process_due_reminder.consume(counted.app, item.text, last=False)

    assert counted.documents == {"read": 4, "create": 2, "upsert": 1, "patch": 1}
    assert counted.queues == {}


async def test_read_and_change_the_reminder_policy(counted: CountedStack) -> None:
    """The policy costs 1 point read; a change 1 patch, with If-Match 1 point read more."""
    read = await counted.call("read_reminder_policy", key=MANAGE_KEY)
    assert read.status == 200
    assert counted.documents == {"read": 1}

    tag = read.headers["ETag"]
    for headers, documents in (({}, {"patch": 1}), ({"if-match": tag}, {"read": 1, "patch": 1})):
        await counted.call("change_reminder_policy", {}, key=MANAGE_KEY)
        counted.reset()
        reply = await counted.call(
            "change_reminder_policy", {"hour": 10}, key=MANAGE_KEY, headers=headers
        )
        assert reply.status == 200
        assert counted.documents == documents
    assert counted.queues == {}
