"""Four calls bring a public body from its application to a first message."""

from datetime import timedelta

import pytest

from infra.local.sandbox.seed import CITIZEN, OPERATOR_KEY
from lib.ports.errors import UnavailableError
from tests.builders.managed_services import Manager, approve
from tests.builders.messages import a_message
from tests.functions.organizations.onboarding import BODY, joined
from tests.stack import Reply, Stack

OWN = {"name": BODY.name, "fiscal_code": BODY.fiscal_code}
OTHER = "RSSMRA80A01H501U"


async def decide(stack: Stack, name: str) -> Reply:
    """Approve or suspend the organisation."""
    body = {"reason": "A test of the keys."} if name == "suspend_organization" else None
    path = {"fiscal_code": BODY.fiscal_code}
    return await stack.call(name, body, path=path, key=OPERATOR_KEY)


async def send(stack: Stack, key: str, recipient: str = CITIZEN) -> int:
    """Return the status of a submission."""
    return (await stack.call("submit_message", a_message(fiscal_code=recipient), key=key)).status


async def keyed(manager: Manager, id_: str) -> str:
    """Return a key of the service."""
    reply = await manager.call("show_service_keys", id_)
    return str(reply.body["primary_key"])


async def test_a_new_body_writes_to_the_sandbox_recipient(fresh: Stack) -> None:
    """Application, confirmation, service, message; up to the cap of two a day."""
    manager = Manager(fresh, await joined(fresh))
    key = await keyed(manager, await manager.create(organization=OWN))

    assert await send(fresh, key) == 201
    assert await send(fresh, key, OTHER) == 403
    assert [await send(fresh, key) for _ in range(2)] == [201, 429]
    read = await manager.call("read_own_organization", path={"fiscal_code": BODY.fiscal_code})
    assert read.body["trial"] == {"daily_messages": 2, "sent_today": 2}


@pytest.mark.parametrize("order", ["service first", "organisation first"])
async def test_an_approved_body_with_an_approved_service_writes_to_everybody(
    fresh: Stack, order: str
) -> None:
    """Either approval alone does not suffice, and they come in any order."""
    manager = Manager(fresh, await joined(fresh))
    id_ = await manager.create(organization=OWN)
    key = await keyed(manager, id_)
    steps = ["service", "organisation"]
    for step in steps if order.startswith("service") else reversed(steps):
        assert await send(fresh, key, OTHER) == 403
        if step == "service":
            await manager.submit(id_)
            assert (await approve(fresh, id_)).status == 200
        else:
            assert (await decide(fresh, "approve_organization")).status == 200
        await fresh.drain()

    assert [await send(fresh, key, OTHER) for _ in range(3)] == [201] * 3


async def test_an_approval_that_dies_on_the_way_is_completed(
    fresh: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The item that was queued before brings the rights of the services up to date."""
    manager = Manager(fresh, await joined(fresh))
    id_ = await manager.create(organization=OWN)
    key = await keyed(manager, id_)
    await manager.submit(id_)
    await approve(fresh, id_)
    await fresh.drain()
    put, puts = fresh.queue.put, 0

    async def second_fails(*args: object, **options: object) -> None:
        nonlocal puts
        puts += 1
        if puts > 1:
            raise UnavailableError("away")
        await put(*args, **options)  # type: ignore[arg-type]  # as it was called

    with monkeypatch.context() as patched:
        patched.setattr(fresh.queue, "put", second_fails)
        assert (await decide(fresh, "approve_organization")).status == 200
    await fresh.drain()
    assert await send(fresh, key, OTHER) == 403
    fresh.clock.advance(timedelta(minutes=2))
    await fresh.drain()

    assert await send(fresh, key, OTHER) == 201


async def test_a_suspension_stops_all_keys_until_the_approval(fresh: Stack) -> None:
    """Both keys are the same after it."""
    manager = Manager(fresh, await joined(fresh))
    id_ = await manager.create(organization=OWN)
    keys = (await manager.call("show_service_keys", id_)).body

    await decide(fresh, "suspend_organization")
    # a key that was refused stays refused for seconds, so the other one is tried below
    assert await send(fresh, keys["primary_key"]) == 401
    await decide(fresh, "approve_organization")
    assert await send(fresh, keys["secondary_key"]) == 201
    path = {"fiscal_code": BODY.fiscal_code}
    assert (await manager.call("read_own_organization", path=path)).status == 200
