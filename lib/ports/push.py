"""Port to push notifications."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PushNotification:
    """What one citizen's devices show. `id` is the same on every attempt at this notification."""

    id: str
    recipient: str
    title: str
    body: str
    message_id: str


class PushSender(Protocol):
    """Sends to all devices of the recipient, a keyed pseudonym of the fiscal code."""

    async def send(self, notification: PushNotification) -> None:
        """Raise UnavailableError when trying again may help."""
        ...
