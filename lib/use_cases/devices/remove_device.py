"""End a device's push notifications."""

from lib import telemetry
from lib.domain.devices.devices import Devices, device_hash
from lib.domain.identity.access import Access
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items import InstallationChanged
from lib.ports.queueing.names import INSTALLATION_CHANGED
from lib.repositories.devices.devices import CitizensDevices, CrowdedError


class RemoveDevice:
    """Remove a device from the citizen's list, and queue the call of the push service."""

    def __init__(
        self, devices: CitizensDevices, queue: Queue, clock: Clock, pseudonyms: RotatingPseudonyms
    ) -> None:
        self._devices = devices
        self._queue = queue
        self._clock = clock
        self._pseudonyms = pseudonyms

    async def __call__(self, access: Access, device_id: str) -> None:
        """Return once the removal is durable, whether the device is known or not.

        Raise UnavailableError.
        """
        hashes = filter(None, (self._pseudonyms, self._pseudonyms.previous))
        ids = [device_hash(one, device_id) for one in hashes]

        async def without(devices: Devices) -> Devices:
            for id_ in ids:
                devices = devices.without(id_)
            return devices

        try:
            devices = await self._devices.change(access.subject, without)
        except CrowdedError:
            # no other item may be queued that would remove them
            await self._tell(access.subject)
            raise
        if devices.leaving:
            await self._tell(access.subject)

    async def _tell(self, fiscal_code: str) -> None:
        item = InstallationChanged(fiscal_code=fiscal_code)
        now = self._clock.now()
        await self._queue.put(INSTALLATION_CHANGED, telemetry.stamped(item, now).text())
