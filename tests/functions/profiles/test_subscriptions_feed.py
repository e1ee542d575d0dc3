"""Services read who subscribed and who unsubscribed on a day."""

from datetime import timedelta

import pytest

from infra.local.sandbox.seed import CITIZEN, SENDER_KEY, SERVICE_ID, SPECIAL_KEY
from lib.domain.profiles.subscriptions import CitizenHash, FeedEntry
from lib.domain.services.service import Group
from lib.domain.shared.identifiers import NO_SERVICE_ID
from lib.ports.schema.citizens import SUBSCRIPTIONS_FEED
from tests.builders.profiles import OTHER_CITIZEN
from tests.builders.services import with_groups
from tests.doubles.clock import START
from tests.functions.profiles.feed_calls import (
    DAY,
    NEXT_DAY,
    choose,
    feed,
    follow,
    hashed,
    mode,
    read_feed,
    update,
)
from tests.stack import Stack, refusal
from tests.stored import stored_text, time_to_live

NOPROF, INBOFF, MANUAL = "NOPROF00A00A000A", "INBOFF00A00A000A", "MANUAL00A00A000A"
BLOCKED = "BLOCKD00A00A000A"
NOBODY: tuple[list[str], list[str]] = ([], [])


async def test_a_new_profile_with_an_inbox_subscribes(stack: Stack) -> None:
    """The first acceptance of the terms switches the inbox on."""
    await update(stack, NOPROF, accepted_tos_version=1)
    await update(stack, NOPROF, service_preferences_settings={"mode": "AUTO"})

    assert await feed(stack) == ([hashed(NOPROF)], [])


async def test_a_profile_without_an_inbox_subscribes_nobody(stack: Stack) -> None:
    """Other settings are not in the feed either."""
    await update(stack, NOPROF)
    await update(stack, CITIZEN, is_email_enabled=False)

    assert await feed(stack) == NOBODY


async def test_the_inbox_is_switched_on_and_off(stack: Stack) -> None:
    """In the mode AUTO this concerns each service."""
    await update(stack, INBOFF, is_inbox_enabled=True)
    await update(stack, CITIZEN, is_inbox_enabled=False)

    assert await feed(stack) == ([hashed(INBOFF)], [hashed(CITIZEN)])
    assert await feed(stack, key=SPECIAL_KEY) == ([hashed(INBOFF)], [hashed(CITIZEN)])


@pytest.mark.parametrize("times", [2, 3])
async def test_the_last_event_of_the_day_counts(stack: Stack, times: int) -> None:
    """A citizen is never in both lists, in whatever order the items come."""
    for number in range(times):
        await update(stack, CITIZEN, is_inbox_enabled=number % 2 == 1)

    is_on = times % 2 == 0
    expected = ([hashed()], []) if is_on else ([], [hashed()])
    assert await feed(stack) == expected


async def test_choices_subscribe_and_unsubscribe_for_their_service(stack: Stack) -> None:
    """Only the service itself reads them, in both modes."""
    await choose(stack, inbox=False, citizen=CITIZEN)
    await choose(stack, inbox=True, citizen=MANUAL)
    await choose(stack, inbox=True, citizen=BLOCKED)

    subscribed, unsubscribed = await feed(stack)
    assert sorted(subscribed) == sorted([hashed(MANUAL), hashed(BLOCKED)])
    assert unsubscribed == [hashed()]
    assert await feed(stack, key=SPECIAL_KEY) == NOBODY


async def test_a_choice_that_changes_no_inbox_is_no_event(stack: Stack) -> None:
    """The default of the mode is the state before the first choice."""
    await choose(stack, inbox=True, citizen=CITIZEN)
    await choose(stack, inbox=False, citizen=MANUAL)

    assert await feed(stack) == NOBODY


async def test_a_choice_without_an_inbox_counts_when_the_inbox_comes(stack: Stack) -> None:
    """Blocking a service while the inbox is off is no event; then the inbox is not for it."""
    await choose(stack, inbox=False, citizen=INBOFF)
    assert await feed(stack) == NOBODY

    await update(stack, INBOFF, is_inbox_enabled=True)
    day = stack.clock.moment.date().isoformat()
    assert await feed(stack, day) == NOBODY
    assert (await read_feed(stack, day, SPECIAL_KEY)).body["subscriptions"] == [hashed(INBOFF)]


async def test_an_inbox_in_manual_mode_concerns_the_chosen_services(stack: Stack) -> None:
    """No other service learns that the inbox was switched off, or on again."""
    await choose(stack, inbox=True, citizen=MANUAL)
    await feed(stack)
    for is_on in (False, True):
        day = stack.clock.moment.date().isoformat()
        await update(stack, MANUAL, is_inbox_enabled=is_on)
        assert await feed(stack, day) == (
            ([hashed(MANUAL)], []) if is_on else ([], [hashed(MANUAL)])
        )
        assert (await read_feed(stack, day, SPECIAL_KEY)).body["subscriptions"] == []
        assert (await read_feed(stack, day, SPECIAL_KEY)).body["unsubscriptions"] == []


async def test_a_new_mode_subscribes_or_unsubscribes(stack: Stack) -> None:
    """MANUAL takes every service away, AUTO admits every service, and both void the choices."""
    await mode(stack, "MANUAL")
    await choose(stack, inbox=False, citizen=MANUAL)
    await choose(stack, inbox=True, citizen=MANUAL)
    await mode(stack, "AUTO", MANUAL)

    assert await feed(stack) == ([hashed(MANUAL)], [hashed()])


