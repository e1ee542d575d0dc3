"""Change a managed service, and see to all that follows from the change."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from ulid import ULID

from lib import telemetry
from lib.domain.services.managed_service import Change, ManagedService
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queue import Queue
from lib.ports.queueing.items.senders import ServiceChanged
from lib.ports.queueing.names import SERVICE_CHANGED
from lib.repositories.services.managed_services import ManagedServices
from lib.use_cases.services.register_service import RegisterService

LATER: Final = timedelta(minutes=1)
"""After this time a queue function does what a call that died left undone."""

type Transition = Callable[[ManagedService, str], Change]
"""Returns the service after a change; the text is the time of the change, in UTC."""


class ChangeService:
    """Store a change of a service, then bring the registry and the lists up to date.

    The reminder to do so is queued before the change is stored, so that it is not lost where the
    call dies after it. The call itself does it at once, so that the caller reads its own write.
    Cost: one put, one point read, one batch, and what RegisterService costs; one put more for a
    service that is sent to review.
    """

    def __init__(
        self, services: ManagedServices, register: RegisterService, queue: Queue, clock: Clock
    ) -> None:
        self._services = services
        self._register = register
        self._queue = queue
        self._clock = clock

    async def __call__(self, service_id: ServiceId, transition: Transition) -> ManagedService:
        """Return the service after the change.

        Raise ManagedServiceNotFoundError, UnavailableError and what the transition raises.
        """
        await self.announce(service_id, LATER)
        now = self._clock.now()
        service = await self._services.change(
            service_id, str(ULID.from_datetime(now)), lambda one: transition(one, timestamp(now))
        )
        await self.follow(service)
        return service

    async def announce(self, service_id: ServiceId, delay: timedelta = timedelta(0)) -> None:
        """Queue the item that brings everything up to date; raise UnavailableError."""
        item = ServiceChanged(service_id=service_id)
        due = self._clock.now() + delay
        await self._queue.put(SERVICE_CHANGED, telemetry.stamped(item, due).text(), delay=delay)

    async def follow(self, service: ManagedService) -> None:
        """Bring everything up to date now; what an outage prevents, the queued item does later."""
        with contextlib.suppress(UnavailableError):
            await self._register(service.id)
            if service.status == "submitted" and not service.is_checked:
                await self.announce(service.id)
