"""A day's number of notifications, what is urgent, and the digest of what was held."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.queues.notifications import send_digest, send_notification
from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN
from lib.domain.payments.payment import PaymentEvent
from lib.domain.profiles.choices import DEFAULT_DAILY_NOTIFICATIONS
from lib.domain.services.service import Group
from lib.ports.queueing.items import DigestDue, NotificationRequested
from lib.ports.queueing.names import DIGEST_DUE, NOTIFICATION_REQUESTED
from lib.ports.schema import DAILY_LIMITS, DELIVERIES, PROFILES
from lib.repositories.profiles.profiles import PROFILE_ID
from lib.repositories.scheduling.schedule import slots_of
from tests.builders.messages import a_message, submitted
from tests.builders.payments import a_payment
from tests.builders.profiles import with_new_profile, with_profile
from tests.builders.services import with_groups
from tests.doubles.channels import KeptPush
from tests.doubles.clock import START, StillClock
from tests.doubles.telemetry import Kept
from tests.stack import Stack, take
from tests.stored import delivery_status

EVENING = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
"""Five past six in Italy, on START's day."""
DUE = "2026-12-03T22:59:59Z"
A_WEEK = 604_800


async def ask(stack: Stack, message_id: str, **changes: Any) -> None:
    """Run a request for a notification."""
    values = {
        "fiscal_code": CITIZEN,
        "message_id": message_id,
        "kind": "MESSAGE",
        "channel": "PUSH",
    }
    item = NotificationRequested.model_validate({**values, **changes})
    await send_notification.consume(stack.app, item.text(), last=False)


async def evening(stack: Stack, days: int = 0) -> list[str]:
    """Forget what was pushed, tick at six in Italy, and return what is pushed then."""
    stack.push.sent.clear()
    stack.clock.moment = EVENING + timedelta(days=days)
    await stack.tick()
    return [push.title for push in stack.push.sent]


async def test_what_is_beyond_the_usual_number_is_in_the_digest(stack: Stack) -> None:
    """Half of ten a day; the digest counts the others and opens the newest of them."""
    await with_new_profile(stack)
    share = DEFAULT_DAILY_NOTIFICATIONS // 2
    ids = [await stack.deliver() for _ in range(share + 4)]

    assert [push.message_id for push in stack.push.sent] == ids[:share]
    assert {await delivery_status(stack, id_) for id_ in ids[share:]} == {"HELD"}
    assert await evening(stack) == ["Hai 4 nuovi messaggi"]
    assert stack.push.sent[0].id == f"{ids[-1]}-DIGEST-2026-11-23-PUSH"
    assert await evening(stack, days=1) == []


