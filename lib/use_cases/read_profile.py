"""Show citizens their own settings."""

from lib.domain.profile import NEW
from lib.ports.documents import Document, DocumentStore
from lib.repositories.recipients import Recipients


class ReadProfile:
    """One point read."""

    def __init__(self, store: DocumentStore) -> None:
        self._recipients = Recipients(store)

    async def __call__(self, fiscal_code: str) -> Document:
        """Return the profile as stored; of a citizen who has none the new one, with version 0."""
        stored = await self._recipients.stored_profile(fiscal_code)
        return {**NEW} if stored is None else stored.document
