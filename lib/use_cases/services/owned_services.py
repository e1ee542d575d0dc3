"""Find a service that a manager owns."""

from lib.domain.identity.errors import NotAllowedError
from lib.domain.services.errors import ManagedServiceNotFoundError
from lib.domain.services.managed_service import ManagedService
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import ServiceId
from lib.repositories.services.managed_services import ManagedServices


class OwnedServices:
    """Return a service to the account and the organisation that own it, and to no other."""

    def __init__(self, services: ManagedServices) -> None:
        self._services = services

    async def __call__(self, manager: Manager, service_id: ServiceId) -> ManagedService:
        """Return the service, whatever its state.

        Raise ManagedServiceNotFoundError; NotAllowedError for another's service.
        Cost: one point read.
        """
        service = await self._services.get(service_id)
        if service is None:
            raise ManagedServiceNotFoundError(service_id)
        if not service.belongs_to(manager):
            raise NotAllowedError
        return service

    async def existing(self, manager: Manager, service_id: ServiceId) -> ManagedService:
        """Return the service; a deleted one does not exist. Raises and costs as above."""
        service = await self(manager, service_id)
        if service.is_deleted:
            raise ManagedServiceNotFoundError(service_id)
        return service
