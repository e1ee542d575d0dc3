"""Change a citizen's own settings."""

from typing import Any, Final

from ulid import ULID

from lib import telemetry
from lib.domain.errors import SettingsConflictError
from lib.domain.events import EmailAddressChanged
from lib.domain.profile import NEW, ProfileUpdate, address_that_left, made_by, updated
from lib.ports.clock import Clock
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError
from lib.ports.queue import Queue
from lib.queues import EMAIL_ADDRESS_CHANGED
from lib.repositories.recipients import EMAIL_CHANGES, Recipients

_KEPT: Final = 5
"""Former addresses that wait to be told; a validated address is rare, and so is a longer list."""


class UpdateProfile:
    """Write all of an update, or nothing.

    The first update, with version 0, makes the profile. The same update again, after its answer
    was lost, gets what it made, and queues again what the first one may have died before queueing.
    Cost: one point read, one conditional write; one put where a validated address leaves.
    """

    def __init__(
        self, store: DocumentStore, queue: Queue, clock: Clock, *, tells_old_addresses: bool
    ) -> None:
        self._recipients = Recipients(store)
        self._queue = queue
        self._clock = clock
        self._tells_old_addresses = tells_old_addresses

    async def __call__(self, fiscal_code: str, update: ProfileUpdate) -> Document:
        """Return the profile as stored; raise SettingsConflictError."""
        profile = await self._written(fiscal_code, update)
        for change in profile.get(EMAIL_CHANGES, ()):
            item = EmailAddressChanged(fiscal_code=fiscal_code, change_id=change["id"])
            stamped = telemetry.stamped(item, self._clock.now())
            await self._queue.put(EMAIL_ADDRESS_CHANGED, stamped.text())
        return profile

    async def _written(self, fiscal_code: str, update: ProfileUpdate) -> Document:
        stored = await self._recipients.stored_profile(fiscal_code)
        if stored is not None and made_by(stored.document, update):
            return stored.document
        before = stored.document if stored else NEW
        profile = self._noted(before, updated(before, update))
        etag = stored.etag if stored else None
        try:
            return await self._recipients.write_profile(fiscal_code, profile, etag)
        except (ConflictError, NotFoundError, PreconditionFailedError):
            return await self._what_came_first(fiscal_code, update)

    def _noted(self, before: Any, profile: Document) -> Document:
        """Keep a validated address that left, so that it can be told however this call ends."""
        left = address_that_left(before, profile)
        if left is None or not self._tells_old_addresses:
            return profile
        change = {"id": str(ULID.from_datetime(self._clock.now())), "address": left}
        return {**profile, EMAIL_CHANGES: [*profile.get(EMAIL_CHANGES, ()), change][-_KEPT:]}

    async def _what_came_first(self, fiscal_code: str, update: ProfileUpdate) -> Document:
        """Return the profile where it was this update, which the engine's client sent twice."""
        stored = await self._recipients.stored_profile(fiscal_code)
        if stored is None or not made_by(stored.document, update):
            raise SettingsConflictError("The profile was changed at the same moment.")
        return stored.document
