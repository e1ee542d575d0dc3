"""Log what intermediaries send for organisations, so that both sides see it."""

from typing import Final, NamedTuple

from lib.domain.organizations.delegation import Delegation
from lib.domain.shared.identifiers import MessageId, OrganizationFiscalCode, ServiceId
from lib.ports.documents import DocumentStore, Query
from lib.ports.schema.citizens import DELEGATED_MESSAGES

PAGE: Final = 100


class DelegatedMessage(NamedTuple):
    """A message that an intermediary sent. `sent_at`: when it was accepted (UTC)."""

    message_id: MessageId
    service_id: ServiceId
    sent_at: str


class DelegatedMessagePage(NamedTuple):
    """One page of the log, the newest first; `continuation` is None on the last page."""

    items: tuple[DelegatedMessage, ...]
    continuation: str | None


class DelegatedMessages:
    """Keep one entry for each message, for a year. An entry names no citizen."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def log(
        self,
        organization: OrganizationFiscalCode,
        intermediary: OrganizationFiscalCode,
        message: DelegatedMessage,
    ) -> None:
        """Store the entry of a message; the same again changes nothing. Cost: one upsert."""
        document = {
            "id": message.message_id,
            "delegation": _partition(organization, intermediary),
            "service_id": message.service_id,
            "sent_at": message.sent_at,
        }
        await self._store.upsert(DELEGATED_MESSAGES, document)

    async def page(self, delegation: Delegation, continuation: str | None) -> DelegatedMessagePage:
        """Return a page of the log, the newest first. Raise ContinuationError. Cost: one query."""
        partition = _partition(
            delegation.organization_fiscal_code, delegation.intermediary_fiscal_code
        )
        page = await self._store.query(
            DELEGATED_MESSAGES,
            Query(partition, limit=PAGE, descending=True, continuation=continuation),
        )
        items = tuple(
            DelegatedMessage(one["id"], one["service_id"], one["sent_at"]) for one in page.items
        )
        return DelegatedMessagePage(items, page.continuation)


def _partition(organization: OrganizationFiscalCode, intermediary: OrganizationFiscalCode) -> str:
    return f"{organization}-{intermediary}"
