"""List a citizen's messages, a page at a time."""

from lib.ports.documents import DocumentStore
from lib.repositories.messages.messages import InboxPage, Messages


class ListInbox:
    """Return a page of the citizen's inbox. Cost: one query, no read per message."""

    def __init__(self, store: DocumentStore) -> None:
        self._messages = Messages(store)

    async def __call__(
        self,
        fiscal_code: str,
        *,
        size: int,
        archived: bool,
        maximum_id: str | None,
        minimum_id: str | None,
    ) -> InboxPage:
        """Both bounds are exclusive; see Messages.page."""
        return await self._messages.page(
            fiscal_code, size=size, archived=archived, below=maximum_id, above=minimum_id
        )
