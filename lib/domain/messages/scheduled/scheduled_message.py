"""A message that waits for its set time, in the list of its service."""

from dataclasses import dataclass
from typing import Self

from lib.domain.messages.message import Message
from lib.domain.shared.identifiers import FiscalCode, MessageId, ServiceId


@dataclass(frozen=True, slots=True, repr=False)
class ScheduledEntry:
    """The entry of a scheduled message; the message itself says whether it still waits.

    `send_at` and `accepted_at` are as `values.timestamp` writes them. `user_id`: the account that
    sent it.
    """

    message_id: MessageId
    service_id: ServiceId
    fiscal_code: FiscalCode
    user_id: str
    send_at: str
    accepted_at: str

    def __repr__(self) -> str:
        """Return the id of the message only: the rest is personal data."""
        return f"{type(self).__name__}(message_id={self.message_id!r})"

    @classmethod
    def of(cls, message: Message) -> Self:
        """Return the entry of a new message."""
        return cls(
            message.id,
            message.sender.service_id,
            message.fiscal_code,
            message.sender_user_id,
            message.created_at,
            message.status_history[0].at,
        )
