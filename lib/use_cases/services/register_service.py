"""Bring all that follows from a managed service's state up to date."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from lib.domain.services.managed_service import ManagedService
from lib.domain.services.registration import groups_of, registration_of
from lib.domain.services.subscription import Subscription
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.ports.errors import UnavailableError
from lib.repositories.services.managed_services import ManagedServices
from lib.repositories.services.organization_services import OrganizationServices
from lib.repositories.services.service_registry import ServiceRegistry
from lib.repositories.services.service_reviews import ServiceReviews
from lib.repositories.services.subscriptions import Subscriptions
from lib.use_cases.services.catalog.keep_catalog import KeepCatalog

MAX_ROUNDS: Final = 5

type IsApproved = Callable[[OrganizationFiscalCode], Awaitable[bool]]
"""Tells whether an organisation, by its fiscal code, is past its trial."""


class RegisterService:
    """Write what senders, operators and lists see of a service, from its present state.

    It writes the list of the organisation, the registry, the rights of the service's keys, the
    list of reviews, and the catalogue. Running it again changes nothing.
    Cost: eight point reads, and up to five writes; what KeepCatalog costs more for a service that
    was ever approved.
    Concurrency: a run reads the state again after its writes, and starts anew if it has changed.
    So the last run of several ends with the latest state, in whatever order they come.
    """

    def __init__(
        self,
        services: ManagedServices,
        organization_services: OrganizationServices,
        registry: ServiceRegistry,
        subscriptions: Subscriptions,
        reviews: ServiceReviews,
        is_approved: IsApproved,
        keep_catalog: KeepCatalog,
    ) -> None:
        self._services = services
        self._organization_services = organization_services
        self._registry = registry
        self._subscriptions = subscriptions
        self._reviews = reviews
        self._is_approved = is_approved
        self._keep_catalog = keep_catalog

    async def __call__(self, service_id: ServiceId) -> ManagedService | None:
        """Return the service as it was written; None where there is none.

        Raise UnavailableError.
        """
        state = await self._state(service_id)
        for _ in range(MAX_ROUNDS):
            service, is_approved = state
            if service is None:
                return None
            await self._write(service, is_approved=is_approved)
            state = await self._state(service_id)
            if state == (service, is_approved):
                return service
        raise UnavailableError("the service is being changed too often", retry_after=1)

    async def _state(self, service_id: ServiceId) -> tuple[ManagedService | None, bool]:
        service = await self._services.get(service_id)
        if service is None:
            return None, False
        return service, await self._is_approved(service.organization_fiscal_code)

    async def _write(self, service: ManagedService, *, is_approved: bool) -> None:
        def with_rights(subscription: Subscription) -> Subscription:
            return replace(
                subscription,
                groups=groups_of(
                    service, subscription.groups, is_organization_approved=is_approved
                ),
                state="SUSPENDED" if service.is_deleted else subscription.state,
            )

        await self._subscriptions.change(service.id, with_rights)
        registration = registration_of(service)
        await self._registry.put(registration)
        is_public = registration.is_visible and is_approved
        await self._organization_services.put(service, is_public=is_public)
        if service.publication is not None:
            await self._keep_catalog(service.organization_fiscal_code, (service.id,))
        if service.status == "submitted" and service.is_checked:
            await self._reviews.add(service.id)
        elif service.version > 1:
            await self._reviews.remove(service.id)
