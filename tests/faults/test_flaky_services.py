"""Managed services on ports that fail: a call may die anywhere, and calls may meet."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, override

import pytest

from infra.local.sandbox.seed import OPERATOR_KEY, SERVICE_ID
from lib.domain.services.managed_service import ManagedService
from lib.domain.services.registration import groups_of, registration_of
from lib.domain.shared.identifiers import ServiceId
from lib.ports.schema.senders import SERVICE_VERSIONS
from tests.builders.managed_services import Manager, a_service, approve, reject
from tests.faults.test_flaky_notices import FaultAt
from tests.faults.test_flaky_ports import FlakyStack
from tests.stack import Stack
from tests.stored import registry_entry


class RecordedStack(FlakyStack):
    """A stack of which `ids` are those of all services that were stored."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.ids: set[str] = {SERVICE_ID}
        super().__init__(folder, seed)

    @override
    def _note_claim(self, _: str | None, method: str, *args: Any) -> None:
        if method == "batch" and args[0] is SERVICE_VERSIONS:
            self.ids.add(args[1])


async def check(stack: Stack, id_: str) -> ManagedService:
    """Check that all that follows from the state of a service agrees with it."""
    repositories = stack.app.repositories
    service = await repositories.managed_services.get(ServiceId(id_))
    assert service is not None
    registration = registration_of(service)
    entry = await registry_entry(stack, id_)
    assert entry["managed_version"] == service.version
    assert entry["service_name"] == registration.name
    assert entry["is_visible"] == registration.is_visible

    stored = await repositories.subscriptions.get(id_)
    assert stored is not None
    one = stored.subscription
    assert one.groups == groups_of(service, one.groups, is_organization_approved=True)
    assert one.is_active == (not service.is_deleted)

    assert service.status != "submitted" or service.is_checked
    waiting = await stack.call("list_service_reviews", key=OPERATOR_KEY)
    listed = {item["service"]["id"] for item in waiting.body["items"]}
    assert (id_ in listed) == (service.status == "submitted")

    history = await repositories.managed_services.history(service.id, "ASC", 100, None)
    assert [one.version for one in history.entries] == list(range(1, service.version + 1))
    return service


async def listed(stack: Stack) -> set[str]:
    """Return the ids that the manager's list shows."""
    reply = await Manager(stack).call("list_services", query={"limit": "100"})
    assert reply.status == 200
    return {one["id"] for one in reply.body["value"]}


async def new(_: Stack) -> str:
    """Begin with nothing."""
    return ""


async def draft(stack: Stack) -> str:
    """Begin with a draft."""
    return await Manager(stack).create()


async def waiting(stack: Stack) -> str:
    """Begin with a service that waits for an operator."""
    id_ = await draft(stack)
    await Manager(stack).submit(id_)
    return id_


async def public(stack: Stack) -> str:
    """Begin with a published service."""
    return await Manager(stack).approved(auto_publish=True)


def call(name: str, body: Any = None) -> Callable[[Stack, str], Awaitable[object]]:
    """Return a call of the manage API."""
    return lambda stack, id_: Manager(stack).call(name, id_ or None, body)


CASES = {
    "create": (new, call("create_service", a_service())),
    "edit a draft": (draft, call("change_service", a_service(name="Mensa e refezione"))),
    "submit": (draft, call("submit_service", {"auto_publish": True})),
    "delete a draft": (draft, call("delete_service")),
    "approve": (waiting, approve),
    "reject": (waiting, reject),
    "edit": (public, call("change_service", a_service(metadata={"phone": "055 1"}))),
    "hide": (public, call("unpublish_service")),
    "delete": (public, call("delete_service")),
}


@pytest.mark.parametrize("fault", ["before", "after"])
@pytest.mark.parametrize("case", CASES)
async def test_a_call_that_dies_anywhere_leaves_a_state_that_the_queue_completes(
    tmp_path: Path, case: str, fault: str
) -> None:
    """No second attempt of the caller is needed."""
    begin, act = CASES[case]
    at = 1
    while True:
        folder = tmp_path / str(at)
        folder.mkdir()
        stack = RecordedStack(folder, 0)
        faults = FaultAt(random.Random(0), outcome=fault)
        stack.faults.strikes = faults.strikes  # type: ignore[method-assign]  # of the ports it has
        await stack.start()
        id_ = await begin(stack)

        faults.at = at
        await act(stack, id_)
        reached = faults.at <= 0
        faults.at = 0
        await stack.settle()

        assert await listed(stack) == stack.ids
        for one in stack.ids:
            await check(stack, one)
        assert not await stack.dead_letters()
        await stack.app.close()
        if not reached:
            break
        at += 1
    assert at > 5


async def test_calls_that_meet_end_in_one_state_for_all_readers(tmp_path: Path, seed: int) -> None:
    """With one call in ten failing, and items that come late, twice and out of order."""
    stack = RecordedStack(tmp_path, seed)
    await stack.start()
    manager = Manager(stack)
    ids = [await manager.create(name=f"Servizio {number}") for number in range(5)]
    stack.faults.rate = 0.1
    rng = random.Random(seed)

    async def client(id_: str) -> None:
        for number in range(12):
            act = rng.choice(
                (
                    call("change_service", a_service(name=f"Servizio {id_[-6:]} {number}")),
                    call("submit_service", {"auto_publish": bool(number % 2)}),
                    call("publish_service"),
                    call("unpublish_service"),
                    approve,
                    reject,
                )
            )
            await act(stack, id_)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(client(id_)) for id_ in ids for _ in range(2)]
        while not all(one.done() for one in tasks):
            await stack.step()
            await asyncio.sleep(0)
    await stack.settle()
    stack.faults.rate = 0.0

    assert not await stack.dead_letters()
    assert await listed(stack) == stack.ids
    for id_ in ids:
        await check(stack, id_)
    await stack.app.close()
