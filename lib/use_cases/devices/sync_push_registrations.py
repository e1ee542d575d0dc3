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
    """Write the owners of channels, as stored here, to the push service. May be repeated.

    The owner of a channel is read from the store, not from the item: an item that comes late, of a
    citizen who no longer has the device, writes the new owner once more.
    """

    def __init__(
        self, devices: CitizensDevices, channels: PushChannels, registry: DeviceRegistry | None
    ) -> None:
        self._devices = devices
        self._channels = channels
        self._registry = registry

    async def __call__(self, item: InstallationChanged) -> None:
        """Write the channel of an item; raise UnavailableError while the push service is away."""
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
        """Write the owner until it is the same after the write: other calls may write the channel.

        Of two calls that write at once, the last writer is also the last reader.
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
                # the app sent a channel that is not valid: only the app can correct it
                telemetry.report(error, "push devices")
