"""What the app tells of itself: traces, metrics, events; the code that runs says it through here.

A trigger opens an invocation, and all that runs in it, in tasks too, finds it in the context. With
TELEMETRY off there never is one, so that each function below ends at its first line.
Metrics know statuses, queues and functions, never an id; traces know messages by id; events know
besides whose a message is, by the keyed pseudonym alone.
"""

import logging
import secrets
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final, Literal

from lib.domain.shared.values import parse_timestamp
from lib.ports.queueing.items import Item
from lib.telemetry.faults import describe
from lib.telemetry.invocation import CURRENT, SILENT

_logger: Final = logging.getLogger("recapito")


def names_of(item: Item | None) -> dict[str, str]:
    """Return what may be told of the item: which message it is about."""
    message_id = getattr(item, "message_id", None)
    return {} if message_id is None else {"message_id": message_id}


def concerns(fiscal_code: str) -> None:
    """Say of which citizen the events of the running function are, by the keyed pseudonym."""
    if (current := CURRENT.get()) is not None:
        current.concerns(fiscal_code)


def stamp(due: datetime) -> dict[str, Any]:
    """Return the members an item carries so that its run continues this trace; {} when off.

    `due`: from when it may run.
    """
    current = CURRENT.get()
    if current is None:
        return {}
    return {"traceparent": current.traceparent, "due": round(due.timestamp(), 3)}


def stamped[I: Item](item: I, due: datetime) -> I:
    """Return the item with its stamp; one that was put back keeps its first producer."""
    members = stamp(due)
    if not members:
        return item
    if item.traceparent is not None:
        del members["traceparent"]
    return item.model_copy(update=members)


def item_waited(queue: str, due: float, now: datetime) -> None:
    """Record how long an item was due before it ran; a delay of its own is no waiting."""
    if (current := CURRENT.get()) is not None:
        current.observe("recapito.queue_wait", max(0, now.timestamp() - due), queue=queue)


def message_became(
    status: Literal["ACCEPTED", "PROCESSED", "REJECTED", "FAILED"],
    message_id: str,
    **fields: str | float,
) -> None:
    """Count a transition that was written just now, by whoever wrote it."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.messages", 1, status=status)
        current.event(f"message {status}", message_id=message_id, **fields)


def message_delivered(message_id: str, created_at: str, now: datetime) -> None:
    """Count a message that is in the inbox as of now, and how long that took."""
    if (current := CURRENT.get()) is not None:
        seconds = max(0, (now - parse_timestamp(created_at)).total_seconds())
        current.observe("recapito.accept_to_inbox", seconds)
        message_became("PROCESSED", message_id, seconds=seconds)


def notification_ended(kind: str, channel: str, status: str, message_id: str) -> None:
    """Count what became of a notification."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.notifications", 1, kind=kind, channel=channel, status=status)
        current.event(f"notification {status}", message_id=message_id, kind=kind, channel=channel)


def reminder_ended(outcome: str, message_id: str, step: str) -> None:
    """Count what became of a reminder whose moment had come."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.reminders", 1, outcome=outcome)
        current.event(f"reminder {outcome}", message_id=message_id, step=step)


def reminder_sent(due_at: str, now: datetime) -> None:
    """Record how long after its moment a reminder was asked for."""
    if (current := CURRENT.get()) is not None:
        seconds = max(0, (now - parse_timestamp(due_at)).total_seconds())
        current.observe("recapito.reminder_lag", seconds)


def schedule_dispatched(count: int) -> None:
    """Count the items of the schedule that a tick queued; a tick that found none counts 0."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.schedule_dispatched", count)


def swept(queue: str, count: int) -> None:
    """Count, and log, messages that had waited too long for their item and were queued again."""
    _logger.warning(
        "overdue messages queued again in %s: %d "
        "(their items were lost or are late, or the clock was moved ahead)",
        *(queue, count),
    )
    if (current := CURRENT.get()) is not None:
        current.add("recapito.swept", count, queue=queue)


def schedule_set_back(hours: float) -> None:
    """Count, and log, that the checkpoint of the schedule was ahead of the clock."""
    _logger.error("a clock is wrong: the schedule was %.1f hours ahead, and is set back", hours)
    if (current := CURRENT.get()) is not None:
        current.add("recapito.schedule_set_back", 1)


def payment_became(status: str) -> None:
    """Count a payment that came to another status, by whoever wrote it."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.payments", 1, status=status)


def payment_marked(status: str, message_id: str) -> None:
    """Tell that a message says from now on where its payment stands."""
    if (current := CURRENT.get()) is not None:
        current.event(f"payment {status}", message_id=message_id)


def event_counted(event: str, outcome: Literal["COUNTED", "REPEATED", "LATE"]) -> None:
    """Count what became of a sender's event: LATE ones are not counted, see CountSenderEvent."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.sender_events", 1, event=event, outcome=outcome)


def item_put_back(queue: str, item: Item) -> None:
    """Count an item that an outage sent back, as it comes back."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.requeued", 1, queue=queue)
        current.event("item put back", queue=queue, attempt=item.attempt, **names_of(item))


def item_buried(queue: str, letter_id: str) -> None:
    """Count an item that was kept as a dead letter."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.dead_letters", 1, queue=queue)
        current.event("dead letter kept", queue=queue, letter_id=letter_id)


def previous_secret_used(secret: str, service_id: str) -> None:
    """Count a service's use of a secret that is being replaced; `secret` is the setting's name."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.previous_secrets", 1, secret=secret)
        current.event("previous secret used", secret=secret, service_id=service_id)


def record_request_charge(container: str, operation: str, charge: float) -> None:
    """Count a request to the document store and its cost, in request units (RU).

    They go to the function that runs; outside of any, at the start for one, to none.
    """
    if (current := CURRENT.get()) is not None:
        current.charge(charge, container=container, operation=operation)


def call(name: str) -> AbstractContextManager[object]:
    """Open a span for a call to somebody else's service, of a fixed name."""
    current = CURRENT.get()
    return SILENT if current is None else current.call(name)


def failed(error: BaseException) -> None:
    """Mark the running function's span."""
    if (current := CURRENT.get()) is not None:
        current.failed(error)


def report(error: BaseException, where: str) -> str:
    """Log a fault and return the trace id, 32 hexadecimal digits, that finds it."""
    current = CURRENT.get()
    trace_id = secrets.token_hex(16) if current is None else current.trace_id
    failed(error)
    # the local host's sandbox reads `fault`; nothing else does
    told = where, trace_id, describe(error)
    _logger.error("fault in %s trace_id=%s %s", *told, extra={"fault": error})
    return trace_id
