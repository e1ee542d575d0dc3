"""Store in a citizen's profile whether delegates may have to be told of the citizen's messages."""

import contextlib
from collections.abc import Awaitable, Callable

from lib.ports.documents import DocumentStore, PatchOperation
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.ports.schema.citizens import PROFILES
from lib.repositories.profiles.profile_documents import TELLS_DELEGATES
from lib.repositories.profiles.profiles import PROFILE_ID


class DelegateFlags:
    """Set and clear the flag; a citizen without a profile gets no messages, and needs none.

    Each fan-out reads the profile, so it costs nothing to learn that no delegate is told. A flag
    without need costs a fan-out one read.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def set(self, owner: str) -> None:
        """Set the flag. Cost: one patch."""
        await self._write(owner, value=True)

    async def clear(self, owner: str, is_needed: Callable[[], Awaitable[bool]]) -> None:
        """Clear the flag if it is not needed. Cost: one read and one patch, and `is_needed`.

        Concurrency: it is asked after the read, and the patch depends on what was read. So a flag
        that another call sets meanwhile stays.
        """
        try:
            stored = await self._store.read(PROFILES, owner, PROFILE_ID)
        except NotFoundError:
            return
        if stored.document.get(TELLS_DELEGATES) and not await is_needed():
            await self._write(owner, value=False, if_match=stored.etag)

    async def _write(self, owner: str, *, value: bool, if_match: str | None = None) -> None:
        operation = PatchOperation("set", f"/{TELLS_DELEGATES}", value)
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            await self._store.patch(PROFILES, owner, PROFILE_ID, (operation,), if_match=if_match)
