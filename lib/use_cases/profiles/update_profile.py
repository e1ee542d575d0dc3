"""Change a citizen's own settings."""

from typing import Any, Final

from ulid import ULID

from lib import telemetry
from lib.domain.profiles.profile import (
    EMAIL_CLAIM,
    NEW,
    ProfileUpdate,
    address_that_came,
    address_that_left,
    made_by,
    updated,
)
from lib.ports.clock import Clock
from lib.ports.documents import Document, DocumentStore
from lib.ports.queue import Queue
from lib.ports.queueing.items import EmailAddressChanged
from lib.ports.queueing.names import EMAIL_ADDRESS_CHANGED
from lib.repositories.profiles.recipients import EMAIL_CHANGES, Recipients
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
        store: DocumentStore,
        queue: Queue,
        clock: Clock,
        owners: EmailOwners,
        *,
        tells_old_addresses: bool,
    ) -> None:
        self._recipients = Recipients(store)
        self._queue = queue
        self._clock = clock
        self._owners = owners
        self._tells_old_addresses = tells_old_addresses

    async def __call__(self, fiscal_code: str, update: ProfileUpdate) -> Document:
        """Return the profile as stored; raise SettingsConflictError, EmailAlreadyTakenError."""
        # between the read and the write may come another update, this very one, or a change of
        # ours that has no version
        profile = await until_written("a profile", lambda: self._write(fiscal_code, update))
        for change in profile.get(EMAIL_CHANGES, ()):
            item = EmailAddressChanged(fiscal_code=fiscal_code, change_id=change["id"])
            stamped = telemetry.stamped(item, self._clock.now())
            await self._queue.put(EMAIL_ADDRESS_CHANGED, stamped.text())
        return profile

    async def _write(self, fiscal_code: str, update: ProfileUpdate) -> Document:
        stored = await self._recipients.stored_profile(fiscal_code)
        if stored is not None and made_by(stored.document, update):
            return stored.document
        before = stored.document if stored else NEW
        profile = self._noted(before, updated(before, update))
        if (came := address_that_came(before, profile)) is not None:
            await self._owners.refuse_taken(came, fiscal_code)
        elif await self._owners.claim_late(profile, fiscal_code):
            profile[EMAIL_CLAIM] = self._owners.claim_mark
        left = address_that_left(before, profile)
        held = await self._owners.held_by(fiscal_code, left) if left else ()
        etag = stored.etag if stored else None
        written = await self._recipients.write_profile(fiscal_code, profile, etag)
        await self._owners.release(held)
        return written

    def _noted(self, before: Any, profile: Document) -> Document:
        """Keep a validated address that left, so that it can be told however this call ends."""
        left = address_that_left(before, profile)
        if left is None or not self._tells_old_addresses:
            return profile
        change = {"id": str(ULID.from_datetime(self._clock.now())), "address": left}
        return {**profile, EMAIL_CHANGES: [*profile.get(EMAIL_CHANGES, ()), change][-_KEPT:]}
