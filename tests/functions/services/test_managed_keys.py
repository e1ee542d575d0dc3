"""A manager sees the keys of a service once, and replaces one while the other works."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.builders.managed_services import Manager
from tests.builders.messages import a_message
from tests.builders.settings import settings_for
from tests.stack import Stack


@pytest.fixture
async def manager(tmp_path: Path) -> AsyncIterator[Manager]:
    """Give the sandbox's organisation on a stack that remembers no key."""
    stack = await Stack(tmp_path, settings_for(tmp_path, sender_cache_seconds=0)).start()
    yield Manager(stack)
    await stack.app.close()


async def status(manager: Manager, key: str) -> int:
    """Return the status of a submission with the key."""
    return (await manager.stack.call("submit_message", a_message(), key=key)).status


async def test_keys_are_shown_in_full_once(manager: Manager) -> None:
    """Both work; later they are masked, and no cache keeps the answer."""
    id_ = await manager.create()
    first = await manager.call("show_service_keys", id_)
    second = await manager.call("show_service_keys", id_)

    assert first.headers["Cache-Control"] == "no-store"
    assert first.body.keys() == {"primary_key", "secondary_key"}
    assert [await status(manager, key) for key in first.body.values()] == [201, 201]
    assert [key[-4:] for key in first.body.values()] == [key[-4:] for key in second.body.values()]
    assert all(key.startswith("*" * 28) for key in second.body.values())


@pytest.mark.parametrize(("slot", "other"), [("primary", "secondary"), ("secondary", "primary")])
async def test_one_key_is_replaced_while_the_other_works(
    manager: Manager, slot: str, other: str
) -> None:
    """The new one is shown in full, the other one masked."""
    id_ = await manager.create()
    before = (await manager.call("show_service_keys", id_)).body
    reply = await manager.call("replace_service_key", id_, {}, path={"key_type": slot})

    assert reply.status == 200
    assert reply.body[f"{other}_key"].startswith("*")
    assert await status(manager, before[f"{slot}_key"]) == 401
    assert await status(manager, reply.body[f"{slot}_key"]) == 201
    assert await status(manager, before[f"{other}_key"]) == 201


async def test_a_replacement_before_the_first_look_shows_both_keys(manager: Manager) -> None:
    """A service that was never asked for its keys has none."""
    id_ = await manager.create()
    reply = await manager.call("replace_service_key", id_, path={"key_type": "primary"})

    assert [await status(manager, key) for key in reply.body.values()] == [201, 201]
