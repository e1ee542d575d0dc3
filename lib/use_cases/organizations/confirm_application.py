"""Confirm an application by the code, and hand out the manage key of the organisation."""

import hmac
from dataclasses import replace
from typing import NamedTuple

from ulid import ULID

from lib.domain.organizations.application import Application, ApplicationState, application_named
from lib.domain.organizations.errors import CodeNotFoundError
from lib.domain.organizations.organization import (
    KeyChange,
    Organization,
    OrganizationState,
)
from lib.domain.services.keys import SLOTS
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.organizations.applications import Applications
from lib.repositories.organizations.organizations import Organizations
from lib.use_cases.organizations.found_organization import FoundOrganization
from lib.use_cases.organizations.limit_callers import LimitCallers
from lib.use_cases.services.issue_keys import IssueKeys, ShownKeys


class Confirmed(NamedTuple):
    """The organisation, and the keys of its manage subscription: in full once, then masked."""

    organization: Organization
    keys: ShownKeys


class ConfirmApplication:
    """Take the code that only the reader of the organisation's digital domicile knows.

    The first code makes the organisation. A later code replaces both of its manage keys, since the
    domicile decides who acts for the organisation: the former holder of the keys is out.
    Cost: one point read for a wrong code, else ten point reads and eight writes.
    Concurrency: the same code again shows the keys masked. A call that dies on the way is repeated
    with the same code. Of two calls at once the later one's keys work.
    """

    def __init__(
        self,
        applications: Applications,
        organizations: Organizations,
        found: FoundOrganization,
        keys: IssueKeys,
        hashes: RotatingPseudonyms,
        clock: Clock,
        limit: LimitCallers,
    ) -> None:
        self._applications = applications
        self._organizations = organizations
        self._found = found
        self._keys = keys
        self._hashes = hashes
        self._clock = clock
        self._limit = limit

    async def __call__(self, code: str, address: str | None) -> Confirmed:
        """Return the organisation with its keys. `address`: the caller's network address.

        Raise CodeNotFoundError, TooManyApplicationsError.
        """
        self._limit(address)
        application = await self._application(code)
        now = timestamp(self._clock.now())
        new = Organization(
            fiscal_code=application.fiscal_code,
            name=application.name,
            state=OrganizationState.TRIAL,
            user_id=str(ULID.from_datetime(self._clock.now())),
            manage_subscription_id=f"MANAGE-{ULID.from_datetime(self._clock.now())}",
            created_at=now,
            ipa_code=application.ipa_code,
            domicile=application.domicile,
            application_id=application.id,
        )
        organization = await self._found(new)
        subscription_id = organization.manage_subscription_id
        keys = await self._keys.show(subscription_id)
        is_first_use = application.state is not ApplicationState.CONFIRMED
        if is_first_use and organization.application_id != application.id:
            changes = [KeyChange(now, slot, "DOMICILE") for slot in SLOTS]
            await self._organizations.change(
                organization.fiscal_code,
                lambda one: one.replacing(changes[0]).replacing(changes[1]),
            )
            primary = (await self._keys.replace(subscription_id, "primary")).primary
            secondary = (await self._keys.replace(subscription_id, "secondary")).secondary
            keys = ShownKeys(primary, secondary)
        await self._applications.change(
            application.id, lambda one: replace(one, state=ApplicationState.CONFIRMED)
        )
        return Confirmed(organization, keys)

    async def _application(self, code: str) -> Application:
        """Return the application that waits for this code. Raise CodeNotFoundError."""
        id_ = application_named(code)
        application = None if id_ is None else await self._applications.get(id_)
        if application is None or application.state not in {
            ApplicationState.CODE_SENT,
            ApplicationState.CONFIRMED,
        }:
            raise CodeNotFoundError
        hashes = self._hashes.all_of(code)
        if not any(hmac.compare_digest(application.code_hash, one) for one in hashes):
            raise CodeNotFoundError
        return application
