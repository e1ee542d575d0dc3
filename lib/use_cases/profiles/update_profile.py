"""Change a citizen's own settings."""

from dataclasses import replace
from typing import Final

from ulid import ULID

from lib import telemetry
from lib.domain.identity.access import Access
from lib.domain.profiles.errors import LeavingError
from lib.domain.profiles.profile import ProfileUpdate
from lib.domain.profiles.settings import FormerAddress, ProfileSettings
from lib.domain.profiles.switches import switch_between, time_of_next, with_switch
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items.citizens import EmailAddressChanged
from lib.ports.queueing.names import EMAIL_ADDRESS_CHANGED
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.profiles.create_profile import NewSettings
from lib.use_cases.profiles.email_owners import EmailOwners
from lib.use_cases.profiles.feed.announce_switch import AnnounceSwitch

_KEPT: Final = 5
"""The most former addresses that wait for their e-mail; longer lists are very rare."""


class UpdateProfile:
    """Write an update to the citizen's settings, all or nothing.

    The first update, with version 0, creates the profile. The same update again returns the same
    result. It also queues the items again, since the first call may have crashed before.
    When a validated address leaves the profile, its claim is released after the write, and its
    owner gets an e-mail. A crash before the release leaves a claim that does not hold.
    Cost: one point read, one conditional write. A new profile: that of NewSettings. A new address:
    one point read more, and one for its owner. A validated address that leaves: one point read, one
    delete and one put more. Another answer to the question which services may write: one put more.
    """

    def __init__(
        self,
        profiles: Profiles,
        queue: Queue,
        clock: Clock,
        owners: EmailOwners,
        announce: AnnounceSwitch,
        *,
        tells_old_addresses: bool,
        new_settings: NewSettings,
    ) -> None:
        self._profiles = profiles
        self._queue = queue
        self._clock = clock
        self._owners = owners
        self._announce = announce
        self._tells_old_addresses = tells_old_addresses
        self._new_settings = new_settings

    async def __call__(self, access: Access, update: ProfileUpdate) -> ProfileSettings:
        """Return the settings as stored.

        Raise SettingsConflictError, EmailAlreadyTakenError, LeavingError.
        """
        # another write may come between the read and the write: the same update, another update,
        # or a change by the app without a new version
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
        before, etag = stored or (await self._new_settings(fiscal_code), None)
        if before.leaving:
            raise LeavingError
        after = before.updated(update)
        switch = switch_between(before, after, time_of_next(before.switches, self._clock.now()))
        if switch is not None:
            after = replace(after, switches=with_switch(before.switches, switch))
        former_address = after.address_that_left(before)
        if former_address is not None and self._tells_old_addresses:
            after = self._with_former_address(after, former_address)
        if (new_address := after.address_that_came(before)) is not None:
            await self._owners.refuse_taken(new_address, fiscal_code)
        elif await self._owners.claim_late(after, fiscal_code):
            after = replace(after, email_claim=self._owners.claim_mark)
        claims = await self._owners.claims_of(fiscal_code, former_address) if former_address else ()
        if switch is not None:
            await self._announce(fiscal_code, switch)
        await self._profiles.write_settings(fiscal_code, after, etag)
        await self._owners.release(claims)
        return after

    def _with_former_address(
        self, settings: ProfileSettings, former_address: str
    ) -> ProfileSettings:
        """Add a former address to the settings, so that a crash does not lose its e-mail."""
        former = FormerAddress(str(ULID.from_datetime(self._clock.now())), former_address)
        return replace(settings, former_addresses=(*settings.former_addresses, former)[-_KEPT:])
