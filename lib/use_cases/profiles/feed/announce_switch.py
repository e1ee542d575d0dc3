"""Queue the item that brings a switch into the subscriptions feed."""

from datetime import timedelta
from typing import Final

from lib import telemetry
from lib.domain.profiles.switches import Switch
from lib.domain.shared.identifiers import NO_SERVICE_ID, ServiceId
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items.citizens import SubscriptionSwitched
from lib.ports.queueing.names import SUBSCRIPTION_SWITCHED

LATER: Final = timedelta(seconds=30)
"""The time in which nearly every switch is stored after its item."""


class AnnounceSwitch:
    """Queue the item of a switch, before the switch itself is stored.

    So no crash loses a switch. If the switch is not stored in the end, the item does nothing.
    Cost: one put.
    """

    def __init__(self, queue: Queue, clock: Clock) -> None:
        self._queue = queue
        self._clock = clock

    async def __call__(
        self, fiscal_code: str, switch: Switch, service_id: ServiceId = NO_SERVICE_ID
    ) -> None:
        """Return once the item is durable; raise UnavailableError."""
        item = SubscriptionSwitched(fiscal_code=fiscal_code, at=switch.at, service_id=service_id)
        stamped = telemetry.stamped(item, self._clock.now() + LATER)
        await self._queue.put(SUBSCRIPTION_SWITCHED, stamped.text(), delay=LATER)