async def test_one_service_does_not_use_up_the_day_of_another(stack: Stack) -> None:
    """However much it sends; what is beyond its share waits for the digest."""
    await with_new_profile(stack)
    key = await with_groups(stack, Group.MESSAGE_WRITE, service_id="another-service")
    loud = [await stack.deliver() for _ in range(DEFAULT_DAILY_NOTIFICATIONS * 2)]
    quiet = [
        (await stack.call("submit_message", a_message(), key=key)).body["id"] for _ in range(2)
    ]
    await stack.drain()

    assert [push.message_id for push in stack.push.sent] == [
        *loud[: DEFAULT_DAILY_NOTIFICATIONS // 2],
        *quiet,
    ]
    assert await evening(stack) == [f"Hai {DEFAULT_DAILY_NOTIFICATIONS * 3 // 2} nuovi messaggi"]


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
    """In the citizen's language, and by its rules of number."""
    await with_profile(stack, max_daily_notifications=0, preferred_languages=[language])
    for _ in range(count):
        await stack.deliver()

    assert not stack.push.sent
    assert await evening(stack) == [title]


async def test_both_channels_are_one_notification(stack: Stack) -> None:
    """They count once and share the verdict; the digest comes by both as well."""
    await with_profile(stack, EMAIL_CITIZEN, max_daily_notifications=4)
    ids = [await stack.deliver(fiscal_code=EMAIL_CITIZEN) for _ in range(4)]

    assert [push.message_id for push in stack.push.sent] == ids[:2]
    assert [mail.message_id for mail in stack.mailer.sent] == ids[:2]
    assert await delivery_status(stack, ids[2], "MESSAGE-EMAIL") == "HELD"
    stack.mailer.sent.clear()

    assert await evening(stack) == ["Hai 2 nuovi messaggi"]
    (mail,) = stack.mailer.sent
    assert mail.subject == "Hai 2 nuovi messaggi"
    assert "Esempio" not in mail.text + mail.html


async def test_fifty_at_once_never_pass_the_number(tmp_path: Path) -> None:
    """In four processes, each twice: exactly so many go out, and the digest has the others."""
    push, clock = KeptPush(), StillClock()
    stacks = [Stack(tmp_path, clock=clock, push=push) for _ in range(4)]
    first = await stacks[0].start()
    first.push, first.clock = push, clock
    ids = [await first.submit() for _ in range(50)]
    await with_profile(first, max_daily_notifications=14)
    for id_ in ids:
        await first.app.messages.fan_out(submitted(id_))
    items: list[str] = []
    while taken := await take(first.queue, NOTIFICATION_REQUESTED):
        items += [one.text for one in taken]

    await asyncio.gather(
        *(
            send_notification.consume(stacks[number % 4].app, text, last=False)
            for number, text in enumerate([*items, *reversed(items)])
        )
    )
    for _ in range(20):
        first.clock.advance(timedelta(minutes=2))
        await first.drain()

    assert len(first.push.sent) == 7
    states = Counter([await delivery_status(first, id_) for id_ in ids])
    assert states == {"SENT": 7, "HELD": 43}
    assert await evening(first) == ["Hai 43 nuovi messaggi"]
    for stack in stacks:
        await stack.app.close()


async def test_a_redelivered_item_keeps_its_verdict(stack: Stack) -> None:
    """Even where its claim is gone, the next day, and after the digest: held is held."""
    await with_profile(stack, max_daily_notifications=1)
    sent, held = [await stack.deliver(time_to_live=A_WEEK) for _ in range(2)]
    for days in (0, 1):
        await evening(stack, days)
        for id_, expected in ((sent, "SENT"), (held, "HELD")):
            await stack.store.delete(DELIVERIES, id_, "MESSAGE-PUSH")
            await ask(stack, id_, at_most=1)
            assert await delivery_status(stack, id_) == expected
    stack.push.sent.clear()

    # neither of them counted on that day
    again = await stack.deliver()
    assert [push.message_id for push in stack.push.sent] == [again]


async def test_a_new_day_has_room_again(stack: Stack) -> None:
    """From midnight in Italy on."""
    await with_profile(stack, max_daily_notifications=1)
    for moment, pushes in (("22:50", 1), ("22:59", 1), ("23:00", 2), ("23:01", 2)):
        stack.clock.moment = datetime.fromisoformat(f"2026-11-23T{moment}+00:00")
        await stack.deliver()
        assert len(stack.push.sent) == pushes

    assert await evening(stack, days=1) == ["Hai 2 nuovi messaggi"]


async def test_what_is_held_after_the_digest_is_in_the_next_one(stack: Stack) -> None:
    """One digest a day."""
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


async def test_what_is_urgent_comes_in_any_case(stack: Stack) -> None:
    """The day before and the day itself, and a snooze; the earlier ones are for the digest."""
    await with_profile(stack, max_daily_notifications=0)
    await stack.deliver(content={"due_date": DUE, "payment_data": a_payment()})
    pushed: dict[str, list[str]] = {}
    for days in (0, 3, 7, 9, 10):
        for hours in (-8, 0):
            stack.push.sent.clear()
            stack.clock.moment = max(EVENING + timedelta(days=days, hours=hours), START)
            await stack.tick()
            pushed[f"{days} {hours}"] = [push.id.split("-", 1)[1] for push in stack.push.sent]

    assert {when: what for when, what in pushed.items() if what} == {
        # the message itself, then the reminders seven and three days before
        "0 0": ["DIGEST-2026-11-23-PUSH"],
        "3 0": ["DIGEST-2026-11-26-PUSH"],
        "7 0": ["DIGEST-2026-11-30-PUSH"],
        "9 -8": ["REMINDER-20261203-1-PUSH"],
        "10 -8": ["REMINDER-20261203-0-PUSH"],
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "REMINDER", "step": "snooze-202611240900"}, "SENT"),
        ({"kind": "REMINDER", "step": "20261203-7"}, "HELD"),
        ({"kind": "UNREAD"}, "HELD"),
        ({"kind": "DIGEST", "step": "2026-11-23"}, "SENT"),
    ],
)
async def test_each_kind(stack: Stack, changes: dict[str, str], expected: str) -> None:
    """A snooze was asked for, and the digest is what the others wait for."""
    id_ = await stack.deliver(content={"due_date": DUE})
    await ask(stack, id_, **changes, at_most=0)

    claim = "-".join([*changes.values(), "PUSH"])
    assert await delivery_status(stack, id_, claim) == expected


