"""Port to a sender's own systems, which may say that a reminder is no longer called for."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DueReminder:
    """What a sender is told of it: never the citizen. `step` is as in NotificationRequested."""

    message_id: str
    step: str


class ReminderConditions(Protocol):
    """The conditions of all senders, each at its own URL."""

    async def allows(self, url: str, reminder: DueReminder) -> bool:
        """Tell whether the sender wants it sent; the same question may be asked again.

        Raise UnavailableError where it does not say so or otherwise, for whatever reason.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
