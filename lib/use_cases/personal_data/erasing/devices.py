"""Take an erased citizen's devices from the push service."""

from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.ports.queueing.items.notifications import InstallationChanged
from lib.repositories.devices.devices import CitizensDevices, PushChannels
from lib.repositories.personal_data.erasing.erasure_sweeps import ErasureSweeps
from lib.use_cases.devices.sync_push_registrations import SyncPushRegistrations


class EraseDevices:
    """End the claim on each channel, and remove it from the push service; then forget the list.

    A channel that another citizen has claimed since stays with that citizen. A registration that
    died after its claim left a channel that no list names; it is found by its owner.
    Cost: one point read, one delete, and one search of all partitions; for each device two reads, a
    delete and a call of the push service.
    """

    def __init__(
        self,
        devices: CitizensDevices,
        channels: PushChannels,
        sweeps: ErasureSweeps,
        sync: SyncPushRegistrations,
        pseudonyms: RotatingPseudonyms,
    ) -> None:
        self._devices = devices
        self._channels = channels
        self._sweeps = sweeps
        self._sync = sync
        self._pseudonyms = pseudonyms

    async def __call__(self, fiscal_code: str) -> None:
        """Return once the push service has none of them. Raise UnavailableError."""
        devices = await self._devices.get(fiscal_code)
        for device in (*devices.present, *devices.leaving):
            await self._channels.release(device.channel, device.claim)
            await self._sync(InstallationChanged(fiscal_code=fiscal_code, channel=device.channel))
        await self._devices.forget(fiscal_code)
        for pseudonym in self._pseudonyms.all_of(fiscal_code):
            for channel in await self._sweeps.channels(pseudonym):
                await self._channels.end_of(channel, pseudonym)
                await self._sync(InstallationChanged(fiscal_code=fiscal_code, channel=channel))
