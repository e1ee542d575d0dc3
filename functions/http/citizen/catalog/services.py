"""Services of the catalogue: those in front, and one of them with its details.

Azure tries routes in the order of the functions' names, so `find_featured_services` must come
before `read_catalog_service`, whose path would take `featured` for an id.
"""

from typing import Annotated

from functions.http.citizen.catalog.paging import BASE, HEADERS, answer
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Citizens
from lib.domain.identity.access import Access
from lib.domain.parties.admission import READS_NOTHING
from lib.domain.services.catalog.institution import ServiceDetails
from lib.domain.services.errors import ServiceNotFoundError
from lib.domain.services.registration import PublicService
from lib.domain.services.rights import ServiceCategory
from lib.domain.services.service_data import BaseMetadata
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId, ServiceIdField
from lib.domain.shared.model import Model

_NAME = says("The name of the service.")
_ID = says("The id of the service.")


class ServiceMinified(Model):
    """A service in a list."""

    id: Annotated[ServiceId, _ID]
    name: Annotated[str, _NAME]
    version: Annotated[int, says("A number that grows with each change of the service.")]


class FeaturedService(ServiceMinified):
    """A service that stands in front."""

    organization_name: Annotated[str, says("The name of the institution that offers it.")]


class FeaturedServices(Model):
    """The services that stand in front."""

    services: Annotated[list[FeaturedService], says("The services, in their order.")]


class ServiceOrganization(Model):
    """The institution that offers a service."""

    name: Annotated[str, says("The name of the institution.")]
    fiscal_code: Annotated[OrganizationFiscalCode, says("The fiscal code of the institution.")]


class PublicMetadata(BaseMetadata):
    """The public metadata of a service."""

    category: Annotated[
        ServiceCategory,
        says(
            "SPECIAL: the service is switched on and off by its own activation. STANDARD: by the "
            "citizen's preferences."
        ),
    ]


class CatalogService(Model):
    """A service with its details."""

    id: Annotated[ServiceId, _ID]
    name: Annotated[str, _NAME]
    description: Annotated[str, says("What the service is for, as Markdown.")]
    organization: Annotated[ServiceOrganization, says("The institution that offers the service.")]
    metadata: Annotated[PublicMetadata, says("Where and how citizens use the service.")]


def minified(service: PublicService) -> ServiceMinified:
    """Return the view of a service in a list."""
    return ServiceMinified(id=service.id, name=service.name, version=service.version)


def _detailed(found: ServiceDetails) -> CatalogService:
    metadata = PublicMetadata.model_construct(
        **{name: getattr(found.metadata, name) for name in BaseMetadata.model_fields},
        category=found.category,
    )
    return CatalogService(
        id=found.id,
        name=found.name,
        description=found.description,
        organization=ServiceOrganization(
            name=found.organization_name, fiscal_code=found.organization_fiscal_code
        ),
        metadata=metadata,
    )


async def _featured(call: Call[Access, None, None]) -> Answer:
    found = await call.app.services.catalog.featured_services()
    services = [
        FeaturedService(
            id=one.id,
            name=one.name,
            version=one.version,
            organization_name=one.organization_name,
        )
        for one in found
    ]
    return answer(call, FeaturedServices(services=services))


async def _read(call: Call[Access, None, None]) -> Answer:
    found = await call.app.services.catalog.service(ServiceId(call.path["service_id"]))
    return answer(call, _detailed(found))


find_featured_services = Endpoint(
    name="find_featured_services",
    method="GET",
    path=f"{BASE}/services/featured",
    summary="List the services that stand in front",
    description="Those that the operators of the installation chose.",
    tag="citizen",
    policy=Citizens(READS_NOTHING),
    headers=HEADERS,
    handler=_featured,
    answers={200: FeaturedServices, 304: None},
)

read_catalog_service = Endpoint(
    name="read_catalog_service",
    method="GET",
    path=f"{BASE}/services/{{service_id}}",
    summary="Read a service of the catalogue",
    description=(
        "The approved form of a published service. A service that is not published, or whose "
        "organisation is not approved, is answered 404."
    ),
    tag="citizen",
    policy=Citizens(READS_NOTHING),
    parameters={"service_id": ServiceIdField},
    headers=HEADERS,
    handler=_read,
    answers={200: CatalogService, 304: None},
    refusals=(ServiceNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (find_featured_services, read_catalog_service)
