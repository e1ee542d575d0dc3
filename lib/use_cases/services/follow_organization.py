"""Bring the services of an organisation up to date after its approval changed."""

from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.repositories.services.organization_services import OrganizationServices
from lib.use_cases.services.change_service import ChangeService


class FollowOrganization:
    """Queue an update of each service of an organisation: the rights of its keys may change."""

    def __init__(self, organization_services: OrganizationServices, change: ChangeService) -> None:
        self._organization_services = organization_services
        self._change = change

    async def __call__(self, organization_fiscal_code: OrganizationFiscalCode) -> None:
        """Return once all updates are queued; raise UnavailableError.

        Cost: one query for each hundred services, and one put for each service.
        """
        continuation = None
        while True:
            ids, continuation = await self._organization_services.all_ids(
                organization_fiscal_code, continuation
            )
            for service_id in ids:
                await self._change.announce(service_id)
            if continuation is None:
                return
