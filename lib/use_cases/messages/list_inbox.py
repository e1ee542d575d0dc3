"""List a citizen's messages, a page at a time."""

from lib.domain.identity.access import Access
from lib.domain.shared.identifiers import MessageId
from lib.repositories.messages.inbox import Inbox, InboxPage


class ListInbox:
    """Return a page of the citizen's inbox. Cost: one query, no read per message."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def __call__(
        self,
        access: Access,
        *,
        size: int,
        archived: bool,
        maximum_id: MessageId | None,
        minimum_id: MessageId | None,
    ) -> InboxPage:
        """Return a page between the two exclusive bounds; see Inbox.page."""
        return await self._inbox.page(
            access.subject, size=size, archived=archived, below=maximum_id, above=minimum_id
        )
