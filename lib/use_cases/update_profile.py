"""Change a citizen's own settings."""

from lib.domain.errors import ProfileNotFoundError, SettingsConflictError
from lib.domain.profile import NEW, ProfileUpdate, made_by, updated
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError
from lib.repositories.recipients import Recipients


class UpdateProfile:
    """One point read and one conditional write; all of the update holds, or nothing.

    The first update, with version 0, makes the profile. The same update again, after its answer
    was lost, gets what it made.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._recipients = Recipients(store)

    async def __call__(self, fiscal_code: str, update: ProfileUpdate) -> Document:
        """Return the profile as stored; raise ProfileNotFoundError, SettingsConflictError."""
        stored = await self._recipients.stored_profile(fiscal_code)
        if stored is None and update.version != NEW["version"]:
            raise ProfileNotFoundError
        if stored is not None and made_by(stored.document, update):
            return stored.document
        profile = updated(stored.document if stored else NEW, update)
        etag = stored.etag if stored else None
        try:
            return await self._recipients.write_profile(fiscal_code, profile, etag)
        except (ConflictError, NotFoundError, PreconditionFailedError):
            return await self._what_came_first(fiscal_code, update)

    async def _what_came_first(self, fiscal_code: str, update: ProfileUpdate) -> Document:
        """Return the profile where it was this update, which the engine's client sent twice."""
        stored = await self._recipients.stored_profile(fiscal_code)
        if stored is None:
            raise ProfileNotFoundError
        if not made_by(stored.document, update):
            raise SettingsConflictError("The profile was changed at the same moment.")
        return stored.document
