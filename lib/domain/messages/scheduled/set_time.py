"""The rules of the time that a sender sets for a message."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from lib.domain.messages.errors import SendTimeError
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import StatusChange
from lib.domain.messages.new_message import NewMessage, due_day_of
from lib.domain.shared.deadline import deadline_at
from lib.domain.shared.values import parse_timestamp

MAX_AHEAD: Final = timedelta(days=90)
PAST_TOLERANCE: Final = timedelta(minutes=5)
"""The age of a set time that still counts as now: clocks differ, and a request takes its time."""


def set_time_of(message: NewMessage, now: datetime) -> datetime | None:
    """Return the time for which the message is scheduled; None for a message that is sent now.

    Raise SendTimeError.
    """
    if message.send_at is None:
        return None
    at = parse_timestamp(message.send_at)
    if at < now - PAST_TOLERANCE:
        raise SendTimeError("is past: leave it out to send the message now")
    if at > now + MAX_AHEAD:
        raise SendTimeError(f"is more than {MAX_AHEAD.days} days ahead")
    due = message.content.due_date
    if due is not None and deadline_at(parse_timestamp(due), due_day_of(message)).is_past(at):
        raise SendTimeError("is past when the message is sent", "/content/due_date")
    return at if at > now else None


def is_past(message: NewMessage, now: datetime) -> bool:
    """Tell whether the message has a set time that has come."""
    return message.send_at is not None and parse_timestamp(message.send_at) <= now


def scheduled(message: Message, subscription_id: str, accepted_at: str) -> Message:
    """Return an accepted message as one that waits for its set time, its `created_at`."""
    return replace(
        message,
        status="SCHEDULED",
        status_history=(StatusChange("SCHEDULED", accepted_at),),
        subscription_id=subscription_id,
    )


def is_unsent(message: Message) -> bool:
    """Tell whether the message was scheduled, and was not sent until now."""
    statuses = [change.status for change in message.status_history]
    return statuses[0] == "SCHEDULED" and "ACCEPTED" not in statuses
