"""Store the catalogue: one document for each institution, in one partition."""

from datetime import timedelta
from typing import Any, Final, NamedTuple

from lib.domain.services.catalog.institution import (
    Featured,
    Institution,
    ListedInstitution,
    ServiceDetails,
)
from lib.domain.services.registration import PublicService
from lib.domain.services.service_data import BaseMetadata
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.ports.documents import Document, DocumentStore, Query
from lib.ports.errors import NotFoundError
from lib.ports.schema.senders import CATALOG, SERVICES
from lib.repositories.shared.loading_cache import LoadingCache

INSTITUTION: Final = "INSTITUTION"
"""The partition of the institutions: some ten thousand small documents, as public bodies are."""
FEATURED: Final = "FEATURED"
_PAGE: Final = 1000
_REMEMBERED: Final = 5


class StoredInstitution(NamedTuple):
    """An institution as read, and the ETag for a conditional write."""

    institution: Institution
    etag: str


class Catalog:
    """Read the catalogue from memory, and write institutions.

    A value in memory is at most five times `remember` old; the methods whose names begin with
    `stored` read the store.
    """

    def __init__(self, store: DocumentStore, remember: timedelta) -> None:
        self._store = store
        seconds = _REMEMBERED * remember.total_seconds()
        self._all = LoadingCache(self._load_all, seconds=seconds)
        self._institutions = LoadingCache(self._load, seconds=seconds, absent_seconds=seconds)
        self._details = LoadingCache(self._load_details, seconds=seconds, absent_seconds=seconds)
        self._featured = LoadingCache(self._load_featured, seconds=seconds)

    async def institutions(self) -> tuple[ListedInstitution, ...]:
        """Return all institutions in the order of their names.

        Cost: one query for each thousand institutions that are not in memory.
        """
        return await self._all.get(INSTITUTION) or ()

    async def institution(self, fiscal_code: str) -> Institution | None:
        """Return the institution with its services. Cost: one point read, then none."""
        return await self._institutions.get(fiscal_code)

    async def details(self, service_id: ServiceId) -> ServiceDetails | None:
        """Return the service, published or not. Cost: one point read, then none."""
        return await self._details.get(service_id)

    async def featured(self) -> Featured:
        """Return what is put in front. Cost: one point read, then none."""
        return await self._featured.get(FEATURED) or Featured()

    async def stored(self, fiscal_code: OrganizationFiscalCode) -> StoredInstitution | None:
        """Return the institution as it is stored now. Cost: one point read."""
        try:
            stored = await self._store.read(CATALOG, INSTITUTION, fiscal_code)
        except NotFoundError:
            return None
        return StoredInstitution(_institution(stored.document), stored.etag)

    async def write(self, institution: Institution, etag: str | None) -> None:
        """Replace the institution with this ETag; without an ETag create it.

        Raise ConflictError, NotFoundError, PreconditionFailedError.
        """
        document = _document(institution)
        if etag is None:
            await self._store.create(CATALOG, document)
        else:
            await self._store.replace(CATALOG, document, if_match=etag)

    async def remove(self, fiscal_code: OrganizationFiscalCode, etag: str) -> None:
        """Delete the institution with this ETag; raise NotFoundError, PreconditionFailedError."""
        await self._store.delete(CATALOG, INSTITUTION, fiscal_code, if_match=etag)

    async def page(
        self, continuation: str | None
    ) -> tuple[list[OrganizationFiscalCode], str | None]:
        """Return fiscal codes of institutions, and the start of the next page. Cost: one query."""
        page = await self._store.query(
            CATALOG, Query(INSTITUTION, _PAGE, continuation=continuation, fields=("id",))
        )
        return [one["id"] for one in page.items], page.continuation

    async def put_in_front(self, featured: Featured) -> None:
        """Store what is put in front."""
        await self._store.upsert(
            CATALOG,
            {
                "id": FEATURED,
                "kind": FEATURED,
                "institutions": list(featured.institutions),
                "services": list(featured.services),
            },
        )

    async def stored_featured(self) -> Featured:
        """Return what is put in front as it is stored now. Cost: one point read."""
        return await self._load_featured(FEATURED)

    async def _load_all(self, kind: str) -> tuple[ListedInstitution, ...]:
        found: list[ListedInstitution] = []
        continuation = None
        while True:
            query = Query(kind, _PAGE, continuation=continuation, fields=("id", "name", "scopes"))
            page = await self._store.query(CATALOG, query)
            found += (
                ListedInstitution(one["id"], one["name"], frozenset(one["scopes"]))
                for one in page.items
            )
            continuation = page.continuation
            if continuation is None:
                return tuple(sorted(found, key=lambda one: (one.folded, one.fiscal_code)))

    async def _load(self, fiscal_code: str) -> Institution | None:
        stored = await self.stored(OrganizationFiscalCode(fiscal_code))
        return stored and stored.institution

    async def _load_featured(self, id_: str) -> Featured:
        try:
            document = (await self._store.read(CATALOG, FEATURED, id_)).document
        except NotFoundError:
            return Featured()
        return Featured(tuple(document["institutions"]), tuple(document["services"]))

    async def _load_details(self, service_id: ServiceId) -> ServiceDetails | None:
        try:
            entry = (await self._store.read(SERVICES, service_id, service_id)).document
        except NotFoundError:
            return None
        metadata: dict[str, Any] | None = entry.get("service_metadata")
        if metadata is None:
            return None
        return ServiceDetails(
            service_id,
            entry["service_name"],
            metadata["description"],
            entry["organization_name"],
            entry["organization_fiscal_code"],
            entry["category"],
            BaseMetadata.model_validate(metadata),
        )


def _institution(document: Document) -> Institution:
    return Institution(
        document["id"],
        document["name"],
        tuple(
            PublicService(
                one["id"], one["name"], one["version"], one["scope"], one["organization_name"]
            )
            for one in document["services"]
        ),
    )


def _document(institution: Institution) -> Document:
    return {
        "id": institution.fiscal_code,
        "kind": INSTITUTION,
        "name": institution.name,
        "scopes": sorted(institution.scopes),
        "services": [one._asdict() for one in institution.services],
    }
