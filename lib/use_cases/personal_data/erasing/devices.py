"""Take an erased citizen's devices from the push service."""

from lib.ports.queueing.items.notifications import InstallationChanged
from lib.repositories.devices.devices import CitizensDevices, PushChannels
from lib.use_cases.devices.sync_push_registrations import SyncPushRegistrations


class EraseDevices:
    """End the claim on each channel, and remove it from the push service; then forget the list.

    A channel that another citizen has claimed since stays with that citizen.
    Cost: one point read and one delete; for each device two reads, a delete and a call of the push
    service.
    """

    def __init__(
        self, devices: CitizensDevices, channels: PushChannels, sync: SyncPushRegistrations
    ) -> None:
        self._devices = devices
        self._channels = channels
        self._sync = sync

    async def __call__(self, fiscal_code: str) -> None:
        """Return once the push service has none of them. Raise UnavailableError."""
        devices = await self._devices.get(fiscal_code)
        for device in (*devices.present, *devices.leaving):
            await self._channels.release(device.channel, device.claim)
            item = InstallationChanged(fiscal_code=fiscal_code, channel=device.channel)
            await self._sync(item)
        await self._devices.forget(fiscal_code)
