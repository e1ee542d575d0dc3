"""Read the services of a manager: the list, one of them, its public form, its history."""

import asyncio

from lib.domain.services import publication
from lib.domain.services.managed_service import ManagedService, Publication
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import ServiceId
from lib.repositories.services.managed_services import HistoryPage, ManagedServices, Order
from lib.repositories.services.organization_services import OrganizationServices
from lib.use_cases.services.owned_services import OwnedServices


class ReadServices:
    """Read services that the manager owns.

    A method that names a service raises ManagedServiceNotFoundError, and NotAllowedError for a
    service of another account or organisation.
    """

    def __init__(
        self,
        owned: OwnedServices,
        services: ManagedServices,
        organization_services: OrganizationServices,
    ) -> None:
        self._owned = owned
        self._services = services
        self._organization_services = organization_services

    async def __call__(self, manager: Manager, service_id: ServiceId) -> ManagedService:
        """Return the service, a deleted one as well. Cost: one point read."""
        return await self._owned(manager, service_id)

    async def list(self, manager: Manager, offset: int, limit: int) -> list[ManagedService]:
        """Return services, the oldest first, deleted ones as well.

        Cost: one query, and one point read for each service.
        """
        ids = await self._organization_services.ids(manager, offset, limit)
        found = await asyncio.gather(*map(self._services.get, ids))
        return [one for one in found if one is not None and one.belongs_to(manager)]

    async def public(self, manager: Manager, service_id: ServiceId) -> Publication:
        """Return the approved form; raise PublicationNotFoundError. Cost: one point read."""
        return publication.of(await self._owned.existing(manager, service_id))

    async def history(
        self,
        manager: Manager,
        service_id: ServiceId,
        order: Order,
        limit: int,
        continuation: str | None,
    ) -> HistoryPage:
        """Return a page of the history; raise ContinuationError.

        Cost: one point read and one query.
        """
        await self._owned.existing(manager, service_id)
        return await self._services.history(service_id, order, limit, continuation)
