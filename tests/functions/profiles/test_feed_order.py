"""Switches reach the feed once, whatever dies, comes twice, late or out of order."""

from datetime import timedelta
from typing import Any

import pytest

from functions.queues.profiles import follow_subscription_switch
from infra.local.sandbox.seed import CITIZEN
from lib.ports.errors import PreconditionFailedError, UnavailableError
from lib.ports.queueing.names import SUBSCRIPTION_SWITCHED
from lib.ports.schema.citizens import SUBSCRIPTIONS_FEED
from tests.doubles.clock import START
from tests.functions.profiles.feed_calls import (
    DAY,
    NEXT_DAY,
    choose,
    feed,
    follow,
    hashed,
    read_feed,
    update,
)
from tests.stack import Stack, take
from tests.stored import stored_text

INBOFF = "INBOFF00A00A000A"
MIDNIGHT = (START + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


async def items(stack: Stack) -> list[str]:
    """Take the items of switches from the queue."""
    taken = await take(stack.queue, SUBSCRIPTION_SWITCHED)
    for one in taken:
        await stack.queue.delete(SUBSCRIPTION_SWITCHED, one)
    return [one.text for one in taken]


async def consume(stack: Stack, text: str) -> None:
    """Process an item."""
    await follow_subscription_switch.consume(stack.app, text, last=False)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2, 0, 1), (2, 2, 0, 1)])
async def test_the_order_of_the_items_does_not_count(stack: Stack, order: tuple[int, ...]) -> None:
    """Nor does an item that comes twice."""
    for is_on in (False, True, False):
        await update(stack, CITIZEN, is_inbox_enabled=is_on)
    texts = await items(stack)
    for number in order:
        await consume(stack, texts[number])

    assert await feed(stack) == ([], [hashed()])


async def test_a_repeated_item_writes_nothing(stack: Stack) -> None:
    """Neither on its day, nor after the day is over."""
    await update(stack, CITIZEN, is_inbox_enabled=False)
    (text,) = await items(stack)
    await consume(stack, text)
    before = await stored_text(stack, SUBSCRIPTIONS_FEED, DAY, hashed())
    await consume(stack, text)
    stack.clock.moment = MIDNIGHT + timedelta(hours=1)
    await consume(stack, text)

    assert await stored_text(stack, SUBSCRIPTIONS_FEED, DAY, hashed()) == before
    assert await feed(stack, NEXT_DAY) == ([], [])


async def test_a_call_that_died_after_its_write_loses_nothing(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The item is queued before the write."""
    write = stack.app.repositories.profiles.write_settings

    async def dies(*args: Any) -> None:
        await write(*args)
        raise UnavailableError("died")

    with monkeypatch.context() as patched:
        patched.setattr(stack.app.repositories.profiles, "write_settings", dies)
        body = {"version": 0, "is_inbox_enabled": False}
        assert (await stack.call("update_profile", body, citizen=CITIZEN)).status == 503
    stack.clock.moment += timedelta(minutes=1)

    assert await feed(stack) == ([], [hashed()])


async def test_a_call_that_died_before_its_write_leaves_nothing(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The item waits for the write for ten minutes, then it is dropped."""

    async def dies(*_: Any) -> None:
        raise UnavailableError("died")

    with monkeypatch.context() as patched:
        patched.setattr(stack.app.repositories.profiles, "write_settings", dies)
        body = {"version": 0, "is_inbox_enabled": False}
        await stack.call("update_profile", body, citizen=CITIZEN)
    stack.clock.moment += timedelta(minutes=1)
    await stack.drain()
    assert await stack.queue.length(SUBSCRIPTION_SWITCHED) == 1
    stack.clock.moment += timedelta(minutes=11)

    assert await feed(stack) == ([], [])


async def test_a_write_that_came_second_is_one_event(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The item of the attempt that failed finds no switch."""
    profiles = stack.app.repositories.profiles
    write, failures = profiles.write_preference, [PreconditionFailedError()]

    async def once_too_late(*args: Any) -> None:
        if failures:
            raise failures.pop()
        await write(*args)

    monkeypatch.setattr(profiles, "write_preference", once_too_late)
    await choose(stack, inbox=False)
    assert await stack.queue.length(SUBSCRIPTION_SWITCHED) == 2
    stack.clock.moment += timedelta(minutes=11)

    assert await feed(stack) == ([], [hashed()])


async def test_a_switch_that_is_processed_after_its_day_is_in_both_days(stack: Stack) -> None:
    """A reader may have read its own day already."""
    stack.clock.moment = MIDNIGHT - timedelta(seconds=20)
    await update(stack, CITIZEN, is_inbox_enabled=False)
    await follow(stack)

    assert await feed(stack) == ([], [hashed()])
    assert await feed(stack, NEXT_DAY) == ([], [hashed()])


async def test_a_later_switch_holds_against_one_that_came_late(stack: Stack) -> None:
    """Off before midnight, on after it, and the items in the other order."""
    stack.clock.moment = MIDNIGHT - timedelta(seconds=20)
    await update(stack, CITIZEN, is_inbox_enabled=False)
    await update(stack, CITIZEN, is_inbox_enabled=True)
    first, second = await items(stack)
    await consume(stack, second)
    await consume(stack, first)

    assert await feed(stack) == ([], [hashed()])
    assert await feed(stack, NEXT_DAY) == ([hashed()], [])


async def test_a_switch_of_the_last_minute_is_not_lost(stack: Stack) -> None:
    """A write that is under way at midnight may miss a reader, so it stands in both days."""
    stack.clock.moment = MIDNIGHT - timedelta(seconds=90)
    await update(stack, INBOFF, is_inbox_enabled=True)
    await follow(stack)

    assert await feed(stack) == ([hashed(INBOFF)], [])
    assert await feed(stack, NEXT_DAY) == ([hashed(INBOFF)], [])


async def test_switches_of_one_moment_are_two(stack: Stack) -> None:
    """A clock that stands still makes no two switches of one name."""
    for version, is_on in enumerate((False, True)):
        body = {"version": version, "is_inbox_enabled": is_on}
        await stack.call("update_profile", body, citizen=CITIZEN)
    stack.clock.moment += timedelta(minutes=1)
    assert len(set(await items(stack))) == 2

    assert (await read_feed(stack)).status == 404
