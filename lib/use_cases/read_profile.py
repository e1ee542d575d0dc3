"""Show citizens their own settings."""

from lib.domain.errors import ProfileNotFoundError
from lib.ports.documents import Document, DocumentStore
from lib.repositories.recipients import Recipients


class ReadProfile:
    """One point read."""

    def __init__(self, store: DocumentStore) -> None:
        self._recipients = Recipients(store)

    async def __call__(self, fiscal_code: str) -> Document:
        """Return the profile as stored; raise ProfileNotFoundError."""
        stored = await self._recipients.stored_profile(fiscal_code)
        if stored is None:
            raise ProfileNotFoundError
        return stored.document
