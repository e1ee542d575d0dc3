"""Read organisations: an organisation its own record, operators all of them."""

from datetime import datetime, timedelta
from typing import NamedTuple

from lib.domain.organizations.errors import OrganizationNotFoundError
from lib.domain.organizations.organization import Organization, OrganizationState
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.ports.clock import Clock
from lib.repositories.organizations.organization_days import OrganizationDays
from lib.repositories.organizations.organizations import OrganizationPage, Organizations
from lib.use_cases.organizations.count_trial import MESSAGES, day_of, seconds_left


class OwnOrganization(NamedTuple):
    """An organisation, and its use of the trial: None after the trial."""

    organization: Organization
    cap: int | None = None
    sent_today: int | None = None


class TrialUse(NamedTuple):
    """The messages of a day in a trial, those that were sent today, and the end of the day."""

    cap: int
    sent_today: int
    ends_at: datetime


class ReadOrganizations:
    """Return organisations.

    Cost: one point read, two for an organisation on trial; one query for a list.
    """

    def __init__(
        self, organizations: Organizations, days: OrganizationDays, clock: Clock, *, cap: int
    ) -> None:
        self._organizations = organizations
        self._days = days
        self._clock = clock
        self._cap = cap

    async def own(self, manager: Manager, fiscal_code: OrganizationFiscalCode) -> OwnOrganization:
        """Return the manager's organisation. Raise OrganizationNotFoundError for another one."""
        if fiscal_code != manager.organization_fiscal_code:
            raise OrganizationNotFoundError
        organization = await self._organizations.get(fiscal_code)
        if organization is None:
            raise OrganizationNotFoundError
        if organization.state is not OrganizationState.TRIAL:
            return OwnOrganization(organization)
        trial = await self.trial(fiscal_code)
        return OwnOrganization(organization, trial.cap, trial.sent_today)

    async def trial(self, fiscal_code: OrganizationFiscalCode) -> TrialUse:
        """Return the use of the trial by an organisation on trial. Cost: one point read."""
        now = self._clock.now()
        sent = await self._days.count(fiscal_code, MESSAGES, day_of(now))
        return TrialUse(self._cap, sent, now + timedelta(seconds=seconds_left(now)))

    async def page(
        self, state: OrganizationState | None, limit: int, continuation: str | None
    ) -> OrganizationPage:
        """Return a page of all organisations. Raise ContinuationError."""
        return await self._organizations.page(state, limit, continuation)
