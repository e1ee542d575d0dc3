"""Keep the catalogue as the services of the organisations are."""

import asyncio
from collections.abc import Iterable
from itertools import batched
from typing import Final

from lib.domain.services.catalog.institution import institution_of
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.repositories.organizations.organizations import Organizations
from lib.repositories.services.catalog.catalog import Catalog
from lib.repositories.services.organization_services import OrganizationServices
from lib.repositories.shared.optimistic import until_written

_AT_ONCE: Final = 10
_ORGANIZATIONS_OF_A_PAGE: Final = 1000


class KeepCatalog:
    """Write an institution of the catalogue anew from the list of its organisation's services.

    Running it again changes nothing.
    Concurrency: the write depends on the ETag that was read before the list. So the last of several
    runs has the latest list, in whatever order they come.
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

    async def __call__(self, organization_fiscal_code: OrganizationFiscalCode) -> None:
        """Bring the institution up to date; raise UnavailableError.

        Cost: one point read and one query; one write where something changes.
        """

        async def attempt() -> None:
            stored = await self._catalog.stored(organization_fiscal_code)
            services = await self._organization_services.published(organization_fiscal_code)
            institution = institution_of(organization_fiscal_code, services)
            if institution is None:
                if stored is not None:
                    await self._catalog.remove(organization_fiscal_code, stored.etag)
            elif stored is None:
                await self._catalog.write(institution, None)
            elif stored.institution != institution:
                await self._catalog.write(institution, stored.etag)

        await until_written("an institution of the catalogue", attempt)

    async def rebuild(self) -> None:
        """Bring all institutions up to date; raise UnavailableError.

        It repairs what a lost queue item or a restored backup left behind. A run that dies leaves
        the rest to the next one.
        Cost: one query for each thousand organisations, and what each of them costs.
        """
        continuation = None
        while True:
            page = await self._organizations.page(None, _ORGANIZATIONS_OF_A_PAGE, continuation)
            await self._all(one.fiscal_code for one in page.items)
            continuation = page.continuation
            if continuation is None:
                break
        while True:
            codes, continuation = await self._catalog.page(continuation)
            await self._all(codes)
            if continuation is None:
                return

    async def _all(self, fiscal_codes: Iterable[OrganizationFiscalCode]) -> None:
        for some in batched(fiscal_codes, _AT_ONCE, strict=False):
            await asyncio.gather(*map(self, some))
