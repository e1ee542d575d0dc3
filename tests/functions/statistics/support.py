"""Helpers of the tests of payment statistics."""

from datetime import date, datetime
from typing import Any

from functions.queues.statistics import fold_week
from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.domain.shared.identifiers import MessageId, ServiceId
from lib.domain.shared.values import timestamp
from lib.domain.statistics.weeks import week_of
from lib.ports.documents import Document
from lib.ports.queueing.items.messages import FoldDue, SenderEvent
from lib.ports.queueing.names import SENDER_EVENT
from lib.repositories.messages.messages import Messages
from lib.repositories.statistics.folds import fold_entry
from lib.use_cases.statistics.sender_events import SenderEvents
from tests.builders.altered import with_logged_reminder
from tests.builders.payments import PAYEE, a_payment, tell
from tests.stack import Reply, Stack, take

TODAY = "2026-11-23"
WEEK = week_of(date.fromisoformat(TODAY))
OF_WEEK = fold_entry(ServiceId(SERVICE_ID), WEEK)


ZERO = dict.fromkeys(("sent", "reached", "not_reached", "read", "reminded", "paid", "reversed"), 0)


def numbered(number: int) -> Document:
    """Return content that asks for a payment with this number."""
    return {"payment_data": a_payment(notice_number=f"3{number:017}")}


async def pay(stack: Stack, number: int, outcome: str = "PAID", **changes: Any) -> None:
    """Report an event of a payment, and run the queues."""
    await tell(stack, outcome, f"{PAYEE}3{number:017}", **changes)
    await stack.drain()


async def read(stack: Stack, id_: str, **change: Any) -> Reply:
    """Mark a message as read."""
    body = {"change_type": "reading", "is_read": True, **change}
    return await stack.call("change_message_status", body, path={"id": id_}, citizen=CITIZEN)


async def ask(stack: Stack, first: str = TODAY, last: str = TODAY, **call: Any) -> Reply:
    """Read the counts of a period."""
    return await stack.call("read_payment_statistics", query={"from": first, "to": last}, **call)


async def counted(stack: Stack, day: str = TODAY, service: str = SERVICE_ID) -> dict[str, int]:
    """Return all stored counts of a day, also those that are kept back from senders."""
    wanted, today = date.fromisoformat(day), stack.clock.now().date()
    statistics = stack.app.repositories.statistics
    return dict((await statistics.days(ServiceId(service), wanted, wanted, today)).get(wanted, {}))


async def events(stack: Stack) -> list[SenderEvent]:
    """Take the queued events."""
    items = await take(stack.queue, SENDER_EVENT)
    return [SenderEvent.model_validate_json(item.text) for item in items]


async def remind(stack: Stack, id_: str, days: int) -> None:
    """Log a sent reminder in the message, and queue its event."""
    at, step = timestamp(stack.clock.now()), f"20261207-{days}"
    await with_logged_reminder(stack, id_, step, days, at)
    events = SenderEvents(stack.queue, stack.clock, stack.app.statistics.count_event)
    await events.reminded(await Messages(stack.store).get(CITIZEN, MessageId(id_)), step, at)
    await stack.drain()


async def fold(stack: Stack, day: str = TODAY, service: str = SERVICE_ID) -> None:
    """Run the item that folds the week of a day."""
    item = FoldDue(service_id=ServiceId(service), week=f"{week_of(date.fromisoformat(day))}")
    await fold_week.consume(stack.app, item.text(), last=False)


def an_event(noted_at: datetime, **changes: Any) -> SenderEvent:
    """Return an event of a message."""
    values = {"service_id": SERVICE_ID, "message_id": "M", "event": "READ", "day": TODAY}
    return SenderEvent.model_validate({**values, "noted_at": timestamp(noted_at), **changes})


async def a_week(stack: Stack) -> dict[str, int]:
    """Deliver, read and pay some messages; return the counts of the day."""
    for number in range(6):
        id_ = await stack.deliver(content=numbered(number))
        await read(stack, id_)
        await pay(stack, number)
    await stack.deliver(content=numbered(7), fiscal_code="NOPROF00A00A000A")
    found = await counted(stack)
    assert found == {"REACHED": 6, "READ": 6, "PAID-NONE": 6, "NOT_REACHED": 1}
    return found


async def report(stack: Stack) -> Any:
    """Return the report of sent messages of the day."""
    reply = await stack.call("read_message_report", query={"from": TODAY, "to": TODAY})
    return reply.body["totals"]
