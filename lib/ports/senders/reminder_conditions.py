"""Port to senders' own systems, which decide whether a due reminder is still sent."""

from dataclasses import dataclass
from typing import Protocol

from lib.domain.shared.identifiers import MessageId


@dataclass(frozen=True, slots=True)
class DueReminder:
    """The facts of a due reminder that its sender learns, without the citizen.

    `step`: as in NotificationRequested.
    """

    message_id: MessageId
    step: str


class ReminderConditions(Protocol):
    """Senders' conditions for reminders, each at the sender's URL."""

    async def allows(self, url: str, reminder: DueReminder) -> bool:
        """Return whether the sender wants the reminder to be sent. The call may be repeated.

        Raises: UnavailableError if the sender gives no valid answer, for any reason.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
