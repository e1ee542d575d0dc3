"""Store the reminders of messages, each in the document of its message."""

from collections.abc import Sequence

from lib.domain.messages.message import Message
from lib.domain.reminders.decision import ReminderOutcome
from lib.domain.reminders.plan import Step
from lib.ports.documents import Condition, DocumentStore
from lib.ports.schema import MESSAGES
from lib.repositories.messages.message_mapping import message_of
from lib.repositories.messages.messages import StoredMessage
from lib.repositories.messages.reminder_patches import first_planned, logged, planned, wished


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
            (*planned(following), logged(message.reminders.log, outcomes, at)),
            where=tuple(unchanged),
        )
