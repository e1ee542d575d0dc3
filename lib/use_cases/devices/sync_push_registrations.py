"""Update the push service's list of devices from the stored list."""

from typing import Final

from lib import telemetry
from lib.domain.devices.devices import Devices
from lib.ports.errors import UnavailableError
from lib.ports.push import DeviceRegistry, PushRegistration
from lib.ports.queueing.items.notifications import InstallationChanged
from lib.ports.send_errors import RefusedError
from lib.repositories.devices.devices import CitizensDevices, PushChannels

_ROUNDS: Final = 5


class SyncPushRegistrations:
    """Write the stored owners of channels to the push service.

    The owner of a channel comes from the store, not from the item. So a late item of a former owner
    writes the new owner once more.
    Concurrency: a repeated run writes the same owners.
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
        touched = [*(device.channel for device in leaving), *filter(None, [item.channel])]
        for channel in dict.fromkeys(touched):
            await self._settle(channel)
        if leaving:

            async def forgetting(devices: Devices) -> Devices:
                return devices.forgetting(leaving)

            await self._devices.change(item.fiscal_code, forgetting)

    async def _settle(self, channel: str) -> None:
        """Write the owner, and repeat while the stored owner changes during the write.

        Concurrency: other calls may write the channel at the same time. The call that writes last
        also reads last, so the last owner is written.
        """
        if self._registry is None:
            return
        wanted = await self._channels.get(channel)
        for _ in range(_ROUNDS):
            await self._write(self._registry, channel, wanted)
            written, wanted = wanted, await self._channels.get(channel)
            if wanted == written:
                return
        raise UnavailableError("a push channel changes hands too often")

    async def _write(
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
