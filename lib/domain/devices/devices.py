"""A citizen's devices: which are there, and which are on their way out."""

from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple, Self

from lib.domain.shared.pseudonym import Pseudonyms

MAX_DEVICES: Final = 10
"""Of one citizen; the one that registered longest ago makes room for the eleventh."""

type Platform = Literal["apns", "fcmv1"]


class Device(NamedTuple):
    """A device, by keyed hashes of the id that its app chose and of its push channel.

    `claim` is new each time it comes: one that comes back at once is not taken for one that left.
    """

    id: str
    channel: str
    claim: str


@dataclass(frozen=True, slots=True)
class Devices:
    """A citizen's devices, the last to register last.

    `leaving` are those that went, until the push service knows it.
    """

    present: tuple[Device, ...] = ()
    leaving: tuple[Device, ...] = ()

    def including(self, device: Device) -> Self:
        """Register a device; what had its id or its channel goes, and whoever is one too many."""
        others = [
            one for one in self.present if one.id != device.id and one.channel != device.channel
        ]
        kept = (*others[1 - MAX_DEVICES :], device)
        return self._keeping(kept)

    def find(self, device_id: str, channel: str) -> Device | None:
        """Return the device if it is there, with this channel."""
        return next((one for one in self.present if one[:2] == (device_id, channel)), None)

    def without(self, device_id: str) -> Self:
        """Take a device away."""
        return self._keeping(tuple(one for one in self.present if one.id != device_id))

    def forgetting(self, gone: tuple[Device, ...]) -> Self:
        """Take off the list what has left."""
        left = tuple(one for one in self.leaving if one not in gone)
        return replace(self, leaving=left)

    def _keeping(self, kept: tuple[Device, ...]) -> Self:
        went = tuple(one for one in self.present if one not in kept)
        return replace(self, present=kept, leaving=(*self.leaving, *went))


def device_hash(pseudonyms: Pseudonyms, device_id: str) -> str:
    """Hash a device's id, which its app chose: it may be anything, a fiscal code too."""
    return pseudonyms.of(f"device {device_id}")


def channel_hash(pseudonyms: Pseudonyms, push_channel: str) -> str:
    """Hash a push channel, what a platform calls a device by."""
    return pseudonyms.of(f"push channel {push_channel}")
