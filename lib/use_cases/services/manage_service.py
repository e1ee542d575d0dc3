"""Edit, submit, publish and delete a service of a manager."""

from lib.domain.services import lifecycle, publication
from lib.domain.services.errors import ServiceEditedError
from lib.domain.services.managed_service import Change, ManagedService
from lib.domain.services.service_data import ServiceData
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import ServiceId
from lib.use_cases.services.change_service import ChangeService
from lib.use_cases.services.create_service import check_data
from lib.use_cases.services.owned_services import OwnedServices


class ManageService:
    """Change a service that the manager owns.

    Each method raises ManagedServiceNotFoundError, and NotAllowedError for another's service.
    Cost: one point read, and what ChangeService costs.
    """

    def __init__(self, owned: OwnedServices, change: ChangeService) -> None:
        self._owned = owned
        self._change = change

    async def edit(
        self,
        manager: Manager,
        service_id: ServiceId,
        data: ServiceData,
        expected: str | None = None,
    ) -> ManagedService:
        """Replace the service's data and return the service, a draft.

        `expected`: the version that the manager read, None for whichever is there.
        Raise ForeignOrganizationError, TopicNotFoundError, ServiceTransitionError,
        ServiceEditedError.
        """
        await self._owned(manager, service_id)
        check_data(manager, data)
        data = data.with_sandbox_recipient()

        def edit(service: ManagedService, now: str) -> Change:
            if expected is not None and expected != str(service.version):
                raise ServiceEditedError
            return lifecycle.edited(service, data, now)

        return await self._change(service_id, edit)

    async def put_into_group(
        self, manager: Manager, service_id: ServiceId, group_id: str | None
    ) -> None:
        """Put the service into a group of the organisation's staff, or into none."""
        await self._owned.existing(manager, service_id)
        await self._change(service_id, lambda one, _: lifecycle.in_group(one, group_id))

    async def delete(self, manager: Manager, service_id: ServiceId) -> None:
        """Delete the service for ever; its keys stop working within the cache's time."""
        await self._owned(manager, service_id)
        await self._change(service_id, lifecycle.deleted)

    async def submit(self, manager: Manager, service_id: ServiceId, *, auto_publish: bool) -> None:
        """Send the draft to review; raise ServiceTransitionError."""
        await self._owned(manager, service_id)
        await self._change(
            service_id, lambda one, now: lifecycle.submitted(one, now, auto_publish=auto_publish)
        )

    async def comment(self, manager: Manager, service_id: ServiceId, comment: str | None) -> None:
        """Tell the reviewer something; raise ServiceTransitionError."""
        await self._owned(manager, service_id)
        await self._change(service_id, lambda one, _: lifecycle.commented(one, comment))

    async def publish(self, manager: Manager, service_id: ServiceId) -> None:
        """Show the approved form to citizens; raise ServiceNotApprovedError."""
        await self._owned.existing(manager, service_id)
        await self._change(service_id, publication.published)

    async def unpublish(self, manager: Manager, service_id: ServiceId) -> None:
        """Hide the service from citizens; raise PublicationNotFoundError."""
        service = await self._owned.existing(manager, service_id)
        publication.of(service)
        await self._change(service_id, publication.unpublished)
