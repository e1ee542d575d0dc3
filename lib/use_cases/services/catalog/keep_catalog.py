"""Keep the catalogue as the services of the organisations are."""

import asyncio
from collections.abc import Collection, Iterable
from itertools import batched
from typing import Final

from lib.domain.services.catalog.institution import institution_of
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.repositories.organizations.organizations import Organizations
from lib.repositories.services.catalog.catalog import Catalog
from lib.repositories.services.organization_services import OrganizationServices
from lib.repositories.shared.optimistic import until_written

_AT_ONCE: Final = 10
_ORGANIZATIONS_OF_A_PAGE: Final = 1000


class KeepCatalog:
    """Write services into their institution of the catalogue as their organisation lists them.

    Running it again changes nothing.
    Concurrency: the write depends on the ETag that was read before the services, which point reads
    find as they are now; a query may be behind (decision 0010). So the last of several runs writes
    the latest state of a service, in whatever order they come.
    """

    def __init__(
        self,
        catalog: Catalog,
        organization_services: OrganizationServices,
        organizations: Organizations,
    ) -> None:
        self._catalog = catalog
        self._organization_services = organization_services
        self._organizations = organizations

    async def __call__(
        self, organization: OrganizationFiscalCode, service_ids: Collection[ServiceId]
    ) -> None:
        """Bring services of the institution up to date; raise UnavailableError.

        Cost: one point read, and one for each service; one write where something changes.
        """

        async def attempt() -> None:
            stored = await self._catalog.stored(organization)
            services = {one.id: one for one in stored.institution.services} if stored else {}
            found = await asyncio.gather(
                *(self._organization_services.public(organization, id_) for id_ in service_ids)
            )
            for id_, service in zip(service_ids, found, strict=True):
                services.pop(id_, None)
                if service is not None:
                    services[id_] = service
            institution = institution_of(organization, services.values())
            if institution is None:
                if stored is not None:
                    await self._catalog.remove(organization, stored.etag)
            elif stored is None:
                await self._catalog.write(institution, None)
            elif stored.institution != institution:
                await self._catalog.write(institution, stored.etag)

        await until_written("an institution of the catalogue", attempt)

    async def rebuild(self) -> None:
        """Bring all institutions up to date; raise UnavailableError.

        It repairs what a lost queue item or a restored backup left behind. A run that dies leaves
        the rest to the next one.
        Cost: one query for each thousand organisations; for each of them one point read and one
        query, and that of a call where they differ.
        """
        continuation = None
        while True:
            page = await self._organizations.page(None, _ORGANIZATIONS_OF_A_PAGE, continuation)
            await self._repair_all(one.fiscal_code for one in page.items)
            continuation = page.continuation
            if continuation is None:
                break
        while True:
            codes, continuation = await self._catalog.page(continuation)
            await self._repair_all(codes)
            if continuation is None:
                return

    async def _repair_all(self, organizations: Iterable[OrganizationFiscalCode]) -> None:
        for some in batched(organizations, _AT_ONCE, strict=False):
            await asyncio.gather(*map(self._repair, some))

    async def _repair(self, organization: OrganizationFiscalCode) -> None:
        """Bring the services up to date that the institution and the list have differently."""
        stored = await self._catalog.stored(organization)
        listed = await self._organization_services.published(organization)
        known = set(stored.institution.services) if stored else set()
        if different := {one.id for one in known.symmetric_difference(listed)}:
            await self(organization, different)
