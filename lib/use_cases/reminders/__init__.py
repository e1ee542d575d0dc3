"""Actions on reminders: schedule, send, snooze, set policies."""
