"""Reminders whose moment has come."""

from functions.queues.consumer import Consumer
from lib.domain.events import ReminderDue
from lib.queues import REMINDER_DUE

remind = Consumer(
    name="remind",
    queue=REMINDER_DUE,
    item=ReminderDue,
    handler=lambda app, item: app.remind(item),
)
