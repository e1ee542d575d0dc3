"""Port to push notifications."""

from dataclasses import dataclass
from typing import Protocol

from lib.ports.errors import UnavailableError


@dataclass(frozen=True, slots=True)
class PushNotification:
    """What one citizen's devices show. `id` is the same on every attempt at this notification."""

    id: str
    recipient: str
    title: str
    body: str
    message_id: str


class NotSentError(UnavailableError):
    """The notification certainly did not go out; trying again may help."""


class PushSender(Protocol):
    """Sends to all devices of the recipient, a keyed pseudonym of the fiscal code.

    Whatever else it raises leaves open whether the notification went out.
    """

    async def send(self, notification: PushNotification) -> None:
        """Raise NotSentError, or UnavailableError when it may have been sent all the same."""
        ...
