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

    The first update, with version 0, creates the profile. The same update again, after its answer
    was lost, returns the same result, and queues again the items that the first call may have
    missed in a crash.
    Cost: one point read, one conditional write. For a new address: one point read, and one for its
    owner. Where a validated address leaves, its claim is released after the write (one point read,
    one delete), and its owner is told (one put); a crash before the release leaves a claim that
    does not hold.
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
        # another update may come between the read and the write, this very one, or a change of
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
        """Store a validated address that left, so that its owner can be told even after a crash."""
        former = FormerAddress(str(ULID.from_datetime(self._clock.now())), left)
        return replace(settings, former_addresses=(*settings.former_addresses, former)[-_KEPT:])
