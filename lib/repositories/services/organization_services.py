"""Store which services an organisation has: the list of a manage key, and the names in use."""

from typing import Final

from lib.domain.services.managed_service import ManagedService
from lib.domain.services.registration import PublicService, name_key
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.ports.documents import Condition, Document, DocumentStore, Query
from lib.ports.errors import NotFoundError
from lib.ports.schema.senders import ORGANIZATION_SERVICES

MOST_IN_A_PAGE: Final = 1000


class OrganizationServices:
    """List the services of an account in an organisation, and find services by name.

    The list follows the managed services: `put` writes what their present state says.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def put(self, service: ManagedService, *, is_public: bool) -> None:
        """List the service as it is; the same again changes nothing. Cost: one point read.

        `is_public`: whether citizens find the service.
        """
        document = _listed(service, is_public=is_public)
        organization = service.organization_fiscal_code
        try:
            stored = await self._store.read(ORGANIZATION_SERVICES, organization, service.id)
        except NotFoundError:
            stored = None
        if stored is None or stored.document != document:
            await self._store.upsert(ORGANIZATION_SERVICES, document)

    async def ids(self, manager: Manager, offset: int, limit: int) -> list[ServiceId]:
        """Return ids of the manager's services, the oldest first.

        Cost: one query for each thousand services up to the end of the page.
        """
        found: list[ServiceId] = []
        continuation = None
        while len(found) < offset + limit:
            page = await self._store.query(
                ORGANIZATION_SERVICES,
                Query(
                    manager.organization_fiscal_code,
                    limit=min(offset + limit - len(found), MOST_IN_A_PAGE),
                    where=(Condition("user_id", "=", manager.user_id),),
                    continuation=continuation,
                    fields=("id",),
                ),
            )
            found += [one["id"] for one in page.items]
            continuation = page.continuation
            if continuation is None:
                break
        return found[offset:]

    async def all_ids(
        self, organization: OrganizationFiscalCode, continuation: str | None
    ) -> tuple[list[ServiceId], str | None]:
        """Return a page of the ids of the organisation's services. Cost: one query."""
        page = await self._store.query(
            ORGANIZATION_SERVICES,
            Query(organization, limit=100, continuation=continuation, fields=("id",)),
        )
        return [one["id"] for one in page.items], page.continuation

    async def published(self, organization: OrganizationFiscalCode) -> list[PublicService]:
        """Return the services that citizens find, at worst as they were a moment ago.

        Cost: one query for each thousand.
        """
        found: list[PublicService] = []
        continuation = None
        while True:
            page = await self._store.query(
                ORGANIZATION_SERVICES,
                Query(
                    organization,
                    limit=MOST_IN_A_PAGE,
                    where=(Condition("is_published", "=", value=True),),
                    continuation=continuation,
                ),
            )
            found += map(_public, page.items)
            continuation = page.continuation
            if continuation is None:
                return found

    async def public(
        self, organization: OrganizationFiscalCode, service_id: ServiceId
    ) -> PublicService | None:
        """Return the service as citizens find it now; None if they do not. Cost: one point read."""
        try:
            stored = await self._store.read(ORGANIZATION_SERVICES, organization, service_id)
        except NotFoundError:
            return None
        return _public(stored.document) if "is_published" in stored.document else None

    async def named_alike(self, service: ManagedService) -> ServiceId | None:
        """Return another approved service of the organisation with this name. Cost: one query."""
        page = await self._store.query(
            ORGANIZATION_SERVICES,
            Query(
                service.organization_fiscal_code,
                limit=2,
                where=(Condition("approved_name", "=", name_key(service.data.name)),),
                fields=("id",),
            ),
        )
        return next((one["id"] for one in page.items if one["id"] != service.id), None)


def _public(document: Document) -> PublicService:
    return PublicService(
        document["id"],
        document["name"],
        document["version"],
        document["service_scope"],
        document["organization_name"],
    )


def _listed(service: ManagedService, *, is_public: bool) -> Document:
    document: Document = {
        "id": service.id,
        "organization_fiscal_code": service.organization_fiscal_code,
        "user_id": service.user_id,
    }
    if service.publication and not service.is_deleted:
        data = service.publication.data
        document["approved_name"] = name_key(data.name)
        if is_public:
            document |= {
                "is_published": True,
                "name": data.name,
                "version": service.version,
                "service_scope": data.metadata.scope,
                "organization_name": data.organization.name,
            }
    return document
