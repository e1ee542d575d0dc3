"""Search institutions and their services in the catalogue."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import StringConstraints

from functions.http.citizen.catalog.paging import BASE, HEADERS, Paged, PageQuery, answer
from functions.http.citizen.catalog.services import ServiceMinified, minified
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Citizens
from lib.domain.identity.access import Access
from lib.domain.parties.admission import READS_NOTHING
from lib.domain.services.catalog.institution import ListedInstitution
from lib.domain.services.service_data import Scope
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType

InstitutionId = Annotated[
    str,
    says("The id of the institution: its fiscal code."),
    StringConstraints(min_length=1, max_length=255),
    IOType(("non empty string",)),
]


class InstitutionsQuery(PageQuery):
    """The search."""

    search: Annotated[
        str,
        StringConstraints(max_length=256),
        says(
            "Words of the institution's name, or parts of them. Accents and capitals make no "
            "difference. Absent: all institutions."
        ),
    ] = ""
    scope: Annotated[
        Scope | None,
        IOType(("ScopeType",), "must be NATIONAL or LOCAL"),
        says("Only institutions with a service of this scope. Absent: of either."),
    ] = None


class InstitutionView(Model):
    """An institution with services in the catalogue."""

    id: Annotated[str, says("The id of the institution: its fiscal code.")]
    name: Annotated[str, says("The name of the institution.")]
    fiscal_code: Annotated[OrganizationFiscalCode, says("The fiscal code of the institution.")]


class Institutions(Model):
    """Institutions that stand in front."""

    institutions: Annotated[list[InstitutionView], says("The institutions, in their order.")]


class InstitutionsResource(Institutions, Paged):
    """A page of institutions."""


class InstitutionServicesResource(Paged):
    """A page of the services of an institution."""

    services: Annotated[list[ServiceMinified], says("The services, by their names.")]


def _shown(found: Iterable[ListedInstitution]) -> list[InstitutionView]:
    return [
        InstitutionView(id=one.fiscal_code, name=one.name, fiscal_code=one.fiscal_code)
        for one in found
    ]


async def _search(call: Call[Access, None, InstitutionsQuery]) -> Answer:
    query = call.query
    page = await call.app.services.catalog.institutions(
        query.search, query.scope, query.offset, query.limit
    )
    body = InstitutionsResource(
        institutions=_shown(page.items), offset=query.offset, limit=query.limit, count=page.count
    )
    return answer(call, body)


async def _featured(call: Call[Access, None, None]) -> Answer:
    found = await call.app.services.catalog.featured_institutions()
    return answer(call, Institutions(institutions=_shown(found)))


async def _services(call: Call[Access, None, PageQuery]) -> Answer:
    query = call.query
    page = await call.app.services.catalog.services(
        call.path["institution_id"], query.offset, query.limit
    )
    body = InstitutionServicesResource(
        services=[minified(one) for one in page.items],
        offset=query.offset,
        limit=query.limit,
        count=page.count,
    )
    return answer(call, body)


find_institutions = Endpoint(
    name="find_institutions",
    method="GET",
    path=f"{BASE}/institutions",
    summary="List the institutions that have services",
    description=(
        "By their names, all or those of a search; names that begin with the search come first. An "
        "answer may be some minutes old."
    ),
    tag="citizen",
    policy=Citizens(READS_NOTHING),
    query=InstitutionsQuery,
    headers=HEADERS,
    handler=_search,
    answers={200: InstitutionsResource, 304: None},
)

find_featured_institutions = Endpoint(
    name="find_featured_institutions",
    method="GET",
    path=f"{BASE}/institutions/featured",
    summary="List the institutions that stand in front",
    description="Those that the operators of the installation chose.",
    tag="citizen",
    policy=Citizens(READS_NOTHING),
    headers=HEADERS,
    handler=_featured,
    answers={200: Institutions, 304: None},
)

find_institution_services = Endpoint(
    name="find_institution_services",
    method="GET",
    path=f"{BASE}/institutions/{{institution_id}}/services",
    summary="List the services of an institution",
    description="The published services by their names; none for an unknown institution.",
    tag="citizen",
    policy=Citizens(READS_NOTHING),
    parameters={"institution_id": InstitutionId},
    query=PageQuery,
    headers=HEADERS,
    handler=_services,
    answers={200: InstitutionServicesResource, 304: None},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    find_institutions,
    find_featured_institutions,
    find_institution_services,
)
