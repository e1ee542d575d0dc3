"""A citizen's devices: those that are registered, and those that are being removed."""

from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple, Self

from lib.domain.shared.pseudonym import Pseudonyms

MAX_DEVICES: Final = 10
"""The most devices of one citizen; an eleventh device replaces the oldest registration."""

type Platform = Literal["apns", "fcmv1", "browser"]


class BrowserKeys(NamedTuple):
    """The keys with which pushes are encrypted for one browser, as base64url without padding."""

    p256dh: str
    auth: str


class Device(NamedTuple):
    """A registered device: keyed hashes of the id that its app chose and of its push channel.

    `claim` is new at each registration. So an earlier removal does not remove a device that has
    registered again. `platform` and `registered_at`: None for a device that the release 2026.11.0
    registered.
    """

    id: str
    channel: str
    claim: str
    platform: Platform | None = None
    registered_at: str | None = None


@dataclass(frozen=True, slots=True)
class Devices:
    """A citizen's devices, the last registered last.

    `leaving`: devices that were removed here and that the push service still has to remove.
    """

    present: tuple[Device, ...] = ()
    leaving: tuple[Device, ...] = ()

    def including(self, device: Device) -> Self:
        """Add a device. Remove others with its id or channel, and the oldest beyond the limit."""
        others = [
            other
            for other in self.present
            if other.id != device.id and other.channel != device.channel
        ]
        present = (*others[1 - MAX_DEVICES :], device)
        return self._keeping(present)

    def find(self, device_id: str, channel: str) -> Device | None:
        """Return the device with this id and this channel, None where there is none."""
        return next((device for device in self.present if device[:2] == (device_id, channel)), None)

    def without(self, device_id: str) -> Self:
        """Remove a device."""
        return self._keeping(tuple(device for device in self.present if device.id != device_id))

    def forgetting(self, gone: tuple[Device, ...]) -> Self:
        """Remove from `leaving` the devices that the push service has removed."""
        remaining = tuple(device for device in self.leaving if device not in gone)
        return replace(self, leaving=remaining)

    def _keeping(self, present: tuple[Device, ...]) -> Self:
        removed = tuple(device for device in self.present if device not in present)
        return replace(self, present=present, leaving=(*self.leaving, *removed))


def device_hash(pseudonyms: Pseudonyms, device_id: str) -> str:
    """Return the hash of a device id. The app chooses the id: it may even be a fiscal code."""
    return pseudonyms.of(f"device {device_id}")


def channel_hash(pseudonyms: Pseudonyms, push_channel: str) -> str:
    """Return the hash of a push channel, by which a platform addresses a device.

    The channel of a browser is the address of its subscription, without the keys: who has another
    key for the same address does not make a second device of it.
    """
    return pseudonyms.of(f"push channel {push_channel}")
