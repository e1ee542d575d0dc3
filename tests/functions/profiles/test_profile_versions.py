"""Each update of a profile names the version that it changes."""

import asyncio
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.functions.profiles.profile_calls import EVERYTHING, NOBODY, read, update, updated
from tests.stack import Stack, refusal
from tests.stored import stored_profile


async def test_another_version_is_refused(stack: Stack) -> None:
    """An update of another version gets 409, and nothing is changed."""
    before = await stored_profile(stack)

    reply = await update(stack, version=1, is_inbox_enabled=False)

    assert refusal(reply) == (409, "Conflict", "Version 1 is not the latest version.")
    assert await stored_profile(stack) == before


@pytest.mark.parametrize("citizen", [CITIZEN, NOBODY])
async def test_of_two_updates_at_once_one_holds(stack: Stack, citizen: str) -> None:
    """Of two updates at once one gets 200 and one 409, also where they create the profile."""
    replies = await asyncio.gather(
        update(stack, citizen, reminder_status="DISABLED"),
        update(stack, citizen, is_email_enabled=False),
    )

    assert sorted(reply.status for reply in replies) == [200, 409]
    (won,) = (reply.body for reply in replies if reply.status == 200)
    assert won == await read(stack, citizen)
    assert (won["version"], won.get("reminder_status") == "DISABLED") == (
        1,
        won["is_email_enabled"],
    )


@pytest.mark.parametrize("citizen", [CITIZEN, NOBODY])
async def test_a_repeated_update_gets_the_profile_it_made(stack: Stack, citizen: str) -> None:
    """A repeated update gets 200 and the same profile, since its answer may have been lost."""
    twice = [update(stack, citizen, **EVERYTHING, is_test=True) for _ in range(2)]
    replies = [*await asyncio.gather(*twice), await update(stack, citizen, **EVERYTHING)]

    assert [reply.status for reply in replies] == [200, 200, 200]
    assert [reply.body for reply in replies] == [await read(stack, citizen)] * 3
    assert replies[0].body["version"] == 1


async def test_a_repeated_update_is_refused_after_another(stack: Stack) -> None:
    """A repeated update gets 409 where another one came between."""
    await updated(stack, reminder_status="DISABLED")
    await updated(stack, version=1, reminder_status="ENABLED")

    assert (await update(stack, reminder_status="DISABLED")).status == 409


async def test_a_write_that_the_store_client_repeats_succeeds(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The update gets 200 where the store's client sends the write twice."""
    replace = stack.store.replace

    async def twice(*args: Any, **kwargs: Any) -> Any:
        await replace(*args, **kwargs)
        return await replace(*args, **kwargs)

    monkeypatch.setattr(stack.store, "replace", twice)

    assert (await updated(stack, is_email_enabled=False))["version"] == 1
