"""The keys of a subscription are shown once and replaced one by one; old data still works."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.local.sandbox.seed import SERVICE_ID
from lib.domain.services.errors import SubscriptionNotFoundError
from lib.domain.services.keys import KeySlot
from lib.domain.services.service import Group
from lib.domain.services.subscription import Subscription, SubscriptionKind
from tests.builders.messages import a_message
from tests.builders.services import with_key_of_2026_11
from tests.builders.settings import settings_for
from tests.stack import Stack

ID = "a-subscription"


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give a stack that remembers no keys, with a subscription that has no keys yet."""
    stack = await Stack(tmp_path, settings_for(tmp_path, sender_cache_seconds=0)).start()
    subscription = Subscription(
        id=ID,
        kind=SubscriptionKind.SERVICE,
        user_id="u",
        groups=frozenset((Group.MESSAGE_WRITE,)),
        service_id=SERVICE_ID,
    )
    assert await stack.app.repositories.subscriptions.create(subscription)
    yield stack
    await stack.app.close()


async def status(stack: Stack, key: str) -> int:
    """Return the status of a submission with the key."""
    return (await stack.call("submit_message", a_message(), key=key)).status


async def test_the_first_look_makes_the_keys_and_later_looks_mask_them(fresh: Stack) -> None:
    """Both keys work from the first look on; the masked form is no key."""
    keys = fresh.app.services.issue_keys
    first, second = await keys.show(ID), await keys.show(ID)

    assert [await status(fresh, key) for key in first] == [201, 201]
    assert [key[-4:] for key in second] == [key[-4:] for key in first]
    assert {key[:-4] for key in second} == {"*" * 28}
    assert [await status(fresh, key) for key in second] == [401, 401]


async def test_several_first_looks_show_the_keys_to_one_of_them(fresh: Stack) -> None:
    """Nobody is given a key that does not work."""
    shown = await asyncio.gather(*(fresh.app.services.issue_keys.show(ID) for _ in range(5)))

    full = [keys for keys in shown if not keys.primary.startswith("*")]
    assert len(full) == 1
    assert [await status(fresh, key) for key in full[0]] == [201, 201]


@pytest.mark.parametrize("slot", ["primary", "secondary"])
async def test_one_key_is_replaced_while_the_other_works(fresh: Stack, slot: KeySlot) -> None:
    """The replaced key is refused, the other one and the new one are not."""
    keys = fresh.app.services.issue_keys
    before = await keys.show(ID)
    after = await keys.replace(ID, slot)

    old, new = getattr(before, slot), getattr(after, slot)
    kept = before.secondary if slot == "primary" else before.primary
    assert [await status(fresh, key) for key in (old, new, kept)] == [401, 201, 201]
    masked = after.secondary if slot == "primary" else after.primary
    assert masked.startswith("*")


async def test_a_replaced_key_is_dead_though_its_document_is_left_over(
    fresh: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash between the two writes of a replacement leaves the old key's document."""
    keys = fresh.app.services.issue_keys
    old = (await keys.show(ID)).primary

    async def left_over(*_: object, **__: object) -> None:
        """Delete nothing."""

    monkeypatch.setattr(fresh.store, "delete", left_over)
    await keys.replace(ID, "primary")

    assert await status(fresh, old) == 401


async def test_a_suspended_subscription_admits_no_call(fresh: Stack) -> None:
    """Its keys are refused as unknown."""
    key = (await fresh.app.services.issue_keys.show(ID)).primary
    await fresh.app.repositories.subscriptions.suspend(ID)

    assert await status(fresh, key) == 401


async def test_keys_of_no_subscription_are_refused(fresh: Stack) -> None:
    """Nothing is made for an id that does not exist."""
    with pytest.raises(SubscriptionNotFoundError):
        await fresh.app.services.issue_keys.show("another")
    with pytest.raises(SubscriptionNotFoundError):
        await fresh.app.services.issue_keys.replace("another", "primary")


async def test_a_key_of_version_2026_11_works(fresh: Stack) -> None:
    """Its document holds the rights itself."""
    key = "sandbox-key-of-2026-11"
    await with_key_of_2026_11(fresh, key, "ApiMessageWrite", "New")

    assert await status(fresh, key) == 201
