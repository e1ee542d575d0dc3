"""List the devices on which a citizen gets push notifications."""

import asyncio

from lib.domain.devices.devices import Device
from lib.domain.identity.access import Access
from lib.repositories.devices.devices import CitizensDevices, PushChannels


class ListDevices:
    """Return a citizen's devices.

    A device that another citizen has registered since then is left out: it rings for that citizen.
    Cost: one point read, and one for each device, of which a citizen has ten at most.
    """

    def __init__(self, devices: CitizensDevices, channels: PushChannels) -> None:
        self._devices = devices
        self._channels = channels

    async def __call__(self, access: Access) -> list[Device]:
        """Return the devices, the last registered first; raise UnavailableError."""
        present = (await self._devices.get(access.subject)).present
        held = await asyncio.gather(
            *(self._channels.has(device.channel, device.claim) for device in present)
        )
        return [device for device, is_held in zip(present, held, strict=True) if is_held][::-1]
