"""Reminders whose moment has come."""

from functions.queues.contract import Consumer
from lib.ports.queueing.items import ReminderDue
from lib.ports.queueing.names import REMINDER_DUE

process_due_reminder = Consumer(
    name="process_due_reminder",
    queue=REMINDER_DUE,
    item=ReminderDue,
    handler=lambda app, item: app.process_due_reminder(item),
)
