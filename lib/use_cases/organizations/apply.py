"""Apply for an organisation, so that its digital domicile gets a code."""

from dataclasses import replace
from typing import Final

from ulid import ULID

from lib import telemetry
from lib.domain.organizations.application import Application
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queue import Queue
from lib.ports.queueing.items.senders import OrganizationApplied
from lib.ports.queueing.names import ORGANIZATION_APPLIED
from lib.repositories.organizations.applications import Applications
from lib.use_cases.organizations.limit_callers import LimitCallers

_LATER: Final = 3600
"""The seconds after which an installation without mail or register may have them."""


class Apply:
    """Store an application and queue its check.

    A caller learns nothing from the answer or its time: the register is asked afterwards, and the
    code goes to the address in the register alone.
    Cost: one upsert and one put.
    """

    def __init__(
        self,
        applications: Applications,
        queue: Queue,
        clock: Clock,
        limit: LimitCallers,
        *,
        is_open: bool,
        has_mail: bool,
    ) -> None:
        self._applications = applications
        self._queue = queue
        self._clock = clock
        self._limit = limit
        self._is_open = is_open
        self._has_mail = has_mail

    async def __call__(
        self, fiscal_code: OrganizationFiscalCode, email: str, address: str | None
    ) -> Application:
        """Return the application of a public body. `address`: the caller's network address.

        Raise TooManyApplicationsError, and UnavailableError, also where no register is set up.
        """
        self._limit(address)
        if not self._is_open:
            raise UnavailableError("no register of public bodies is set up", retry_after=_LATER)
        return await self._store(fiscal_code, email=email.lower())

    async def invite(
        self, fiscal_code: OrganizationFiscalCode, name: str, email: str
    ) -> Application:
        """Return the application of an organisation that an operator vouches for.

        Such an organisation is not in the register, as an intermediary.
        Raise UnavailableError, also where no mail service is set up.
        """
        return await self._store(fiscal_code, name=name, domicile=email.lower())

    async def _store(
        self,
        fiscal_code: OrganizationFiscalCode,
        *,
        email: str = "",
        name: str = "",
        domicile: str = "",
    ) -> Application:
        if not self._has_mail:
            raise UnavailableError("no mail service is set up", retry_after=_LATER)
        now = self._clock.now()
        new = Application(str(ULID.from_datetime(now)), fiscal_code, timestamp(now))
        application = replace(new, email=email, name=name, domicile=domicile)
        await self._applications.put(application)
        item = OrganizationApplied(application_id=application.id)
        await self._queue.put(ORGANIZATION_APPLIED, telemetry.stamped(item, now).text())
        return application
