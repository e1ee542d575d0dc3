"""Operations that the catalogue may cost, and its speed with the institutions of a country."""

import time

from infra.local.sandbox.seed import CITIZEN, ORGANIZATION, SERVICE_ID
from lib.domain.services.catalog.institution import Institution, ListedInstitution, search
from lib.domain.services.registration import PublicService
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from tests.doubles.counted_stack import CountedStack


async def test_the_catalogue_is_read_from_memory(counted: CountedStack) -> None:
    """The first search costs 1 query, the first look at a service 2 point reads, then nothing."""
    await counted.call("find_institutions", citizen=CITIZEN)
    assert counted.documents == {"query": 1}
    counted.reset()
    path = {"service_id": SERVICE_ID}
    await counted.call("read_catalog_service", path=path, citizen=CITIZEN)
    assert counted.documents == {"read": 2}
    counted.reset()

    for _ in range(3):
        await counted.call("find_institutions", query={"search": "x"}, citizen=CITIZEN)
        await counted.call("read_catalog_service", path=path, citizen=CITIZEN)
        path_of = {"institution_id": ORGANIZATION}
        await counted.call("find_institution_services", path=path_of, citizen=CITIZEN)
    assert not counted.documents
    assert not counted.queues


async def test_thousands_of_institutions_are_listed_page_by_page(counted: CountedStack) -> None:
    """Each thousand costs 1 query; all of them are found."""
    service = PublicService(ServiceId("s"), "Servizio", 1, "LOCAL", "Ente")
    for number in range(1001):
        code = OrganizationFiscalCode(f"{number:011d}")
        institution = Institution(code, f"Comune {number:05d}", (service,))
        await counted.app.repositories.catalog.write(institution, None)
    counted.reset()

    query = {"search": "comune 0099", "limit": "5"}
    reply = await counted.call("find_institutions", query=query, citizen=CITIZEN)

    assert reply.body["count"] == 11
    assert len(reply.body["institutions"]) == 5
    assert counted.documents == {"query": 2}


def test_a_search_of_all_public_bodies_takes_milliseconds() -> None:
    """In CPU time, with 23,000 institutions."""
    scopes = frozenset({"LOCAL"})
    institutions = [
        ListedInstitution(OrganizationFiscalCode(f"{n:011d}"), f"Comune di Città {n}", scopes)  # type: ignore[arg-type]
        for n in range(23_000)
    ]
    search(institutions, "citta 22", None)
    begun = time.process_time()

    found = search(institutions, "citta 2299", "LOCAL")

    assert time.process_time() - begun < 0.2
    assert len(found) == 13
