"""Helpers of the tests of the catalogue."""

from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN, ORGANIZATION
from lib.domain.organizations.organization import Organization, OrganizationState
from lib.domain.shared.identifiers import OrganizationFiscalCode
from tests.builders.managed_services import Manager
from tests.builders.services import with_manage_key
from tests.stack import Reply, Stack

OTHER: Final = OrganizationFiscalCode("11223344556")


async def get(stack: Stack, name: str, path: Any = None, **query: str) -> Any:
    """Return the body of a successful answer."""
    reply = await stack.call(name, path=path, query=query, citizen=CITIZEN)
    assert reply.status == 200, reply
    return reply.body


async def services_of(stack: Stack, institution: str = ORGANIZATION, **query: str) -> Any:
    """Return the services of an institution."""
    path = {"institution_id": institution}
    return await get(stack, "find_institution_services", path, **query)


async def read(stack: Stack, id_: str, **headers: str) -> Reply:
    """Read a service of the catalogue."""
    path = {"service_id": id_}
    return await stack.call("read_catalog_service", path=path, headers=headers, citizen=CITIZEN)


async def another(stack: Stack, name: str, code: str = OTHER) -> Manager:
    """Return the manager of another organisation, and publish a service of it."""
    organization = Organization(
        OrganizationFiscalCode(code), name, OrganizationState.APPROVED, "u", "m", "2026-11-01"
    )
    await stack.app.repositories.organizations.create(organization)
    key = await with_manage_key(stack, organization=code, key=f"sandbox-key-of-{code}")
    manager = Manager(stack, key)
    await manager.approved(
        auto_publish=True,
        organization={"name": name, "fiscal_code": code},
        metadata={"scope": "NATIONAL"},
    )
    return manager


async def names(stack: Stack, **query: str) -> list[str]:
    """Return the names of the institutions that a search finds."""
    found = await get(stack, "find_institutions", **query)
    return [one["name"] for one in found["institutions"]]
