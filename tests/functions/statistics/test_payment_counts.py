"""The events of payment messages are counted by day."""

import asyncio
from datetime import timedelta
from typing import Any

from functions.queues.messages import update_payment_status
from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import RptId
from lib.domain.shared.values import timestamp
from lib.ports.queueing.items.messages import PaymentUpdated
from lib.ports.queueing.items.notifications import ReminderDue
from lib.ports.queueing.names import REMINDER_DUE
from lib.ports.schema.messages import MESSAGES
from tests.builders.messages import submitted
from tests.builders.payments import PAYEE
from tests.functions.statistics.support import (
    TODAY,
    ZERO,
    ask,
    counted,
    events,
    numbered,
    pay,
    read,
    remind,
)
from tests.stack import Stack, take

REJECTING = "INBOFF00A00A000A"


async def test_a_service_reads_the_counts_of_its_payment_messages(stack: Stack) -> None:
    """Small counts are kept back, and a day without events shows zeros."""
    ids = [await stack.deliver(content=numbered(number)) for number in range(6)]
    await stack.deliver(content=numbered(9), fiscal_code=REJECTING)
    for number, id_ in enumerate(ids[:5]):
        assert (await read(stack, id_)).status == 200
        await pay(stack, number)

    reply = await ask(stack, TODAY, "2026-11-24")

    assert reply.status == 200
    day = {**ZERO, "reached": 6, "read": 5, "paid": 5, "paid_after": {"NONE": 5}}
    today, tomorrow = reply.body["days"]
    kept_back = {"sent": None, "not_reached": None, "reminded": None}
    assert today == {**day, **kept_back, "day": TODAY}
    none: dict[str, Any] = {"read": None, "reminded": None, "paid_after": {}}
    assert tomorrow == {**ZERO, **none, "day": "2026-11-24"}
    assert reply.body["totals"] == {**day, **kept_back}
    assert reply.body["least_shown"] == 5


async def test_a_message_without_a_payment_is_not_counted(stack: Stack) -> None:
    """No event is queued for a message that asks for no payment."""
    id_ = await stack.submit()
    rejected = await stack.submit(fiscal_code=REJECTING)
    for item in (submitted(id_), submitted(rejected, REJECTING)):
        await stack.app.messages.fan_out(item)
    await read(stack, id_)

    assert await events(stack) == []


async def test_a_reading_is_counted_once(stack: Stack) -> None:
    """A message counts as read on the day of its first reading alone."""
    id_ = await stack.deliver(content=numbered(1))
    for _ in range(2):
        reply = await read(stack, id_, change_type="bulk", is_archived=True)
        assert reply.body == {"is_read": True, "is_archived": True}
        stack.clock.advance(timedelta(days=1))
        await stack.drain()

    assert (await counted(stack))["READ"] == 1
    assert await counted(stack, "2026-11-24") == {}


async def test_archiving_is_not_counted_as_reading(stack: Stack) -> None:
    """No event is queued for a message that is archived."""
    id_ = await stack.deliver(content=numbered(1))

    await stack.call(
        "change_message_status",
        {"change_type": "archiving", "is_archived": True},
        path={"id": id_},
        citizen=CITIZEN,
    )

    assert await events(stack) == []


async def test_a_payment_is_counted_by_the_reminder_before_it(stack: Stack) -> None:
    """A payment counts for the last reminder before it was made, not before it was told."""
    for number in range(3):
        id_ = await stack.deliver(content=numbered(number))
        for days in (7, 3, 1)[:number]:
            stack.clock.advance(timedelta(hours=1))
            await remind(stack, id_, days)
        await pay(stack, number)
    late = await stack.deliver(content=numbered(5))
    paid_at = timestamp(stack.clock.now())
    stack.clock.advance(timedelta(minutes=1))
    await remind(stack, late, 7)
    await pay(stack, 5, paid_at=paid_at)

    found = await counted(stack)

    assert {name: count for name, count in found.items() if "PAID" in name} == {
        "PAID-NONE": 2,
        "PAID-7": 1,
        "PAID-3": 1,
    }
    assert found["REMINDED"] == 4


async def test_a_message_is_reminded_and_paid_the_next_day(stack: Stack) -> None:
    """A reminder whose item comes twice is counted once, and the payment counts for it."""
    await stack.tick()
    await stack.deliver(content={**numbered(1), "due_date": "2026-12-10T22:59:59Z"})
    for _ in range(13):
        stack.clock.advance(timedelta(hours=24))
        await stack.tick()
        for item in await take(stack.queue, REMINDER_DUE):
            due = ReminderDue.model_validate_json(item.text)
            await asyncio.gather(
                stack.app.reminders.process_due(due), stack.app.reminders.process_due(due)
            )
            await stack.queue.delete(REMINDER_DUE, item)
        await stack.drain()
    await pay(stack, 1)

    answer = (await ask(stack, TODAY, "2026-12-10")).body
    days = {one["day"]: one for one in answer["days"]}
    assert [day for day, one in days.items() if one["paid"] is None] == ["2026-12-06"]
    assert await counted(stack, "2026-12-03") == {"REMINDED": 1}
    assert await counted(stack, "2026-12-06") == {"PAID-7": 1}


async def test_a_payment_counts_on_its_day_in_italy(stack: Stack) -> None:
    """A payment late in the evening, UTC, counts on the next day in Italy."""
    await stack.deliver(content=numbered(1))
    await pay(stack, 1, paid_at="2026-11-20T23:30:00Z")

    assert await counted(stack, "2026-11-21") == {"PAID-NONE": 1}


async def test_a_payment_known_before_its_message_is_counted(stack: Stack) -> None:
    """The fan-out counts a payment that was told before the message came."""
    await pay(stack, 1)
    await stack.deliver(content=numbered(1))

    assert await counted(stack) == {"REACHED": 1, "PAID-NONE": 1}


async def test_a_message_is_paid_once_and_reversed_once(stack: Stack) -> None:
    """Of repeated payments and reversals one of each is counted; a cancellation is neither."""
    await stack.deliver(content=numbered(1))
    for outcome in ("PAID", "PAID", "REVERSED", "PAID", "REVERSED", "CANCELLED"):
        await pay(stack, 1, outcome)
        stack.clock.advance(timedelta(minutes=1))

    assert await counted(stack) == {"REACHED": 1, "PAID-NONE": 1, "REVERSED": 1}


async def test_a_payment_counts_no_later_than_it_was_told(stack: Stack) -> None:
    """A payment that is said to be made later counts on the day on which that was said."""
    await stack.deliver(content=numbered(1))
    await pay(stack, 1, paid_at="2026-12-24T12:00:00Z")

    assert await counted(stack) == {"REACHED": 1, "PAID-NONE": 1}


async def test_a_payment_of_a_deleted_message_is_not_counted(stack: Stack) -> None:
    """An update of a payment whose message is gone counts nothing and does not fail."""
    id_ = await stack.deliver(content=numbered(1))
    await stack.store.delete(MESSAGES, CITIZEN, id_)
    await pay(stack, 1)

    item = PaymentUpdated(rpt_id=RptId(f"{PAYEE}3{1:017}"))
    await update_payment_status.consume(stack.app, item.text(), last=False)

    assert await counted(stack) == {"REACHED": 1}
