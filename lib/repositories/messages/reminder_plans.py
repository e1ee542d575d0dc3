"""Store the reminders of messages, each in the document of its message.

`reminder_at` and `reminder_step` are time and name of the next reminder. A message that never had a
reminder has no field that begins with `reminder`, except the policy of its acceptance.
"""

from collections.abc import Sequence

from lib.domain.messages.message import Message
from lib.domain.messages.message_reminders import LoggedReminder, MessageReminders
from lib.domain.reminders.decision import ReminderOutcome
from lib.domain.reminders.plan import Step
from lib.domain.shared.values import timestamp
from lib.ports.documents import Condition, DocumentStore, PatchOperation
from lib.ports.schema.messages import MESSAGES
from lib.repositories.messages.message_mapping import StoredMessage, message_of


class ReminderPlans:
    """Write the plan and the log of a message's reminders. Cost: one patch for each call."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def plan(
        self, stored: StoredMessage, step: Step | None, wanted: Message | None = None
    ) -> Message:
        """Store the next step of a message as read; return the message.

        `wanted`: the message with new wishes of its citizen, None for unchanged wishes. Raise
        NotFoundError, PreconditionFailedError if the message has changed meanwhile.
        Cost: one patch; none if the step and the wishes stay unchanged.
        """
        before = stored.message
        operations = (
            *(() if wanted is None else wished(wanted.reminders)),
            *(planned(step) if before.reminders.is_planned else first_planned(step)),
        )
        if not operations:
            return before
        after = await self._store.patch(
            MESSAGES, before.fiscal_code, before.id, operations, if_match=stored.etag
        )
        return message_of(after.document)

    async def record(
        self,
        message: Message,
        due_at: str,
        following: Step | None,
        outcomes: Sequence[tuple[Step, ReminderOutcome]],
        at: str,
    ) -> None:
        """Log the outcomes of the steps at the time `at`, and store `following` as the next step.

        Raise NotFoundError; PreconditionFailedError if the next step of the message is not the step
        that was due at `due_at`, or if the message got another payment event meanwhile.
        """
        unchanged = [Condition("reminder_at", "=", due_at)]
        if message.payment_status is not None:
            update = message.payment_update
            unchanged.append(Condition("payment_order", "=", update.order if update else ""))
        await self._store.patch(
            MESSAGES,
            message.fiscal_code,
            message.id,
            (logged(message.reminders.log, outcomes, at), *planned(following)),
            where=tuple(unchanged),
        )


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
        *(LoggedReminder(one.name, one.days, at, outcome) for one, outcome in outcomes),
    ]
    return PatchOperation("set", "/reminder_log", [entry._asdict() for entry in entries])
