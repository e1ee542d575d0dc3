"""Request the e-mail by which a citizen proves to own an address."""

from datetime import timedelta
from typing import Final

from ulid import ULID

from lib import telemetry
from lib.domain.identity.access import Access
from lib.domain.profiles.email_address import canonical_if_reachable
from lib.domain.profiles.errors import (
    NothingToValidateError,
    ProfileNotFoundError,
    ValidationTooSoonError,
)
from lib.domain.profiles.settings import EmailValidation, ProfileSettings
from lib.domain.profiles.validation_limits import with_one_more
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queue import Queue
from lib.ports.queueing.items.citizens import EmailValidationRequested
from lib.ports.queueing.names import EMAIL_VALIDATION_REQUESTED
from lib.rendering.email.links import Links
from lib.repositories.profiles.email_addresses import EmailAddresses
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.profiles.email_owners import EmailOwners

PAUSE: Final = timedelta(minutes=1)
"""The minimum time between two e-mails to one citizen."""


class RequestEmailValidation:
    """Queue the e-mail that validates the citizen's address.

    Within a minute, the same request again means the same e-mail. It only repeats the put, since
    the first request may have crashed before its put. A request that crashes after its count has
    used one e-mail of the day.
    Cost: three point reads, two writes, one put; one point read more for an address with an owner.
    """

    def __init__(
        self,
        profiles: Profiles,
        addresses: EmailAddresses,
        queue: Queue,
        clock: Clock,
        links: Links | None,
        owners: EmailOwners,
    ) -> None:
        self._profiles = profiles
        self._addresses = addresses
        self._queue = queue
        self._clock = clock
        self._links = links
        self._owners = owners

    async def __call__(self, access: Access) -> None:
        """Queue the e-mail.

        Raise ProfileNotFoundError, NothingToValidateError, ValidationTooSoonError,
        EmailAlreadyTakenError, and UnavailableError, also where no mail service is set up.
        """
        if self._links is None:
            raise UnavailableError("no mail service is set up", retry_after=3600)
        links = self._links
        counted: set[str] = set()
        validation_id = await until_written(
            "a profile", lambda: self._count_request(access.subject, links, counted)
        )
        request = EmailValidationRequested(fiscal_code=access.subject, validation_id=validation_id)
        stamped = telemetry.stamped(request, self._clock.now())
        await self._queue.put(EMAIL_VALIDATION_REQUESTED, stamped.text())

    async def _count_request(self, fiscal_code: str, links: Links, counted: set[str]) -> str:
        """Return the id of the current validation, or of a new validation.

        `counted`: the addresses that this call has counted. So a repeated attempt does not count
        its address twice.
        """
        stored = await self._profiles.settings(fiscal_code)
        if stored is None:
            raise ProfileNotFoundError
        email = _address(stored.settings)
        await self._owners.refuse_taken(email, fiscal_code)
        address = links.fingerprint(email)
        now = self._clock.now()
        last = stored.settings.validation
        if last and (remaining := last.at + PAUSE - now) > timedelta():
            if not links.is_for(last.address, email):
                raise ValidationTooSoonError(remaining.total_seconds())
            return last.id
        validation_id = str(ULID.from_datetime(now))
        sent = tuple(with_one_more(last.sent if last else (), now))
        canonical_address = links.fingerprint(canonical_if_reachable(email))
        if canonical_address not in counted:
            await self._addresses.count_request(canonical_address, now)
            counted.add(canonical_address)
        validation = EmailValidation(validation_id, now, address, sent)
        await self._profiles.note_validation(fiscal_code, validation, stored.etag)
        return validation_id


def _address(settings: ProfileSettings) -> str:
    if not settings.email or settings.is_email_validated:
        raise NothingToValidateError
    return settings.email
