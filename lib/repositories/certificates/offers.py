"""Store the certificates that services offer."""

import contextlib

from lib.domain.certificates.errors import CertificateNotFoundError
from lib.domain.certificates.offer import MOST_OFFERS, Offer
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import Document, DocumentStore, Query
from lib.ports.errors import NotFoundError
from lib.ports.schema.documents import CERTIFICATES


class Offers:
    """Store one document for each certificate of a service; its id is the certificate's name."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def put(self, service_id: ServiceId, offer: Offer) -> None:
        """Store an offer, in place of an earlier one of its name. Cost: one upsert."""
        document: Document = {"id": offer.name, "service_id": service_id, **offer.model_dump()}
        await self._store.upsert(CERTIFICATES, document)

    async def get(self, service_id: ServiceId, name: str) -> Offer:
        """Return an offer. Cost: one point read. Raise CertificateNotFoundError."""
        try:
            stored = await self._store.read(CERTIFICATES, service_id, name)
        except NotFoundError:
            raise CertificateNotFoundError from None
        return Offer.model_validate(stored.document)

    async def all(self, service_id: ServiceId) -> list[Offer]:
        """Return the offers of a service by their names. Cost: one query."""
        page = await self._store.query(CERTIFICATES, Query(service_id, limit=MOST_OFFERS))
        return [Offer.model_validate(one) for one in page.items]

    async def remove(self, service_id: ServiceId, name: str) -> None:
        """Remove an offer; one that is gone changes nothing. Cost: one delete."""
        with contextlib.suppress(NotFoundError):
            await self._store.delete(CERTIFICATES, service_id, name)