async def test_a_choice_before_a_new_mode_is_void(stack: Stack) -> None:
    """Blocked in the morning, and admitted again by the mode AUTO."""
    await choose(stack, inbox=True, citizen=MANUAL)
    await choose(stack, inbox=False, citizen=MANUAL)
    await mode(stack, "AUTO", MANUAL)

    assert await feed(stack) == ([hashed(MANUAL)], [])


async def test_a_choice_after_a_new_mode_takes_part_in_the_algebra(stack: Stack) -> None:
    """By IO's rule, a choice against the event of the profile leaves the citizen out."""
    await mode(stack, "MANUAL")
    await choose(stack, inbox=True, citizen=CITIZEN)
    await mode(stack, "AUTO", MANUAL)
    await choose(stack, inbox=False, citizen=MANUAL)

    assert await feed(stack) == NOBODY


async def test_lists_of_the_mode_legacy_are_events(stack: Stack) -> None:
    """Of the services whose inbox is blocked or opened; other channels do not count."""
    await update(stack, NOPROF, accepted_tos_version=1)
    await follow(stack)
    stack.clock.moment = START + timedelta(days=1)
    await update(stack, NOPROF, blocked_inbox_or_channels={SERVICE_ID: ["INBOX"], "x": ["EMAIL"]})
    assert await feed(stack, NEXT_DAY) == ([], [hashed(NOPROF)])

    day = stack.clock.moment.date().isoformat()
    await update(stack, NOPROF, blocked_inbox_or_channels={})
    assert await feed(stack, day) == ([hashed(NOPROF)], [])


async def test_a_list_of_the_mode_legacy_closes_an_inbox_that_comes(stack: Stack) -> None:
    """The service is left out, the others are not."""
    blocked = {SERVICE_ID: ["INBOX"]}
    await update(stack, NOPROF, blocked_inbox_or_channels=blocked)
    await update(stack, NOPROF, accepted_tos_version=1)

    assert await feed(stack) == NOBODY
    assert await feed(stack, key=SPECIAL_KEY) == ([hashed(NOPROF)], [])


async def test_the_feed_is_read_from_the_end_of_its_day(stack: Stack) -> None:
    """Before that it is IO's 404, which names the time."""
    early = refusal(await read_feed(stack))
    stack.clock.moment = (START + timedelta(days=1)).replace(hour=0, minute=0, second=0)
    detail = f"Subscription data for {DAY} will be available from "
    http_date = stack.clock.moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert early == (404, "Data not available yet", detail + http_date)

    stack.clock.moment -= timedelta(milliseconds=1)
    assert (await read_feed(stack)).status == 404
    stack.clock.moment += timedelta(milliseconds=1)
    assert (await read_feed(stack)).status == 200


async def test_the_feed_is_kept_for_400_days(stack: Stack) -> None:
    """After that an empty answer would be wrong, so it is a 404."""
    await update(stack, INBOFF, is_inbox_enabled=True)
    await follow(stack)
    assert await time_to_live(stack, SUBSCRIPTIONS_FEED, DAY, hashed(INBOFF)) is None
    assert SUBSCRIPTIONS_FEED.default_ttl == 400 * 24 * 3600
    stack.clock.moment = START + timedelta(days=399)
    assert await feed(stack) == ([hashed(INBOFF)], [])

    stack.clock.moment = START + timedelta(days=400)
    assert refusal(await read_feed(stack))[:2] == (404, "Data no longer available")


@pytest.mark.parametrize("day", ["2026-02-30", "today", "2026-1-1", "9999-12-31", "2026-11-29T00"])
async def test_a_date_that_does_not_exist_is_refused(stack: Stack, day: str) -> None:
    """The refusal has IO's title."""
    reply = await read_feed(stack, day)

    assert refusal(reply)[:2] == (400, "Invalid ShortDateString")
    assert reply.body["errors"][0]["pointer"] == "#/path/date"


async def test_the_feed_needs_its_group(stack: Stack) -> None:
    """All other groups of a sender do not give it."""
    others = set(Group) - {Group.SUBSCRIPTIONS_FEED_READ, Group.OPERATIONS}
    key = await with_groups(stack, *others)

    assert refusal(await read_feed(stack, "2026-11-01", key))[:2] == (
        403,
        "You are not allowed here",
    )


async def test_the_store_of_the_feed_has_no_fiscal_code(stack: Stack) -> None:
    """Only the hash that the contract demands."""
    await update(stack, INBOFF, is_inbox_enabled=True)
    await choose(stack, inbox=False, citizen=OTHER_CITIZEN)
    await follow(stack)

    for scope, citizen in ((DAY, INBOFF), (f"{DAY}-{SERVICE_ID}", OTHER_CITIZEN)):
        text = await stored_text(stack, SUBSCRIPTIONS_FEED, scope, hashed(citizen))
        assert citizen not in text


async def test_many_entries_come_in_the_order_of_pages(stack: Stack) -> None:
    """More than one page of both levels is joined."""
    put = stack.app.repositories.subscriptions_feed.put
    day = START.date()
    hashes = [CitizenHash(f"{number:064x}") for number in range(2500)]
    for number, one in enumerate(hashes):
        entry = FeedEntry(one, is_on=True, at="2026-11-01T00:00:00.000Z", settings_version=0)
        await put(day, SERVICE_ID if number % 5 == 0 else NO_SERVICE_ID, entry)

    assert await feed(stack) == (hashes, [])
    assert (await read_feed(stack, key=SENDER_KEY)).status == 200
