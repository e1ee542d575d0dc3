"""The evening digest tells of the notifications that were held."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.queues.notifications import send_digest
from infra.local.sandbox.seed import CITIZEN
from lib.domain.payments.payment import PaymentEvent
from lib.domain.shared.identifiers import RptId
from lib.ports.queueing.items.notifications import DigestDue
from lib.ports.queueing.names import DIGEST_DUE
from lib.ports.schema.citizens import PROFILES
from lib.repositories.profiles.profiles import PROFILE_ID
from lib.repositories.scheduling.schedule import slots_of
from tests.builders.payments import a_payment
from tests.builders.profiles import with_profile
from tests.functions.notifications.evenings import DUE, EVENING, ask, evening
from tests.stack import Stack


@pytest.mark.parametrize(
    ("language", "count", "title"),
    [
        ("it_IT", 1, "Hai un nuovo messaggio"),
        ("it_IT", 3, "Hai 3 nuovi messaggi"),
        ("en_GB", 2, "You have 2 new messages"),
    ],
)
async def test_with_0_everything_waits_for_the_digest(
    stack: Stack, language: str, count: int, title: str
) -> None:
    """With a limit of 0 all messages are in the digest, in the citizen's language."""
    await with_profile(stack, max_daily_notifications=0, preferred_languages=[language])
    for _ in range(count):
        await stack.deliver()

    assert not stack.push.sent
    assert await evening(stack) == [title]


async def test_a_message_held_after_the_digest_is_in_the_next_one(stack: Stack) -> None:
    """A citizen gets one digest a day, and later messages are in the next one."""
    await with_profile(stack, max_daily_notifications=0)
    await stack.deliver()
    assert await evening(stack) == ["Hai un nuovo messaggio"]
    stack.clock.advance(timedelta(minutes=10))
    await stack.deliver()
    await stack.live_until(EVENING + timedelta(hours=3))
    assert len(stack.push.sent) == 1
    stack.clock.moment = EVENING + timedelta(hours=20)
    await stack.deliver()

    assert await evening(stack, days=1) == ["Hai 2 nuovi messaggi"]
    assert await evening(stack, days=2) == []


async def change(stack: Stack, id_: str, body: dict[str, Any]) -> None:
    """Change a message's status as its citizen."""
    reply = await stack.call("change_message_status", body, path={"id": id_}, citizen=CITIZEN)
    assert reply.status == 200


async def test_the_digest_counts_messages_that_are_still_unseen(stack: Stack) -> None:
    """A digest leaves out messages that are read or archived, and an empty one is not sent."""
    await with_profile(stack, max_daily_notifications=0)
    ids = [await stack.deliver() for _ in range(3)]
    await change(stack, ids[0], {"change_type": "reading", "is_read": True})
    await change(stack, ids[1], {"change_type": "archiving", "is_archived": True})
    assert await evening(stack) == ["Hai un nuovo messaggio"]

    id_ = await stack.deliver()
    await change(stack, id_, {"change_type": "reading", "is_read": True})
    assert await evening(stack, days=1) == []


async def test_a_held_reminder_counts_until_the_payment(stack: Stack) -> None:
    """A held reminder of a read message counts until it is paid; a message counts once."""
    await with_profile(stack, max_daily_notifications=0)
    ids = [
        await stack.deliver(
            content={"due_date": DUE, "payment_data": a_payment(notice_number=f"3{number:017}")}
        )
        for number in range(2)
    ]
    for id_ in ids:
        await ask(stack, id_, kind="REMINDER", step="20261203-7", at_most=0)
        await change(stack, id_, {"change_type": "reading", "is_read": True})
    assert await evening(stack) == ["Hai 2 nuovi messaggi"]

    for id_ in ids:
        await ask(stack, id_, kind="REMINDER", step="20261203-3", at_most=0)
    event = PaymentEvent("e", "PAID", "2026-11-23T09:00:00.000Z", "pagopa")
    await stack.app.payments.record([(RptId(f"01234567890{'3':0<18}"), event)])
    await stack.drain()
    assert await evening(stack, days=1) == ["Hai un nuovo messaggio"]


async def test_beyond_twenty_messages_all_count_as_unread(stack: Stack) -> None:
    """The digest checks twenty messages, and counts the older ones as unread."""
    await with_profile(stack, max_daily_notifications=0)
    ids = [await stack.deliver() for _ in range(22)]
    for id_ in ids:
        await change(stack, id_, {"change_type": "reading", "is_read": True})

    assert await evening(stack) == ["Hai 2 nuovi messaggi"]


async def test_the_digest_follows_quiet_hours(stack: Stack) -> None:
    """A digest waits for the end of the quiet hours, at night for the morning."""
    quiet = {"from": "17:00", "to": "20:00"}
    await with_profile(stack, max_daily_notifications=0, quiet_hours=quiet)
    await stack.deliver()
    assert await evening(stack) == []
    stack.clock.moment = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    await stack.tick()
    assert not stack.push.sent

    await stack.live_until(datetime(2026, 11, 24, 7, 10, tzinfo=UTC))

    assert [push.title for push in stack.push.sent] == ["Hai un nuovo messaggio"]


@pytest.mark.parametrize(
    "changes",
    [
        {"is_webhook_enabled": False},
        {"is_inbox_enabled": False},
        {"quiet_hours": {"from": "07:00", "to": "22:00"}},
    ],
)
async def test_the_digest_follows_the_settings_of_the_evening(
    stack: Stack, changes: dict[str, Any]
) -> None:
    """A citizen who wants no pushes in the evening gets no digest."""
    await with_profile(stack, max_daily_notifications=0)
    await stack.deliver()
    await with_profile(stack, **changes)

    assert await evening(stack) == []


async def test_without_a_profile_there_is_no_digest(stack: Stack) -> None:
    """A citizen whose profile is gone gets no digest."""
    await with_profile(stack, max_daily_notifications=0)
    await stack.deliver()
    await stack.store.delete(PROFILES, CITIZEN, PROFILE_ID)

    assert await evening(stack) == []


async def test_a_digest_that_comes_again_is_sent_once(stack: Stack) -> None:
    """A repeated digest item sends nothing more, and its content does not change."""
    await with_profile(stack, max_daily_notifications=0)
    await stack.deliver()
    assert len(await evening(stack)) == 1
    await stack.deliver()
    item = DigestDue(fiscal_code=CITIZEN, day="2026-11-23").text()

    await asyncio.gather(*(send_digest.consume(stack.app, item, last=False) for _ in range(20)))
    await stack.drain()

    assert len(stack.push.sent) == 1
    assert await evening(stack, days=1) == ["Hai un nuovo messaggio"]
    await send_digest.consume(stack.app, item, last=False)
    await stack.drain()
    assert len(stack.push.sent) == 1


async def test_no_schedule_id_holds_a_fiscal_code(stack: Stack) -> None:
    """The id of the digest's entry has a pseudonym, and a day has one entry."""
    await with_profile(stack, max_daily_notifications=0)
    for _ in range(2):
        await stack.deliver()

    schedule = stack.app.repositories.schedule
    (entry,) = [
        entry
        for slot in slots_of(EVENING.replace(minute=0))
        for entry in await schedule.due(slot, EVENING, limit=10)
    ]
    assert CITIZEN not in entry.id
    assert entry.queue == DIGEST_DUE
    assert entry.item is not None
    digest = DigestDue.model_validate_json(entry.item.text())
    assert (digest.fiscal_code, digest.day) == (CITIZEN, "2026-11-23")
