"""Bring the push service's list of devices in line with ours."""

from typing import Final

from lib import telemetry
from lib.domain.devices.devices import Devices
from lib.ports.errors import UnavailableError
from lib.ports.push import DeviceRegistry, PushRegistration
from lib.ports.queueing.items import InstallationChanged
from lib.ports.send_errors import RefusedError
from lib.repositories.devices.devices import CitizensDevices, PushChannels

_ROUNDS: Final = 5


class SyncPushRegistrations:
    """Tell the push service what the channels' documents say; whoever asks, and however often.

    Who owns a channel is looked up, not taken from the item: an item that comes late, of a citizen
    who has given the device away since, writes the new owner once more.
    """

    def __init__(
        self, devices: CitizensDevices, channels: PushChannels, registry: DeviceRegistry | None
    ) -> None:
        self._devices = devices
        self._channels = channels
        self._registry = registry

    async def __call__(self, item: InstallationChanged) -> None:
        """Raise UnavailableError while the push service cannot be told."""
        leaving = (await self._devices.get(item.fiscal_code)).leaving
        for device in leaving:
            await self._channels.release(device.channel, device.claim)
        touched = [*(one.channel for one in leaving), *filter(None, [item.channel])]
        for channel in dict.fromkeys(touched):
            await self._settle(channel)
        if leaving:

            async def forgetting(devices: Devices) -> Devices:
                return devices.forgetting(leaving)

            await self._devices.change(item.fiscal_code, forgetting)

    async def _settle(self, channel: str) -> None:
        """Write until what was written is still so afterwards: others may write the same channel.

        Of two that write at once, the one that writes last looks last.
        """
        if self._registry is None:
            return
        wanted = await self._channels.get(channel)
        for _ in range(_ROUNDS):
            await self._tell(self._registry, channel, wanted)
            written, wanted = wanted, await self._channels.get(channel)
            if wanted == written:
                return
        raise UnavailableError("a push channel changes hands too often")

    async def _tell(
        self, registry: DeviceRegistry, channel: str, wanted: PushRegistration | None
    ) -> None:
        with telemetry.call("push devices"):
            if wanted is None:
                await registry.remove(channel)
                return
            try:
                await registry.register(wanted)
            except RefusedError as error:
                # no channel at all, though an app calls it one: nobody can mend it but the app
                telemetry.report(error, "push devices")
