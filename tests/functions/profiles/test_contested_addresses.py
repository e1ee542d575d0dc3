"""Citizens who want one address at the same time leave it with one owner."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.ports.errors import UnavailableError
from tests.functions.profiles.address_owners import (
    LATER,
    OTHER,
    ask,
    click,
    give,
    owned,
    owner,
    validated,
    wanted_by_both,
)
from tests.stack import Reply, Stack


async def test_of_two_validations_at_once_one_succeeds(stack: Stack) -> None:
    """Of two citizens who open their links at once, one owns the address."""
    await wanted_by_both(stack)

    replies = await asyncio.gather(
        *(click(stack, citizen) for citizen in (CITIZEN, OTHER) for _ in range(5))
    )

    (winner,) = await validated(stack)
    assert await owner(stack) == winner
    assert sorted(reply.status for reply in replies) == [200] * 5 + [412] * 5


async def interrupted(
    stack: Stack,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[], Awaitable[object]],
    *,
    dies: bool = False,
) -> Reply:
    """Validate for the citizen, and run `meanwhile` between the claim and the mark."""
    patch = stack.store.patch

    async def slow(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(stack.store, "patch", patch)
        await meanwhile()
        if dies:
            raise UnavailableError("away")
        return await patch(*args, **kwargs)

    monkeypatch.setattr(stack.store, "patch", slow)
    return await click(stack, CITIZEN)


async def test_a_validation_that_died_after_its_claim_takes_nothing(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim without a mark holds half a minute, and then another citizen may claim."""
    await wanted_by_both(stack)

    async def nothing() -> None:
        assert await owner(stack) == CITIZEN

    assert (await interrupted(stack, monkeypatch, nothing, dies=True)).status == 503
    assert (await click(stack, OTHER)).status == 412
    stack.clock.advance(LATER)
    assert (await ask(stack, OTHER)).status == 202
    assert (await click(stack, OTHER)).status == 200

    assert await validated(stack) == [OTHER]
    assert (await click(stack, CITIZEN)).status == 412


async def test_the_same_link_goes_on_where_it_died(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The citizen's own claim lets the same link succeed later."""
    await wanted_by_both(stack)

    async def nothing() -> None:
        """Do nothing."""

    assert (await interrupted(stack, monkeypatch, nothing, dies=True)).status == 503
    assert (await click(stack, CITIZEN)).status == 200
    assert await validated(stack) == [CITIZEN]


async def test_a_slow_validation_does_not_validate_a_claim_that_was_taken_over(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A validation whose claim was taken over before its mark gets 412."""
    await wanted_by_both(stack)

    async def taken_over() -> None:
        stack.clock.advance(LATER)
        assert (await click(stack, OTHER)).status == 200

    assert (await interrupted(stack, monkeypatch, taken_over)).status == 412
    assert await validated(stack) == [OTHER]
    assert await owner(stack) == OTHER


async def test_a_slow_takeover_finds_the_address_validated(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A takeover of a claim that was marked meanwhile gets 412."""
    await wanted_by_both(stack)
    recipients = stack.app.repositories.profiles
    end = recipients.renew_etag

    async def rival() -> None:
        stack.clock.advance(LATER)

        async def late(*args: Any) -> None:
            monkeypatch.setattr(recipients, "renew_etag", end)
            assert (await click(stack, CITIZEN)).status == 200
            await end(*args)

        monkeypatch.setattr(recipients, "renew_etag", late)
        assert (await click(stack, OTHER)).status == 412

    await interrupted(stack, monkeypatch, rival)
    assert await validated(stack) == [CITIZEN]
    assert await owner(stack) == CITIZEN


async def test_a_slow_release_leaves_a_newer_claim(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow release does not delete the citizen's new claim."""
    await owned(stack)
    delete = stack.store.delete

    async def slow(*args: Any, **kwargs: Any) -> None:
        monkeypatch.setattr(stack.store, "delete", delete)
        assert (await give(stack, CITIZEN)).status == 200
        assert (await click(stack, CITIZEN)).status == 200
        await delete(*args, **kwargs)

    monkeypatch.setattr(stack.store, "delete", slow)
    assert (await give(stack, CITIZEN, None)).status == 200

    assert await validated(stack) == [CITIZEN]
    assert await owner(stack) == CITIZEN


async def test_a_change_without_a_version_does_not_refuse_an_update(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update succeeds where the profile's ETag changed, and its version did not."""
    replace = stack.store.replace

    async def overtaken(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(stack.store, "replace", replace)
        profiles = stack.app.repositories.profiles
        stored = await profiles.settings(CITIZEN)
        assert stored is not None
        await profiles.renew_etag(CITIZEN, stack.clock.now(), stored.etag)
        return await replace(*args, **kwargs)

    monkeypatch.setattr(stack.store, "replace", overtaken)

    assert (await give(stack, CITIZEN)).status == 200
