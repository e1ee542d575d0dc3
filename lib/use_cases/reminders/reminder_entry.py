"""Make the entry of a message's next reminder in the schedule."""

from datetime import datetime

from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import timestamp
from lib.ports.queueing.items.notifications import ReminderDue
from lib.ports.queueing.names import REMINDER_DUE
from lib.repositories.scheduling.schedule import Entry


def reminder_entry(fiscal_code: str, message_id: MessageId, at: datetime) -> Entry:
    """Return the entry by which the message's reminder is processed at this time."""
    item = ReminderDue(fiscal_code=fiscal_code, message_id=message_id, due_at=timestamp(at))
    return Entry(REMINDER_DUE, message_id, at, item)
