"""The telemetry of the app: traces, metrics and events.

A trigger opens an invocation, and its code, tasks included, finds the invocation in the context.
With TELEMETRY off there is no invocation, and each function below returns at its first line.
Metrics have statuses, queues and functions, but no ids. Traces have message ids. Events also have
the keyed pseudonym of the citizen.
"""

import logging
import secrets
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final, Literal

from lib.domain.shared.identifiers import BatchId, MessageId, ServiceId
from lib.domain.shared.values import parse_timestamp
from lib.ports.queueing.item import Item
from lib.telemetry.faults import describe
from lib.telemetry.invocation import CURRENT, SILENT

_logger: Final = logging.getLogger("recapito")


def names_of(item: Item | None) -> dict[str, str]:
    """Return the members of an item that telemetry may contain: the id of its message."""
    message_id = getattr(item, "message_id", None)
    return {} if message_id is None else {"message_id": message_id}


def concerns(fiscal_code: str | None) -> None:
    """Give the keyed pseudonym of a citizen to the later events of the running function.

    None: the later events are of no citizen.
    """
    if (current := CURRENT.get()) is not None:
        current.concerns(fiscal_code)


def stamp(due: datetime) -> dict[str, Any]:
    """Return the members of an item that link its run to this trace; {} when telemetry is off.

    `due`: the earliest time of the run.
    """
    current = CURRENT.get()
    if current is None:
        return {}
    return {"traceparent": current.traceparent, "due": round(due.timestamp(), 3)}


def stamped[I: Item](item: I, due: datetime) -> I:
    """Return the item with its stamp; an item that an outage put back keeps its first stamp."""
    members = stamp(due)
    if not members:
        return item
    if item.traceparent is not None:
        del members["traceparent"]
    return item.model_copy(update=members)


def item_waited(queue: str, due: float, now: datetime) -> None:
    """Record the time between an item's due time and its run."""
    if (current := CURRENT.get()) is not None:
        current.observe("recapito.queue_wait", max(0, now.timestamp() - due), queue=queue)


def message_became(
    status: Literal[
        "ACCEPTED",
        "PROCESSED",
        "REJECTED",
        "FAILED",
        "WITHDRAWN",
        "HELD",
        "SCHEDULED",
        "BINNED",
        "REMOVED",
    ],
    message_id: MessageId,
    **fields: str | float,
) -> None:
    """Count a written change of a message's status."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.messages", 1, status=status)
        current.event(f"message {status}", message_id=message_id, **fields)


def batch_became(status: str, batch_id: BatchId, *, service_id: ServiceId) -> None:
    """Count a written change of a batch's status."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.batches", 1, status=status)
        current.event(f"batch {status}", batch_id=batch_id, service_id=service_id)


def attachment_became(status: str, attachment_id: str, *, service_id: ServiceId) -> None:
    """Tell of a written change of a file's status."""
    if (current := CURRENT.get()) is not None:
        current.event(f"attachment {status}", attachment_id=attachment_id, service_id=service_id)


def message_delivered(message_id: MessageId, created_at: str, now: datetime) -> None:
    """Count a message that has reached the inbox, and record the time since its acceptance."""
    if (current := CURRENT.get()) is not None:
        seconds = max(0, (now - parse_timestamp(created_at)).total_seconds())
        current.observe("recapito.accept_to_inbox", seconds)
        message_became("PROCESSED", message_id, seconds=seconds)


def notification_ended(kind: str, channel: str, status: str, subject_id: str) -> None:
    """Count the outcome of a notification."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.notifications", 1, kind=kind, channel=channel, status=status)
        current.event(f"notification {status}", message_id=subject_id, kind=kind, channel=channel)


def reminder_ended(outcome: str, message_id: MessageId, step: str) -> None:
    """Count the outcome of a due reminder."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.reminders", 1, outcome=outcome)
        current.event(f"reminder {outcome}", message_id=message_id, step=step)


def reminder_sent(due_at: datetime, now: datetime) -> None:
    """Record the time between a reminder's due time and its request."""
    if (current := CURRENT.get()) is not None:
        seconds = max(0, (now - due_at).total_seconds())
        current.observe("recapito.reminder_lag", seconds)


def schedule_dispatched(count: int) -> None:
    """Count the items of the schedule that a tick queued; a tick that found none counts 0."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.schedule_dispatched", count)


def swept(queue: str, count: int) -> None:
    """Count and log messages that were queued again because their item was lost or late."""
    _logger.warning(
        "overdue messages queued again in %s: %d "
        "(their items were lost or are late, or the clock was moved ahead)",
        *(queue, count),
    )
    if (current := CURRENT.get()) is not None:
        current.add("recapito.swept", count, queue=queue)


def schedule_set_back(hours: float) -> None:
    """Count and log that the checkpoint of the schedule was ahead of the clock."""
    _logger.error("a clock is wrong: the schedule was %.1f hours ahead and was set back", hours)
    if (current := CURRENT.get()) is not None:
        current.add("recapito.schedule_set_back", 1)


def payment_became(status: str) -> None:
    """Count a written change of a payment's status."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.payments", 1, status=status)


