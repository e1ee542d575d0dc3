"""Operators alone make a service SPECIAL, and let it read the subscriptions feed."""

from datetime import timedelta

import pytest

from infra.local.sandbox.seed import OPERATOR_KEY, SENDER_KEY, SERVICE_ID
from lib.domain.services.service import Group
from tests.builders.managed_services import Manager, a_service
from tests.stack import Reply, Stack, refusal

RIGHTS = {"category": "SPECIAL", "reads_subscriptions_feed": True}


async def put(stack: Stack, service_id: str, **rights: object) -> Reply:
    """Set the rights of a service."""
    path = {"service_id": service_id}
    return await stack.call("change_service_rights", rights, path=path, key=OPERATOR_KEY)


async def read(stack: Stack, service_id: str) -> Reply:
    """Read the rights of a service."""
    path = {"service_id": service_id}
    return await stack.call("read_service_rights", path=path, key=OPERATOR_KEY)


async def test_rights_are_given_and_taken(stack: Stack) -> None:
    """The subscription keeps its other groups."""
    before = await groups(stack)
    given = await put(stack, SERVICE_ID, **RIGHTS)
    assert (given.status, given.body) == (200, RIGHTS)
    assert (await read(stack, SERVICE_ID)).body == RIGHTS
    assert await groups(stack) == before | {Group.SUBSCRIPTIONS_FEED_READ}

    none = {"category": "STANDARD", "reads_subscriptions_feed": False}
    assert (await put(stack, SERVICE_ID, **none)).body == none
    assert (await read(stack, SERVICE_ID)).body == none
    assert await groups(stack) == before - {Group.SUBSCRIPTIONS_FEED_READ}


async def groups(stack: Stack) -> frozenset[Group]:
    """Return the groups of the sandbox's service."""
    stored = await stack.app.repositories.subscriptions.get(SERVICE_ID)
    assert stored is not None
    return stored.subscription.groups


async def test_a_service_that_is_edited_keeps_its_rights(stack: Stack) -> None:
    """Neither a new version nor an approval takes them."""
    manager = Manager(stack)
    await put(stack, SERVICE_ID, **RIGHTS)
    edited = await manager.call("change_service", SERVICE_ID, a_service(name="Tassa sui rifiuti"))
    assert edited.status == 200
    await manager.call("submit_service", SERVICE_ID, {"auto_publish": True})
    stack.clock.moment += timedelta(minutes=2)
    await stack.drain()

    assert (await read(stack, SERVICE_ID)).body == RIGHTS


async def test_an_unknown_service_has_no_rights(stack: Stack) -> None:
    """Reading and setting are 404."""
    assert refusal(await read(stack, "nothing"))[:2] == (404, "Service not found")
    assert refusal(await put(stack, "nothing", **RIGHTS))[:2] == (404, "Service not found")


@pytest.mark.parametrize("key", [SENDER_KEY])
async def test_a_sender_has_no_say(stack: Stack, key: str) -> None:
    """Not even about its own service."""
    path = {"service_id": SERVICE_ID}
    assert (await stack.call("change_service_rights", RIGHTS, path=path, key=key)).status == 403
    assert (await stack.call("read_service_rights", path=path, key=key)).status == 403
