"""The catalogue is kept as the services are, whatever is lost, repeated or late."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.sandbox.seed import ORGANIZATION
from lib.domain.services.catalog.institution import Institution
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.ports.schema.senders import CATALOG, ORGANIZATION_SERVICES
from lib.repositories.services.catalog.catalog import INSTITUTION
from tests.builders.managed_services import Manager
from tests.builders.settings import settings_for
from tests.doubles.behind import Behind
from tests.functions.services.catalog_calls import OTHER, another, names, services_of
from tests.stack import Stack


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give a stack that remembers nothing of the catalogue."""
    stack = await Stack(tmp_path, settings_for(tmp_path, sender_cache_seconds=0)).start()
    yield stack
    await stack.app.close()


async def test_the_timer_repairs_the_catalogue(fresh: Stack) -> None:
    """What is missing comes back, and what should not be there goes."""
    await another(fresh, "Agenzia nazionale")
    await fresh.store.delete(CATALOG, INSTITUTION, OTHER)
    catalog = fresh.app.repositories.catalog
    stored = await catalog.stored(ORGANIZATION)
    assert stored is not None
    services = stored.institution.services
    gone = Institution(OrganizationFiscalCode("33445566778"), "Ente soppresso", services)
    await catalog.write(gone, None)
    assert await names(fresh) == ["Comune di Esempio", "Ente soppresso"]

    await fresh.tick()

    assert await names(fresh) == ["Agenzia nazionale", "Comune di Esempio"]


async def test_late_and_repeated_runs_change_nothing(fresh: Stack) -> None:
    """Each run reads the present state of the service."""
    manager = Manager(fresh)
    id_ = await manager.approved(auto_publish=True)
    before = await fresh.app.repositories.catalog.stored(ORGANIZATION)
    await fresh.app.services.follow_change(ServiceId(id_))
    await fresh.app.services.keep_catalog(ORGANIZATION, (ServiceId(id_),))

    assert await fresh.app.repositories.catalog.stored(ORGANIZATION) == before


async def test_services_that_change_at_once_are_all_listed(fresh: Stack) -> None:
    """The write of an institution depends on what its run read before the service."""
    manager = Manager(fresh)
    ids = [await manager.approved(name=f"Servizio {n} del Comune") for n in range(4)]

    await asyncio.gather(*(manager.call("publish_service", id_) for id_ in ids))

    assert {one["id"] for one in (await services_of(fresh))["services"]} >= set(ids)


async def test_a_call_that_died_before_the_catalogue_is_finished_by_the_queue(
    fresh: Stack,
) -> None:
    """The item of the change was queued first, and becomes visible a minute later."""
    manager = Manager(fresh)
    id_ = await manager.approved(auto_publish=True)
    await fresh.store.delete(CATALOG, INSTITUTION, ORGANIZATION)
    fresh.clock.moment += timedelta(minutes=2)

    await fresh.drain()

    assert id_ in {one["id"] for one in (await services_of(fresh))["services"]}


async def test_a_change_is_in_the_catalogue_although_queries_lag(
    fresh: Stack, tmp_path: Path
) -> None:
    """A published service is found, and a withdrawn one is gone: point reads alone decide."""
    settings = settings_for(tmp_path, sender_cache_seconds=0)
    behind = Stack(
        tmp_path, settings, clock=fresh.clock, store=Behind(fresh.store, ORGANIZATION_SERVICES)
    )
    await behind.tick()
    manager = Manager(behind)
    first, second = [await manager.approved(name=f"Servizio {n} del Comune") for n in range(2)]

    await manager.call("publish_service", first)
    await manager.call("publish_service", second)
    assert {one["id"] for one in (await services_of(behind))["services"]} >= {first, second}
    reply = await manager.call("unpublish_service", first)
    assert reply.status == 204, reply
    await behind.tick()

    listed = {one["id"] for one in (await services_of(behind))["services"]}
    assert second in listed
    assert first not in listed
