"""Approve and suspend organisations, as an operator decides."""

import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import Final

from lib import telemetry
from lib.domain.organizations.errors import OrganizationNotFoundError
from lib.domain.organizations.organization import Organization, OrganizationState
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queue import Queue
from lib.ports.queueing.items.senders import ServiceChanged
from lib.ports.queueing.names import SERVICE_CHANGED
from lib.repositories.organizations.organizations import Organizations

LATER: Final = timedelta(minutes=1)
"""After this time a queue function does what a call that died left undone."""


class DecideOrganization:
    """Store the decision on an organisation, and queue the update of its services.

    A suspension and the end of a trial hold for all keys within the time for which keys are cached,
    since each lookup of a key reads the state (lib/repositories/organizations/standing.py). The
    rights that an approval adds to the services follow by the queue. The item is queued before the
    decision is stored, so that it is not lost where the call dies after it.
    Cost: three point reads and two puts; one replace where the state changes.
    """

    def __init__(self, organizations: Organizations, queue: Queue, clock: Clock) -> None:
        self._organizations = organizations
        self._queue = queue
        self._clock = clock

    async def approve(self, fiscal_code: OrganizationFiscalCode) -> Organization:
        """End the trial or the suspension. Raise OrganizationNotFoundError."""
        return await self._decide(fiscal_code, OrganizationState.APPROVED, "")

    async def suspend(self, fiscal_code: OrganizationFiscalCode, reason: str) -> Organization:
        """Refuse all keys of the organisation. Raise OrganizationNotFoundError."""
        return await self._decide(fiscal_code, OrganizationState.SUSPENDED, reason)

    async def _decide(
        self, fiscal_code: OrganizationFiscalCode, state: OrganizationState, reason: str
    ) -> Organization:
        now = timestamp(self._clock.now())

        def decided(before: Organization) -> Organization:
            if (before.state, before.reason) == (state, reason):
                return before
            return replace(before, state=state, reason=reason, state_changed_at=now)

        if await self._organizations.get(fiscal_code) is None:
            raise OrganizationNotFoundError
        await self._announce(fiscal_code, LATER)
        organization = await self._organizations.change(fiscal_code, decided)
        if organization is None:
            raise OrganizationNotFoundError
        with contextlib.suppress(UnavailableError):
            await self._announce(fiscal_code, timedelta(0))
        return organization

    async def _announce(self, fiscal_code: OrganizationFiscalCode, delay: timedelta) -> None:
        item = ServiceChanged(organization_fiscal_code=fiscal_code)
        stamped = telemetry.stamped(item, self._clock.now() + delay)
        await self._queue.put(SERVICE_CHANGED, stamped.text(), delay=delay)
