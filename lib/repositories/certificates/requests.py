"""Store the requests for certificates, in the partition of the service that answers them."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from lib.domain.certificates.certificate_request import (
    BegunAnswer,
    CertificateRequest,
    RequestStatus,
)
from lib.domain.certificates.errors import CertificateRequestNotFoundError
from lib.domain.shared.identifiers import FiscalCode, ServiceId, is_ulid
from lib.ports.documents import DAY_SECONDS, WRITTEN_AT, Condition, Document, DocumentStore, Query
from lib.ports.errors import ConflictError, NotFoundError
from lib.ports.schema.documents import CERTIFICATE_REQUESTS
from lib.repositories.shared.optimistic import until_written

ENDED_TTL = 366 * DAY_SECONDS
"""The life of a request after its last change, in seconds; of one that still waits, too."""
_FIELDS = tuple(one.name for one in fields(CertificateRequest))


class CertificateRequests:
    """Store one document for each request."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def create(self, request: CertificateRequest) -> bool:
        """Store a new request; return False where one of its id exists. Cost: one create."""
        try:
            await self._store.create(CERTIFICATE_REQUESTS, _document(request))
        except ConflictError:
            return False
        return True

    async def find(self, service_id: ServiceId, id_: str) -> CertificateRequest | None:
        """Return a request, None where there is none. Cost: one point read."""
        if not is_ulid(id_):
            return None
        try:
            stored = await self._store.read(CERTIFICATE_REQUESTS, service_id, id_)
        except NotFoundError:
            return None
        return _request(stored.document)

    async def get(self, service_id: ServiceId, id_: str) -> CertificateRequest:
        """Return a request. Cost: one point read. Raise CertificateRequestNotFoundError."""
        found = await self.find(service_id, id_)
        if found is None:
            raise CertificateRequestNotFoundError
        return found

    async def change(
        self,
        service_id: ServiceId,
        id_: str,
        step: Callable[[CertificateRequest], CertificateRequest],
    ) -> CertificateRequest:
        """Store the result of `step`, if the request changes; return the request.

        `step` may be called several times. Raise CertificateRequestNotFoundError,
        UnavailableError, and the errors of `step`. Cost: one point read; a change costs one
        replace more.
        """
        if not is_ulid(id_):
            raise CertificateRequestNotFoundError

        async def attempt() -> CertificateRequest:
            try:
                stored = await self._store.read(CERTIFICATE_REQUESTS, service_id, id_)
            except NotFoundError:
                raise CertificateRequestNotFoundError from None
            before = _request(stored.document)
            after = step(before)
            if after != before:
                document = _document(after)
                await self._store.replace(CERTIFICATE_REQUESTS, document, if_match=stored.etag)
            return after

        return await until_written("a request for a certificate", attempt)

    async def page(
        self, service_id: ServiceId, size: int, after: str | None, status: RequestStatus | None
    ) -> list[CertificateRequest]:
        """Return up to `size` requests in the order in which they were made. Cost: one query.

        `after`: only requests after this id.
        """
        where = [] if status is None else [Condition("status", "=", status)]
        if after is not None:
            where.append(Condition("id", ">", after))
        query = Query(service_id, limit=size, where=tuple(where))
        found = await self._store.query(CERTIFICATE_REQUESTS, query)
        return [_request(one) for one in found.items]

    async def changes(
        self, service_id: ServiceId, since: int, size: int, continuation: str | None
    ) -> tuple[list[CertificateRequest], str]:
        """Return the requests written in the second `since` or later, each at its last write.

        The text is the continuation, "" on the last page. Raise ContinuationError. Cost: one query.
        """
        where = (Condition(WRITTEN_AT, ">=", since),)
        query = Query(service_id, size, where, WRITTEN_AT, continuation=continuation)
        page = await self._store.query(CERTIFICATE_REQUESTS, query)
        return [_request(one) for one in page.items], page.continuation or ""


def _request(document: Document) -> CertificateRequest:
    values: dict[str, Any] = {name: document.get(name) for name in _FIELDS}
    values["fiscal_code"] = FiscalCode(values["fiscal_code"])
    if values["begun"] is not None:
        values["begun"] = BegunAnswer(**values["begun"])
    return CertificateRequest(**values)


def _document(request: CertificateRequest) -> Document:
    document: Document = {name: getattr(request, name) for name in _FIELDS}
    document["values"] = dict(request.values)
    if request.begun is not None:
        document["begun"] = request.begun._asdict()
    document["ttl"] = ENDED_TTL
    return {name: value for name, value in document.items() if value is not None}
