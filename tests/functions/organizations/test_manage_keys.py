"""An organisation replaces its manage keys, and an operator can do it too."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import MANAGE_KEY, OPERATOR_KEY, ORGANIZATION
from lib.ports.errors import UnavailableError
from tests.builders.settings import settings_for
from tests.functions.organizations.onboarding import BODY, apply, codes, confirm
from tests.stack import Reply, Stack

OWN = {"fiscal_code": BODY.fiscal_code}
MASKED = "*" * 28
CACHE_SECONDS = 0.05


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """Yield a stack that remembers keys for a moment only."""
    settings = settings_for(tmp_path, sender_cache_seconds=CACHE_SECONDS)
    started = await Stack(tmp_path, settings).start()
    yield started
    await started.app.close()


async def keys_of(stack: Stack) -> tuple[str, str]:
    """Let an organisation join, and return both of its manage keys."""
    await apply(stack)
    body = (await confirm(stack, codes(stack)[-1])).body
    return body["primary_key"], body["secondary_key"]


async def replace(stack: Stack, slot: str, key: str, name: str = "replace_manage_key") -> Reply:
    """Replace the key of a slot."""
    return await stack.call(name, path={**OWN, "key_type": slot}, key=key)


async def works(stack: Stack, key: str) -> bool:
    """Tell whether the organisation can read its record with the key, after the cache's time."""
    await asyncio.sleep(2 * CACHE_SECONDS)
    reply = await stack.call("read_own_organization", path=OWN, key=key)
    assert reply.status in {200, 401}
    return reply.status == 200


async def changes(stack: Stack, key: str) -> list[tuple[str, str]]:
    """Return the replacements that the organisation sees."""
    body = (await stack.call("read_own_organization", path=OWN, key=key)).body
    return [(one["key_type"], one["by"]) for one in body["key_changes"]]


async def test_each_key_is_replaced_with_the_other_one(stack: Stack) -> None:
    """The new key is shown once and works; the old one is refused."""
    primary, secondary = await keys_of(stack)

    first = await replace(stack, "secondary", primary)
    new_secondary = first.body["secondary_key"]
    second = await replace(stack, "primary", new_secondary)
    new_primary = second.body["primary_key"]

    assert (first.status, second.status) == (200, 200)
    assert first.body["primary_key"] == MASKED + primary[-4:]
    assert first.headers["Cache-Control"] == "no-store"
    assert [await works(stack, key) for key in (primary, secondary)] == [False, False]
    assert [await works(stack, key) for key in (new_primary, new_secondary)] == [True, True]
    assert await changes(stack, new_primary) == [
        ("secondary", "ORGANIZATION"),
        ("primary", "ORGANIZATION"),
    ]


@pytest.mark.parametrize("slot", ["primary", "secondary"])
async def test_nobody_replaces_the_key_of_the_call(stack: Stack, slot: str) -> None:
    """If the answer were lost, no key could be left."""
    keys = dict(zip(("primary", "secondary"), await keys_of(stack), strict=True))

    reply = await replace(stack, slot, keys[slot])

    assert (reply.status, reply.body["title"]) == (409, "Conflict")
    assert await works(stack, keys[slot])
    assert await changes(stack, keys[slot]) == []


async def test_a_lost_answer_leaves_the_key_of_the_call(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call dies after its record and before the new key; the same call completes it."""
    primary, secondary = await keys_of(stack)
    with monkeypatch.context() as patch:
        patch.setattr(stack.app.repositories.subscriptions, "put_keys", away)
        assert (await replace(stack, "secondary", primary)).status == 503
    assert await works(stack, secondary)

    again = await replace(stack, "secondary", primary)

    assert again.status == 200
    assert await works(stack, again.body["secondary_key"])
    assert not await works(stack, secondary)
    assert await changes(stack, primary) == [("secondary", "ORGANIZATION")] * 2


async def away(*_: Any, **__: Any) -> None:
    """Fail as a store that is away."""
    raise UnavailableError("the store is away")


async def test_an_operator_replaces_a_key(stack: Stack) -> None:
    """The organisation sees who did it, and no key in the list of organisations."""
    primary, secondary = await keys_of(stack)

    reply = await replace(stack, "primary", OPERATOR_KEY, "replace_key_of_organization")

    assert reply.status == 200
    assert await works(stack, reply.body["primary_key"])
    assert not await works(stack, primary)
    assert await changes(stack, secondary) == [("primary", "OPERATOR")]
    listed = await stack.call("list_organizations", key=OPERATOR_KEY)
    assert reply.body["primary_key"] not in repr(listed.body)


async def test_the_domicile_is_in_the_history(stack: Stack) -> None:
    """The code of a later application replaces both keys."""
    await keys_of(stack)
    await apply(stack)
    body = (await confirm(stack, codes(stack)[-1])).body

    assert await changes(stack, body["primary_key"]) == [
        ("primary", "DOMICILE"),
        ("secondary", "DOMICILE"),
    ]


async def test_the_history_has_an_end(stack: Stack) -> None:
    """The latest twenty replacements are kept."""
    primary, _ = await keys_of(stack)
    for _ in range(22):
        assert (await replace(stack, "secondary", primary)).status == 200
    assert len(await changes(stack, primary)) == 20


async def test_the_keys_of_another_organisation_stay(stack: Stack) -> None:
    """Neither exists for the caller, whether or not there is one."""
    primary, _ = await keys_of(stack)
    path = {"fiscal_code": ORGANIZATION, "key_type": "secondary"}
    assert (await stack.call("replace_manage_key", path=path, key=primary)).status == 404
    assert (await replace(stack, "secondary", MANAGE_KEY)).status == 404
    unknown = {"fiscal_code": "00000000059", "key_type": "primary"}
    reply = await stack.call("replace_key_of_organization", path=unknown, key=OPERATOR_KEY)
    assert reply.status == 404
