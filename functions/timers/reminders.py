"""Reminders whose moment comes, every five minutes."""

from functions.timers.timer import Timer

dispatch_reminders = Timer(
    name="dispatch_reminders",
    # lib.repositories.reminder_schedule.TICK
    schedule="0 */5 * * * *",
    handler=lambda app: app.dispatch_reminders(),
)
