"""List the notifications of messages that were sent to a citizen."""

from dataclasses import dataclass
from typing import Final, get_args

from lib.domain.notifications.delivery import Claim
from lib.ports.documents import WRITTEN_AT, DocumentStore, Query
from lib.ports.queueing.items.notifications import NotificationKind
from lib.ports.schema.notifications import NOTIFICATIONS
from lib.repositories.notifications.notifications import claim_of

_KINDS: Final = tuple(get_args(NotificationKind))
"""The kinds of messages' notifications: e-mails about an address are of other kinds."""


@dataclass(frozen=True, slots=True)
class NotificationPage:
    """A page of claims, the latest outcome first; `cursor`: None on the last page."""

    claims: list[Claim]
    cursor: str | None


class OwnNotifications:
    """List a citizen's claims, which are kept for 90 days. Cost: one query for each page."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def page(self, fiscal_code: str, size: int, cursor: str | None) -> NotificationPage:
        """Return a page, the latest outcome first.

        A page may be shorter than `size`. Raise ContinuationError for a cursor from elsewhere.
        """
        query = Query(fiscal_code, size, order_by=WRITTEN_AT, descending=True, continuation=cursor)
        page = await self._store.query(NOTIFICATIONS, query)
        claims = [claim_of(document) for document in page.items]
        shown = [claim for claim in claims if claim.delivery.kind.startswith(_KINDS)]
        return NotificationPage(shown, page.continuation)
