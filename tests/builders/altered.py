"""Stored messages, payments and devices, altered as no call of the API alters them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from infra.local.sandbox.seed import CITIZEN
from lib.domain.payments.payment import Carrier, Payment
from lib.domain.shared.identifiers import RptId, ServiceId
from lib.domain.statistics.statistics import shard_of
from lib.ports.documents import Document, Query
from lib.ports.queueing.items.messages import SenderEvent
from lib.ports.schema.messages import MESSAGES, PAYMENTS, STATISTICS
from lib.ports.schema.notifications import INSTALLATIONS, SCHEDULE
from lib.repositories.devices.devices import DEVICES_ID
from lib.repositories.payments.payments import Payments
from tests.builders.payments import RPT_ID
from tests.stack import Stack


async def with_message(stack: Stack, id_: str, citizen: str = CITIZEN, **changes: Any) -> None:
    """Change fields of the stored message."""
    message = (await stack.store.read(MESSAGES, citizen, id_)).document
    await stack.store.upsert(MESSAGES, {**message, **changes})


async def with_logged_reminder(stack: Stack, id_: str, step: str, days: int, at: str) -> None:
    """Add a reminder that was sent to the log of the message."""
    message = (await stack.store.read(MESSAGES, CITIZEN, id_)).document
    entry = {"step": step, "days": days, "at": at, "outcome": "SENT"}
    await with_message(stack, id_, reminder_log=[*message.get("reminder_log", ()), entry])


async def with_counted_event(
    stack: Stack, event: SenderEvent, mark_ttl: int, *, count: int
) -> None:
    """Store a count of an event's day and the event's mark, as version 2026.11.0 did."""
    part = f"{event.service_id}:{shard_of(event.message_id)}"
    mark = {"id": f"{event.message_id}-{event.key}", "service_shard": part, "ttl": mark_ttl}
    counters = {event.counter: count}
    day = {"id": f"day-{event.day}", "service_shard": part, "counters": counters}
    await stack.store.create(STATISTICS, mark)
    await stack.store.create(STATISTICS, day)


async def with_payment(stack: Stack, rpt_id: str = RPT_ID, **changes: Any) -> None:
    """Change fields of the stored payment."""
    payment = (await stack.store.read(PAYMENTS, rpt_id, "payment")).document
    await stack.store.upsert(PAYMENTS, {**payment, **changes})


async def without_notice_fields(stack: Stack, rpt_id: str, *fields: str) -> None:
    """Remove fields of a payment notice, as an earlier version stored none of them."""
    notice = (await stack.store.read(PAYMENTS, rpt_id, "notice")).document
    kept = {name: value for name, value in notice.items() if name not in fields}
    await stack.store.upsert(PAYMENTS, kept)


async def without_event_field(stack: Stack, rpt_id: str, field: str) -> None:
    """Remove a field of the payment's last event, as an earlier version stored no such field."""
    event = (await stack.store.read(PAYMENTS, rpt_id, "payment")).document["event"]
    kept = {name: value for name, value in event.items() if name != field}
    await with_payment(stack, rpt_id, event=kept)


async def with_carriers(stack: Stack, rpt_id: str, *carriers: Carrier) -> None:
    """Let the payment name these messages alone."""
    await Payments(stack.store).change(
        RptId(rpt_id), lambda payment: replace(payment, carriers=carriers)
    )


async def of_another_service(
    stack: Stack, id_: str, service_id: str = "a-stranger", rpt_id: str = RPT_ID
) -> None:
    """Make the message another service's, in its payment too."""
    await with_message(stack, id_, sender_service_id=service_id)

    def renamed(payment: Payment) -> Payment:
        return replace(
            payment,
            carriers=tuple(
                replace(one, service_id=ServiceId(service_id)) if one.message_id == id_ else one
                for one in payment.carriers
            ),
        )

    await Payments(stack.store).change(RptId(rpt_id), renamed)


async def with_broken_entry(stack: Stack, slots: Iterable[str], item: Document) -> None:
    """Give the one entry in these slots of the schedule another item."""
    (entry,) = [
        entry
        for slot in slots
        for entry in (await stack.store.query(SCHEDULE, Query(slot, limit=10))).items
    ]
    await stack.store.upsert(SCHEDULE, {**entry, "item": item})


async def without_platform(stack: Stack) -> None:
    """Store the citizen's devices as version 2026.11.0 did: without platform and time."""
    stored = (await stack.store.read(INSTALLATIONS, CITIZEN, DEVICES_ID)).document
    present = [
        {name: one[name] for name in ("id", "channel", "claim")} for one in stored["present"]
    ]
    await stack.store.upsert(INSTALLATIONS, {**stored, "present": present})
