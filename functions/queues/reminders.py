"""Consumes the queue of reminders that are due."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items.notifications import ReminderDue
from lib.ports.queueing.names import REMINDER_DUE

process_due_reminder = Consumer(
    name="process_due_reminder",
    queue=REMINDER_DUE,
    item=ReminderDue,
    handler=lambda app, item: app.reminders.process_due(item),
)

CONSUMERS: tuple[Consumer[Any], ...] = (process_due_reminder,)
