"""Review services that were sent to review: automatic checks, and an operator's decision."""

import asyncio

from lib.domain.services import lifecycle, quality
from lib.domain.services.errors import ServiceVersionError
from lib.domain.services.managed_service import Change, ManagedService
from lib.domain.shared.identifiers import ServiceId
from lib.repositories.services.managed_services import ManagedServices
from lib.repositories.services.organization_services import OrganizationServices
from lib.repositories.services.service_reviews import ServiceReviews
from lib.use_cases.services.change_service import ChangeService
from lib.use_cases.services.register_service import RegisterService


class FollowServiceChange:
    """Do what follows from a service's state: the registry, the lists, the automatic checks.

    A submitted service with a fault is rejected. One whose identity is as approved before is
    approved. Any other waits for an operator.
    """

    def __init__(
        self,
        register: RegisterService,
        change: ChangeService,
        organization_services: OrganizationServices,
    ) -> None:
        self._register = register
        self._change = change
        self._organization_services = organization_services

    async def __call__(self, service_id: ServiceId) -> None:
        """Return once everything is up to date; raise UnavailableError."""
        service = await self._register(service_id)
        if service is not None and service.status == "submitted" and not service.is_checked:
            await self._check(service)

    async def _check(self, service: ManagedService) -> None:
        found = list(quality.findings(service.data))
        if other := await self._organization_services.named_alike(service):
            found.append(quality.duplicate_of(other))

        def decide(now_is: ManagedService, now: str) -> Change:
            if now_is.version != service.version or now_is.is_checked:
                return Change(now_is)
            if found:
                return lifecycle.rejected(now_is, " ".join(found), now)
            if quality.needs_operator(now_is.data, now_is.publication):
                return lifecycle.checked(now_is)
            return lifecycle.approved(now_is, now)

        await self._change(service.id, decide)


class DecideReview:
    """List the services that wait for a decision, approve and reject them."""

    def __init__(
        self, services: ManagedServices, reviews: ServiceReviews, change: ChangeService
    ) -> None:
        self._services = services
        self._reviews = reviews
        self._change = change

    async def waiting(
        self, limit: int, continuation: str | None
    ) -> tuple[list[ManagedService], str | None]:
        """Return services that wait, the oldest first, and the start of the next page.

        Raise ContinuationError. Cost: one query, and one point read for each service.
        """
        ids, following = await self._reviews.page(limit, continuation)
        found = await asyncio.gather(*map(self._services.get, ids))
        return [one for one in found if one and one.status == "submitted"], following

    async def approve(self, service_id: ServiceId, version: int | None) -> ManagedService:
        """Approve the service and return it.

        `version`: the one that the operator read, None for whichever is there.
        Raise ManagedServiceNotFoundError, ServiceTransitionError, ServiceVersionError.
        """

        def approve(service: ManagedService, now: str) -> Change:
            _check_version(service, version)
            return lifecycle.approved(service, now)

        return await self._change(service_id, approve)

    async def reject(
        self, service_id: ServiceId, reason: str, version: int | None
    ) -> ManagedService:
        """Reject the service and return it. Raises as `approve`."""

        def reject(service: ManagedService, now: str) -> Change:
            _check_version(service, version)
            return lifecycle.rejected(service, reason, now)

        return await self._change(service_id, reject)


def _check_version(service: ManagedService, version: int | None) -> None:
    if version is not None and service.version != version:
        raise ServiceVersionError