async def test_urgent_ones_take_no_room(stack: Stack) -> None:
    """A reminder of the day itself leaves the day as it was."""
    await with_profile(stack, max_daily_notifications=1)
    id_ = await stack.deliver(content={"due_date": "2026-11-23T22:59:59Z"})
    await stack.store.delete(DAILY_LIMITS, CITIZEN, "budget")
    await ask(stack, id_, kind="REMINDER", step="20261123-0", at_most=1)

    await stack.deliver()

    assert len(stack.push.sent) == 3


async def test_what_is_idle_takes_no_room(stack: Stack) -> None:
    """A message that expired, or was read before its reminder came, disturbs nobody."""
    await with_profile(stack, max_daily_notifications=1)
    await stack.submit(time_to_live=3600)
    stack.clock.advance(timedelta(hours=2))
    await stack.drain()

    id_ = await stack.deliver()

    assert [push.message_id for push in stack.push.sent] == [id_]


async def change(stack: Stack, id_: str, body: dict[str, Any]) -> None:
    """Change a message's status, as its citizen."""
    reply = await stack.call("change_message_status", body, path={"id": id_}, citizen=CITIZEN)
    assert reply.status == 200


async def test_the_digest_counts_what_nobody_has_seen_meanwhile(stack: Stack) -> None:
    """Neither read nor archived; nothing comes where nothing is left."""
    await with_profile(stack, max_daily_notifications=0)
    ids = [await stack.deliver() for _ in range(3)]
    await change(stack, ids[0], {"change_type": "reading", "is_read": True})
    await change(stack, ids[1], {"change_type": "archiving", "is_archived": True})
    assert await evening(stack) == ["Hai un nuovo messaggio"]

    id_ = await stack.deliver()
    await change(stack, id_, {"change_type": "reading", "is_read": True})
    assert await evening(stack, days=1) == []


async def test_a_reminder_that_was_held_counts_until_it_is_paid(stack: Stack) -> None:
    """Reading the message does not settle it; a message counts once, whatever was held of it."""
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
    await stack.app.payments.record([(f"01234567890{'3':0<18}", event)])
    await stack.drain()
    assert await evening(stack, days=1) == ["Hai un nuovo messaggio"]


async def test_beyond_twenty_messages_nobody_looks(stack: Stack) -> None:
    """The oldest are taken to be unread."""
    await with_profile(stack, max_daily_notifications=0)
    ids = [await stack.deliver() for _ in range(22)]
    for id_ in ids:
        await change(stack, id_, {"change_type": "reading", "is_read": True})

    assert await evening(stack) == ["Hai 2 nuovi messaggi"]


async def test_the_digest_follows_quiet_hours(stack: Stack) -> None:
    """Held at noon, it comes when they are over; late in the night, it waits for the morning."""
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
async def test_who_is_not_to_be_told_any_more_gets_no_digest(
    stack: Stack, changes: dict[str, Any]
) -> None:
    """As the profile is in the evening."""
    await with_profile(stack, max_daily_notifications=0)
    await stack.deliver()
    await with_profile(stack, **changes)

    assert await evening(stack) == []


async def test_without_a_profile_there_is_no_digest(stack: Stack) -> None:
    """Whoever left is not looked for."""
    await with_profile(stack, max_daily_notifications=0)
    await stack.deliver()
    await stack.store.delete(PROFILES, CITIZEN, PROFILE_ID)

    assert await evening(stack) == []


async def test_a_digest_that_comes_again_is_sent_once(stack: Stack) -> None:
    """Doubled, at once and late: it is of what it was of."""
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


async def test_no_name_is_in_the_schedule_s_ids(stack: Stack) -> None:
    """A pseudonym of citizen and day, the same for each that is held that day."""
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


async def test_what_was_held_is_counted_for_operators(stack: Stack, kept: Kept) -> None:
    """As any other end of a notification."""
    await with_profile(stack, max_daily_notifications=0)
    await stack.deliver()

    assert kept.metric("recapito.notifications") == {("PUSH", "MESSAGE", "HELD"): 1}


async def test_another_citizen_s_number_is_their_own(stack: Stack) -> None:
    """One is full, another has room."""
    other = "RSSMRA80A01H501U"
    await with_new_profile(stack, other, max_daily_notifications=1)
    await with_profile(stack, max_daily_notifications=1)
    for citizen in (CITIZEN, other):
        for _ in range(2):
            await stack.deliver(fiscal_code=citizen)

    assert len(stack.push.sent) == 2
