"""Register a device for a citizen's push notifications."""

import secrets

from lib import telemetry
from lib.domain.devices.devices import (
    BrowserKeys,
    Device,
    Devices,
    Platform,
    channel_hash,
    device_hash,
)
from lib.domain.identity.access import Access
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.push import PushRegistration
from lib.ports.queue import Queue
from lib.ports.queueing.items.notifications import InstallationChanged
from lib.ports.queueing.names import INSTALLATION_CHANGED
from lib.repositories.devices.devices import CitizensDevices, CrowdedError, PushChannels


class RegisterDevice:
    """Register a device: claim its channel, list the device, queue the call of the push service.

    Concurrency: each step may be repeated, since an app without an answer registers again. The
    channel is claimed first. So a removal at the same time leads to too few notifications rather
    than to too many.
    """

    def __init__(
        self,
        devices: CitizensDevices,
        channels: PushChannels,
        queue: Queue,
        clock: Clock,
        pseudonyms: RotatingPseudonyms,
    ) -> None:
        self._devices = devices
        self._channels = channels
        self._queue = queue
        self._clock = clock
        self._pseudonyms = pseudonyms

    async def __call__(
        self,
        access: Access,
        device_id: str,
        platform: Platform,
        push_channel: str,
        keys: BrowserKeys | None = None,
    ) -> None:
        """Return once the registration is durable; raise UnavailableError.

        `keys`: those of a browser, whose channel is the address of its subscription.
        """
        id_ = device_hash(self._pseudonyms, device_id)
        channel = channel_hash(self._pseudonyms, push_channel)
        owner = self._pseudonyms.of(access.subject)
        installation = PushRegistration(channel, owner, platform, push_channel, keys)
        now = timestamp(self._clock.now())

        before = self._pseudonyms.previous

        async def including(devices: Devices) -> Devices:
            if before is not None:
                devices = devices.without(device_hash(before, device_id))
            known = devices.find(id_, channel)
            if (
                known is not None
                # the release 2026.11.0 stored none
                and known.platform is not None
                and await self._channels.holds(installation, known.claim)
            ):
                return devices.including(known)
            # a new claim changes the list, so the conditional write notices another call's change
            device = Device(id_, channel, secrets.token_hex(8), platform, now)
            await self._channels.claim(installation, device.claim)
            return devices.including(device)

        try:
            await self._devices.change(access.subject, including)
        except CrowdedError:
            # the queue may have no other item that would remove the waiting devices
            await self._queue_sync(access.subject, channel)
            raise
        await self._end_previous(access.subject, push_channel)
        # Queued even without a change: the push service drops channels that seem dead, and an
        # earlier attempt may have crashed before this line.
        await self._queue_sync(access.subject, channel)

    async def _end_previous(self, fiscal_code: str, push_channel: str) -> None:
        """End the channel's claim under the previous secret, for each former owner.

        With that claim, the device would get a notification twice, or those of its former owner.
        """
        if self._pseudonyms.previous is None:
            return
        channel = channel_hash(self._pseudonyms.previous, push_channel)
        if await self._channels.get(channel) is not None:
            await self._channels.end(channel)
        await self._queue_sync(fiscal_code, channel)

    async def _queue_sync(self, fiscal_code: str, channel: str) -> None:
        item = InstallationChanged(fiscal_code=fiscal_code, channel=channel)
        now = self._clock.now()
        await self._queue.put(INSTALLATION_CHANGED, telemetry.stamped(item, now).text())
