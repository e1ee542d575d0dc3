"""Store which client of PDND acts for which service, and cache it, since every call needs it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from lib.domain.identity.vouchers.client_link import ClientLink, LinkChange
from lib.domain.shared.identifiers import PurposeId, ServiceId, VoucherClientId
from lib.ports.documents import Document, DocumentStore, Query
from lib.ports.errors import NotFoundError
from lib.ports.schema.senders import VOUCHER_CLIENTS
from lib.repositories.shared.loading_cache import LoadingCache
from lib.repositories.shared.optimistic import until_written

UNLINKED_SECONDS: Final = 5
"""The life, in seconds, of the cached fact that a client has no link; then a new link works."""


class VoucherClients:
    """Find, store and list links; a cached link is at most `remember` old.

    The link itself is a document in the partition of its client, with the purpose as its id. The
    partition of the service has a document that only leads to it, and is written before it. So a
    crash between the two leaves a document that leads nowhere, which lists leave out.
    """

    def __init__(self, store: DocumentStore, remember: timedelta) -> None:
        self._store = store
        self._links = LoadingCache(
            self._load, seconds=remember.total_seconds(), absent_seconds=UNLINKED_SECONDS
        )

    async def cached(self, client_id: VoucherClientId, purpose_id: PurposeId) -> ClientLink | None:
        """Return the link, None if there is none. Cost: one point read if it is not cached."""
        return await self._links.get((client_id, purpose_id))

    async def get(self, client_id: VoucherClientId, purpose_id: PurposeId) -> ClientLink | None:
        """Return the stored link, None if there is none. Cost: one point read."""
        try:
            stored = await self._store.read(VOUCHER_CLIENTS, _of_client(client_id), purpose_id)
        except NotFoundError:
            return None
        return _link_of(stored.document)

    async def put(
        self,
        service_id: ServiceId,
        client_id: VoucherClientId,
        purpose_id: PurposeId,
        change: Callable[[ClientLink | None], ClientLink],
    ) -> ClientLink:
        """Store what `change` returns of the present link, and return it.

        Raise UnavailableError and what `change` raises.
        Cost: one point read and one write, and one upsert for a link that is not the service's.
        """
        party = _of_client(client_id)

        async def attempt() -> ClientLink:
            try:
                stored = await self._store.read(VOUCHER_CLIENTS, party, purpose_id)
            except NotFoundError:
                stored = None
            before = None if stored is None else _link_of(stored.document)
            after = change(before)
            if after == before:
                return after
            if before is None or before.service_id != service_id:
                await self._store.upsert(VOUCHER_CLIENTS, _lead(service_id, client_id, purpose_id))
            if stored is None:
                await self._store.create(VOUCHER_CLIENTS, _document(after))
            else:
                await self._store.replace(VOUCHER_CLIENTS, _document(after), if_match=stored.etag)
            return after

        return await until_written("the client", attempt)

    async def of_service(self, service_id: ServiceId, most: int) -> list[ClientLink]:
        """Return the links that are or were the service's, at most so many.

        Cost: one query, and one point read for each, side by side.
        """
        page = await self._store.query(VOUCHER_CLIENTS, Query(_of_service(service_id), limit=most))
        names = (one["id"].partition(".") for one in page.items)
        found = await asyncio.gather(
            *(
                self.get(VoucherClientId(client_id), PurposeId(purpose_id))
                for client_id, _, purpose_id in names
            )
        )
        return [one for one in found if one is not None]

    async def _load(self, key: tuple[VoucherClientId, PurposeId]) -> ClientLink | None:
        return await self.get(*key)


def link_documents(link: ClientLink) -> tuple[Document, Document]:
    """Return the documents of a new link, for the sandbox's seed."""
    return _lead(link.service_id, link.client_id, link.purpose_id), _document(link)


def _of_client(client_id: VoucherClientId) -> str:
    return f"client-{client_id}"


def _of_service(service_id: ServiceId) -> str:
    return f"service-{service_id}"


def _lead(service_id: ServiceId, client_id: VoucherClientId, purpose_id: PurposeId) -> Document:
    """Return the document that leads from the service to the link."""
    return {"id": f"{client_id}.{purpose_id}", "party": _of_service(service_id)}


def _document(link: ClientLink) -> Document:
    return {
        "id": link.purpose_id,
        "party": _of_client(link.client_id),
        "client_id": link.client_id,
        "service_id": link.service_id,
        "subscription_id": link.subscription_id,
        "is_linked": link.is_linked,
        "keys": [dict(key) for key in link.keys],
        "changes": [
            {"action": one.action, "at": one.at, "by": one.by, "service_id": one.service_id}
            for one in link.changes
        ],
    }


def _link_of(document: Document) -> ClientLink:
    return ClientLink(
        client_id=document["client_id"],
        purpose_id=document["id"],
        service_id=document["service_id"],
        subscription_id=document["subscription_id"],
        is_linked=document["is_linked"],
        keys=tuple(document["keys"]),
        changes=tuple(
            LinkChange(one["action"], one["at"], one["by"], one["service_id"])
            for one in document["changes"]
        ),
    )