def payment_marked(status: str, message_id: MessageId) -> None:
    """Log that a message has the new status of its payment."""
    if (current := CURRENT.get()) is not None:
        current.event(f"payment {status}", message_id=message_id)


def event_counted(event: str, outcome: Literal["COUNTED", "REPEATED", "LATE"]) -> None:
    """Count the outcome of a sender's event; for LATE events see CountSenderEvent."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.sender_events", 1, event=event, outcome=outcome)


def item_put_back(queue: str, item: Item) -> None:
    """Count an item that an outage put back."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.requeued", 1, queue=queue)
        current.event("item put back", queue=queue, attempt=item.attempt, **names_of(item))


def item_buried(queue: str, letter_id: str) -> None:
    """Count an item that became a dead letter."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.dead_letters", 1, queue=queue)
        current.event("dead letter kept", queue=queue, letter_id=letter_id)


def item_replayed(queue: str, letter_id: str, operator: str, reason: str | None) -> None:
    """Count and log a dead letter that an operator, named by the subscription, replayed."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.replayed", 1, queue=queue)
        why = {} if reason is None else {"reason": reason}
        current.event(
            "dead letter replayed", queue=queue, letter_id=letter_id, operator=operator, **why
        )


def citizen_erased(request_id: str) -> None:
    """Count a citizen whose data was erased."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.erasures", 1)
        current.event("citizen erased", request_id=request_id)


def previous_secret_used(secret: str, subscription_id: str) -> None:
    """Count a use of a secret that is being replaced; `secret` is the name of the setting."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.previous_secrets", 1, secret=secret)
        current.event("previous secret used", secret=secret, service_id=subscription_id)


def manage_key_replaced(subscription_id: str, slot: str) -> None:
    """Log the replacement of a manage key."""
    if (current := CURRENT.get()) is not None:
        current.event("manage key replaced", slot=slot, service_id=subscription_id)


def calls_near_limit(subscription_id: str, limit: int) -> None:
    """Count and log that a subscription made most of the calls that it may make."""
    _logger.warning(
        "subscription %s has made 80 %% of the %d calls that it may make in 5 seconds",
        *(subscription_id, limit),
    )
    if (current := CURRENT.get()) is not None:
        current.add("recapito.call_limit_warnings", 1)


def calls_refused() -> None:
    """Count a call beyond the limit of its subscription."""
    if (current := CURRENT.get()) is not None:
        current.add("recapito.calls_refused", 1)


def calls_unreported(error: BaseException) -> None:
    """Count and log that the calls of a subscription could not be shared with other processes."""
    _logger.warning("calls are counted in this process alone for now: %s", describe(error))
    if (current := CURRENT.get()) is not None:
        current.add("recapito.calls_unreported", 1)


def access_unnoted(error: BaseException) -> None:
    """Count and log that an access to a citizen's data could not be noted."""
    _logger.warning("an access to a citizen's data was not noted: %s", describe(error))
    if (current := CURRENT.get()) is not None:
        current.add("recapito.accesses_unnoted", 1)


def outcome_unnoted(error: BaseException) -> None:
    """Count and log that the operators' log lacks the outcome of an action."""
    _logger.warning("the outcome of an operator's action was not noted: %s", describe(error))
    if (current := CURRENT.get()) is not None:
        current.add("recapito.outcomes_unnoted", 1)


def resident_unasked(error: BaseException) -> None:
    """Log that a message goes on without an answer of the register of residents."""
    _logger.warning("the register of residents was not asked: %s", describe(error))


def register_unasked(error: BaseException) -> None:
    """Log that delegations stay as they are stored, without an answer of their registers."""
    _logger.warning("the registers of representatives were not asked: %s", describe(error))


def accepted_unlisted(error: BaseException) -> None:
    """Log that accepted messages could not be listed before their fan-out."""
    _logger.warning("accepted messages are listed only by their fan-out: %s", describe(error))


def record_request_charge(container: str, operation: str, charge: float) -> None:
    """Count a request to the document store and its cost, in request units (RU).

    The request belongs to the running function, or to no function (at the start).
    """
    if (current := CURRENT.get()) is not None:
        current.charge(charge, container=container, operation=operation)


def call(name: str) -> AbstractContextManager[object]:
    """Open a span with a fixed name for a call to another service."""
    current = CURRENT.get()
    return SILENT if current is None else current.call(name)


def failed(error: BaseException) -> None:
    """Mark the running function's span as failed."""
    if (current := CURRENT.get()) is not None:
        current.failed(error)


def report(error: BaseException, where: str) -> str:
    """Log a fault and return its trace id (32 hexadecimal digits)."""
    current = CURRENT.get()
    trace_id = secrets.token_hex(16) if current is None else current.trace_id
    failed(error)
    # only the sandbox of the local host reads `fault`
    parts = where, trace_id, describe(error)
    _logger.error("fault in %s trace_id=%s %s", *parts, extra={"fault": error})
    return trace_id
