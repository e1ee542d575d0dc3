"""Ports to push notifications: the sender, and the registry of devices."""

from dataclasses import dataclass
from typing import Protocol

from lib.domain.devices.devices import BrowserKeys, Platform
from lib.domain.identity.acting import DelegationId
from lib.domain.shared.identifiers import MessageId


@dataclass(frozen=True, slots=True)
class PushNotification:
    """A notification for all devices of one citizen.

    `id`: the same on every attempt. `recipients`: the pseudonyms under which the citizen's devices
    may be registered, the current pseudonym first. During a rotation of PSEUDONYM_SECRET there are
    two. `delegation_id`: that by which the citizen opens the message, if it is in another inbox.
    """

    id: str
    recipients: tuple[str, ...]
    title: str
    body: str
    message_id: MessageId
    delegation_id: DelegationId | None = None


def browser_payload(
    title: str, body: str, message: str, delegation: str | None = None
) -> dict[str, str]:
    """Return what a browser's service worker gets of a notification, or of a template of one.

    `message`, `delegation`: the ids. `tag`: a later notification of the same message takes the
    place of an earlier one; an empty tag is none.
    """
    payload = {"title": title, "body": body, "message_id": message, "tag": message}
    return payload if delegation is None else {**payload, "delegation_id": delegation}


class PushSender(Protocol):
    """Sends push notifications to all devices of their recipients.

    After any other error the notification may or may not have been sent.
    """

    async def send(self, notification: PushNotification) -> None:
        """Send a notification.

        Raises: NotSentError; UnavailableError if the notification may have been sent.
        """
        ...


@dataclass(frozen=True, slots=True)
class PushRegistration:
    """A device's push channel and its citizen; the same channel always has the same `id`.

    `keys`: those of a browser, whose channel is the address of its subscription.
    """

    id: str
    recipient: str
    platform: Platform
    push_channel: str
    keys: BrowserKeys | None = None


class DeviceRegistry(Protocol):
    """The push service's registry of devices. Calls may be repeated.

    An id has one registration, so the new citizen of a device replaces the former citizen.

    Raises: UnavailableError, from any method.
    """

    async def register(self, installation: PushRegistration) -> None:
        """Register a device, or overwrite its registration.

        Raises: RefusedError if the service does not accept the channel.
        """
        ...

    async def remove(self, installation_id: str) -> None:
        """Remove the registration of a device; do nothing for an unknown device."""
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
