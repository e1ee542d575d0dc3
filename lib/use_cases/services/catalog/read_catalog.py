"""Search the catalogue of services for a citizen, and choose what stands in front."""

from dataclasses import dataclass

from lib.domain.services.catalog.institution import (
    Featured,
    ListedInstitution,
    ServiceDetails,
    search,
)
from lib.domain.services.errors import ServiceNotFoundError
from lib.domain.services.registration import PublicService
from lib.domain.services.service_data import Scope
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.repositories.services.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Page[T]:
    """A part of a list, and how many entries the whole list has."""

    items: list[T]
    count: int


class ReadCatalog:
    """Read the catalogue from memory; the cost of what memory lacks is that of `Catalog`."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def institutions(
        self, text: str, scope: Scope | None, offset: int, limit: int
    ) -> Page[ListedInstitution]:
        """Return institutions whose names have all words of the text; all for an empty text."""
        found = search(await self._catalog.institutions(), text, scope)
        return Page(found[offset : offset + limit], len(found))

    async def services(self, institution_id: str, offset: int, limit: int) -> Page[PublicService]:
        """Return services of an institution by their names; none for an unknown institution."""
        institution = await self._catalog.institution(institution_id)
        found = institution.services if institution else ()
        return Page(list(found[offset : offset + limit]), len(found))

    async def service(self, service_id: ServiceId) -> ServiceDetails:
        """Return a service; raise ServiceNotFoundError for one that is not in the catalogue."""
        details = await self._catalog.details(service_id)
        if details is None or await self._published(details) is None:
            raise ServiceNotFoundError
        return details

    async def featured_institutions(self) -> list[ListedInstitution]:
        """Return the institutions in front; one that has left the catalogue is left out."""
        found = {one.fiscal_code: one for one in await self._catalog.institutions()}
        codes = (await self._catalog.featured()).institutions
        return [found[code] for code in codes if code in found]

    async def featured_services(self) -> list[PublicService]:
        """Return the services in front; one that is no longer published is left out."""
        found = []
        for service_id in (await self._catalog.featured()).services:
            details = await self._catalog.details(service_id)
            service = details and await self._published(details)
            if service:
                found.append(service)
        return found

    async def chosen(self) -> Featured:
        """Return what operators put in front, as it is stored now. Cost: one point read."""
        return await self._catalog.stored_featured()

    async def put_in_front(
        self, institutions: tuple[OrganizationFiscalCode, ...], services: tuple[ServiceId, ...]
    ) -> None:
        """Replace what is put in front. Cost: one write."""
        await self._catalog.put_in_front(Featured(institutions, services))

    async def _published(self, details: ServiceDetails) -> PublicService | None:
        institution = await self._catalog.institution(details.organization_fiscal_code)
        return institution.service(details.id) if institution else None
