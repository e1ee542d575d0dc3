"""Request the e-mail that proves an address to be the citizen's own."""

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
from lib.ports.queueing.items import EmailValidationRequested
from lib.ports.queueing.names import EMAIL_VALIDATION_REQUESTED
from lib.rendering.email.links import Links
from lib.repositories.profiles.email_addresses import EmailAddresses
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.profiles.email_owners import EmailOwners

PAUSE: Final = timedelta(minutes=1)
"""Between two e-mails to one citizen."""


class RequestEmailValidation:
    """Queue the e-mail that validates the citizen's address.

    Within a minute the same request again is the same e-mail: it only repeats the put, since the
    first request may have crashed before its put. A request that crashes after its count has used
    one e-mail of the day.
    Cost: three point reads, two writes, one put; one point read more where there is an owner.
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
            "a profile", lambda: self._noted(access.subject, links, counted)
        )
        request = EmailValidationRequested(fiscal_code=access.subject, validation_id=validation_id)
        stamped = telemetry.stamped(request, self._clock.now())
        await self._queue.put(EMAIL_VALIDATION_REQUESTED, stamped.text())

    async def _noted(self, fiscal_code: str, links: Links, counted: set[str]) -> str:
        """Return the id of the validation that is under way, or of a new one.

        `counted`: the addresses that this call has counted, so that a lost write that runs again
        counts its address once.
        """
        stored = await self._profiles.settings(fiscal_code)
        if stored is None:
            raise ProfileNotFoundError
        email = _address(stored.settings)
        await self._owners.refuse_taken(email, fiscal_code)
        address = links.fingerprint(email)
        now = self._clock.now()
        last = stored.settings.validation
        if last and (left := last.at + PAUSE - now) > timedelta():
            if not links.is_for(last.address, email):
                raise ValidationTooSoonError(left.total_seconds())
            return last.id
        validation_id = str(ULID.from_datetime(now))
        sent = tuple(with_one_more(last.sent if last else (), now))
        reached = links.fingerprint(canonical_if_reachable(email))
        if reached not in counted:
            await self._addresses.count_request(reached, now)
            counted.add(reached)
        validation = EmailValidation(validation_id, now, address, sent)
        await self._profiles.note_validation(fiscal_code, validation, stored.etag)
        return validation_id


def _address(settings: ProfileSettings) -> str:
    if not settings.email or settings.is_email_validated:
        raise NothingToValidateError
    return settings.email
