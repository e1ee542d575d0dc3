"""Store messages whose outcome is known before they are stored."""

from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import MessageStatus
from lib.domain.reminders.plan import Step
from lib.domain.shared.values import timestamp
from lib.ports.documents import DocumentStore
from lib.ports.errors import ConflictError
from lib.ports.schema.messages import MESSAGES
from lib.repositories.messages.message_mapping import document_of, message_of


class SettledMessages:
    """Create messages in their final status, as an acceptance and its fan-out would leave them."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def create(
        self,
        message: Message,
        status: MessageStatus,
        at: str,
        *,
        reminder: Step | None = None,
        rejection: str | None = None,
        ttl: int | None = None,
        kept_until: str | None = None,
    ) -> Message | None:
        """Store an accepted message in this status; return it, None where its id exists.

        `at`: the time of the status. `reminder`: the first reminder of a delivered message.
        `rejection`: the reason of a rejected message, which stays `ttl` seconds.
        `kept_until`: of a delivered message, None for good. Cost: one create.
        """
        document = document_of(message)
        document["status"] = status
        document["status_history"].append({"status": status, "at": at})
        if reminder is not None:
            document |= {
                "reminder_at": timestamp(reminder.at),
                "reminder_step": reminder.name,
                "reminder_log": [],
            }
        if rejection is not None:
            document |= {
                "rejection_reason": rejection,
                "message_title": "",
                "category": {"tag": "GENERIC"},
                "amount": None,
                "due_date": None,
            }
        if kept_until is not None:
            document["kept_until"] = kept_until
        if ttl is not None:
            document["ttl"] = ttl
        try:
            await self._store.create(MESSAGES, document)
        except ConflictError:
            return None
        return message_of(document)
