"""Ports to push notifications: what sends them, and what knows the devices that get them."""

from dataclasses import dataclass
from typing import Protocol

from lib.domain.devices.devices import Platform


@dataclass(frozen=True, slots=True)
class PushNotification:
    """What one citizen's devices show. `id` is the same on every attempt at this notification.

    `recipients`: the pseudonyms under which the citizen's devices may be registered, the current
    one first; more than one only while PSEUDONYM_SECRET is being rotated.
    """

    id: str
    recipients: tuple[str, ...]
    title: str
    body: str
    message_id: str


class PushSender(Protocol):
    """Sends to all devices of the recipients, keyed pseudonyms of one fiscal code.

    Whatever else it raises leaves open whether the notification went out.
    """

    async def send(self, notification: PushNotification) -> None:
        """Raise NotSentError, or UnavailableError when it may have been sent all the same."""
        ...


@dataclass(frozen=True, slots=True)
class PushRegistration:
    """A push channel and whose notifications go there; `id` is the same for the same channel."""

    id: str
    recipient: str
    platform: Platform
    push_channel: str


class DeviceRegistry(Protocol):
    """The push service's list of devices; both methods may be repeated, and raise UnavailableError.

    It has one installation for an id, so that a new recipient of one takes the former's place.
    """

    async def register(self, installation: PushRegistration) -> None:
        """Create or overwrite it; raise RefusedError when the channel is none."""
        ...

    async def remove(self, installation_id: str) -> None:
        """See that there is none."""
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
