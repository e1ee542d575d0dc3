"""Store the withdrawals of messages, each in the document of its message."""

from typing import Any, Final

from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import Withdrawal
from lib.ports.documents import DocumentStore, PatchOperation
from lib.ports.schema.messages import MESSAGES
from lib.repositories.messages.message_mapping import StoredMessage, message_of
from lib.repositories.messages.reminder_plans import planned

_KEPT: Final = frozenset({"REJECTED"})
"""The statuses that a withdrawal leaves as they are, since no citizen sees the message."""


class Withdrawals:
    """Withdraw messages. Cost: one patch for each message."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def withdraw(self, stored: StoredMessage, withdrawal: Withdrawal, ttl: int) -> Message:
        """Store the withdrawal of a message as read; return the changed message.

        A message that its citizen has read stays in the inbox. Every other message leaves the
        inbox, or never comes there, and is kept for `ttl` seconds for its sender. Raise
        NotFoundError, PreconditionFailedError if the message has changed meanwhile.
        """
        message = stored.message
        change = {"status": "WITHDRAWN", "at": withdrawal.at}
        operations = [
            PatchOperation("set", "/withdrawal", _stored(withdrawal)),
            PatchOperation("add", "/status_history/-", change),
        ]
        if message.reminders.is_planned:
            operations += planned(None)
        if message.binned_until is not None:
            operations.append(PatchOperation("remove", "/binned_until"))
        if not is_kept_in_inbox(message) and message.status not in _KEPT:
            operations += (
                PatchOperation("set", "/status", "WITHDRAWN"),
                PatchOperation("set", "/ttl", ttl),
            )
        after = await self._store.patch(
            MESSAGES, message.fiscal_code, message.id, operations, if_match=stored.etag
        )
        return message_of(after.document)


def is_kept_in_inbox(message: Message) -> bool:
    """Tell whether a withdrawal leaves the message in the inbox: its citizen has read it."""
    return message.is_in_inbox and message.is_read


def _stored(withdrawal: Withdrawal) -> dict[str, Any]:
    return {name: value for name, value in withdrawal._asdict().items() if value is not None}
