"""The patches that write a message's reminders.

`reminder_at` and `reminder_step` are time and name of the next reminder. A message that never had a
reminder has no field that begins with `reminder`, except the policy of its acceptance.
"""

from collections.abc import Sequence

from lib.domain.messages.message_reminders import LoggedReminder, MessageReminders
from lib.domain.reminders.decision import ReminderOutcome
from lib.domain.reminders.plan import Step
from lib.domain.shared.values import timestamp
from lib.ports.documents import PatchOperation


def first_planned(step: Step | None) -> tuple[PatchOperation, ...]:
    """Return the operations for a message's first reminder; none for a message without one."""
    return () if step is None else (*planned(step), PatchOperation("set", "/reminder_log", []))


def planned(step: Step | None) -> tuple[PatchOperation, ...]:
    """Return the operations for the next reminder; `step` None: no reminder is to come."""
    return (
        PatchOperation("set", "/reminder_at", step and timestamp(step.at)),
        PatchOperation("set", "/reminder_step", step and step.name),
    )


def wished(reminders: MessageReminders) -> tuple[PatchOperation, ...]:
    """Return the operations for the citizen's wishes."""
    return (
        PatchOperation("set", "/reminders_until", reminders.snoozed_until),
        PatchOperation("set", "/reminders_done", reminders.is_done),
    )


def logged(
    log: Sequence[LoggedReminder], outcomes: Sequence[tuple[Step, ReminderOutcome]], at: str
) -> PatchOperation:
    """Return the operations that extend the log."""
    entries = [
        *log,
        *(LoggedReminder(step.name, step.days, at, outcome) for step, outcome in outcomes),
    ]
    return PatchOperation("set", "/reminder_log", [entry._asdict() for entry in entries])
