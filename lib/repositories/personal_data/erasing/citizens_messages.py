"""Read all messages to one citizen, seal their entries at their senders, and delete them."""

import contextlib
from typing import Final, NamedTuple

from lib.domain.messages.message import Message
from lib.domain.personal_data.erasure_request import NOBODY
from lib.domain.shared.identifiers import NO_SERVICE_ID, MessageId, ServiceId
from lib.ports.documents import Condition, Document, DocumentStore, PatchOperation, Query
from lib.ports.errors import NotFoundError
from lib.ports.schema.messages import MESSAGES, SENT_MESSAGES
from lib.repositories.messages.message_mapping import message_of
from lib.repositories.messages.sent.sent_mapping import partition_of

PAGE: Final = 100
_SEALED: Final = 1_000_000
"""More changes than a message has: a later note of the message changes a sealed entry no more."""


class FoundMessage(NamedTuple):
    """A message in any status. `message`: None for a document that no version can read."""

    id: MessageId
    service_id: ServiceId
    message: Message | None


class CitizensMessages:
    """The messages of a citizen's partition, whoever sent them."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def page(self, fiscal_code: str, after: MessageId) -> list[FoundMessage]:
        """Return the next PAGE messages, the oldest first. Cost: one query."""
        query = Query(fiscal_code, limit=PAGE, where=(Condition("id", ">", after),))
        return [_found(one) for one in (await self._store.query(MESSAGES, query)).items]

    async def seal(self, service_id: ServiceId, id_: MessageId) -> None:
        """Put nobody's name into the entry of the sender's list, for good. Cost: one patch.

        The entry keeps its status, by which it is counted, and its place among the changes.
        """
        operations = (
            PatchOperation("set", "/fiscal_code", NOBODY),
            PatchOperation("set", "/changes", _SEALED),
        )
        with contextlib.suppress(NotFoundError):
            await self._store.patch(SENT_MESSAGES, partition_of(service_id, id_), id_, operations)

    async def delete(self, fiscal_code: str, id_: MessageId) -> None:
        """Delete a message. Cost: one delete."""
        with contextlib.suppress(NotFoundError):
            await self._store.delete(MESSAGES, fiscal_code, id_)


def _found(document: Document) -> FoundMessage:
    message = None
    with contextlib.suppress(KeyError, TypeError, ValueError):
        message = message_of(document)
    service_id = document.get("sender_service_id", NO_SERVICE_ID)
    return FoundMessage(document["id"], service_id, message)
