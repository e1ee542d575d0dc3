"""End a device's push notifications."""

from collections.abc import Iterable

from lib import telemetry
from lib.domain.devices.devices import Devices, device_hash
from lib.domain.identity.access import Access
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items.notifications import InstallationChanged
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
        """Return once the removal is durable. A device that is not known changes nothing.

        `device_id`: the id that the app chose, or that of the list of devices.
        Raise UnavailableError.
        """
        hashes = filter(None, (self._pseudonyms, self._pseudonyms.previous))
        ids = [device_hash(pseudonyms, device_id) for pseudonyms in hashes]
        await self._remove(access.subject, [*ids, device_id])

    async def by_hash(self, fiscal_code: FiscalCode, device: str) -> None:
        """Remove the device whose id has this hash, as `__call__` does; raise UnavailableError."""
        await self._remove(fiscal_code, [device])

    async def _remove(self, fiscal_code: FiscalCode, ids: Iterable[str]) -> None:
        async def without(devices: Devices) -> Devices:
            for id_ in ids:
                devices = devices.without(id_)
            return devices

        try:
            devices = await self._devices.change(fiscal_code, without)
        except CrowdedError:
            # the queue may have no other item that would remove the waiting devices
            await self._queue_sync(fiscal_code)
            raise
        if devices.leaving:
            await self._queue_sync(fiscal_code)

    async def _queue_sync(self, fiscal_code: str) -> None:
        item = InstallationChanged(fiscal_code=fiscal_code)
        now = self._clock.now()
        await self._queue.put(INSTALLATION_CHANGED, telemetry.stamped(item, now).text())
