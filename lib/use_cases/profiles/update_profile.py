"""Change a citizen's own settings."""

from dataclasses import replace
from typing import Final

from ulid import ULID

from lib import telemetry
from lib.domain.identity.access import Access
from lib.domain.profiles.profile import ProfileUpdate
from lib.domain.profiles.settings import FormerAddress, ProfileSettings
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items import EmailAddressChanged
from lib.ports.queueing.names import EMAIL_ADDRESS_CHANGED
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.profiles.email_owners import EmailOwners

_KEPT: Final = 5
"""Former addresses that wait to be told; a validated address is rare, and so is a longer list."""


class UpdateProfile:
    """Write all of an update, or nothing.

    The first update, with version 0, makes the profile. The same update again, after its answer
    was lost, gets what it made, and queues again what the first one may have died before queueing.
    Cost: one point read, one conditional write. An address that comes is looked up: one point read,
    and one for its owner. Where a validated address leaves, its claim is released after the write
    (one point read, one delete), and its owner is told (one put); a call that dies before the
    release leaves a claim that does not hold.
    """

    def __init__(
        self,
        profiles: Profiles,
        queue: Queue,
        clock: Clock,
        owners: EmailOwners,
        *,
        tells_old_addresses: bool,
    ) -> None:
        self._profiles = profiles
        self._queue = queue
        self._clock = clock
        self._owners = owners
        self._tells_old_addresses = tells_old_addresses

    async def __call__(self, access: Access, update: ProfileUpdate) -> ProfileSettings:
        """Return the settings as stored; raise SettingsConflictError, EmailAlreadyTakenError."""
        # between the read and the write may come another update, this very one, or a change of
        # ours that has no version
        settings = await until_written("a profile", lambda: self._write(access.subject, update))
        for former in settings.former_addresses:
            item = EmailAddressChanged(fiscal_code=access.subject, change_id=former.change_id)
            stamped = telemetry.stamped(item, self._clock.now())
            await self._queue.put(EMAIL_ADDRESS_CHANGED, stamped.text())
        return settings

    async def _write(self, fiscal_code: str, update: ProfileUpdate) -> ProfileSettings:
        stored = await self._profiles.settings(fiscal_code)
        if stored is not None and stored.settings.made_by(update):
            return stored.settings
        before, etag = stored or (ProfileSettings(), None)
        after = before.updated(update)
        left = after.address_that_left(before)
        if left is not None and self._tells_old_addresses:
            after = self._noted(after, left)
        if (came := after.address_that_came(before)) is not None:
            await self._owners.refuse_taken(came, fiscal_code)
        elif await self._owners.claim_late(after, fiscal_code):
            after = replace(after, email_claim=self._owners.claim_mark)
        claims = await self._owners.claims_of(fiscal_code, left) if left else ()
        await self._profiles.write_settings(fiscal_code, after, etag)
        await self._owners.release(claims)
        return after

    def _noted(self, settings: ProfileSettings, left: str) -> ProfileSettings:
        """Keep a validated address that left, so that it can be told however this call ends."""
        former = FormerAddress(str(ULID.from_datetime(self._clock.now())), left)
        return replace(settings, former_addresses=(*settings.former_addresses, former)[-_KEPT:])
