"""A citizen gets so many notifications a day; urgent ones come in any case."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from functions.queues.notifications import send_notification
from infra.local.sandbox.seed import CITIZEN
from lib.domain.profiles.choices import DEFAULT_DAILY_NOTIFICATIONS
from lib.domain.services.service import Group
from lib.ports.queueing.names import NOTIFICATION_REQUESTED
from tests.builders.messages import a_message, submitted
from tests.builders.payments import a_payment
from tests.builders.profiles import with_new_profile, with_profile
from tests.builders.services import with_groups
from tests.doubles.channels import KeptPush
from tests.doubles.clock import START, StillClock
from tests.doubles.slow_push import queue_pushes
from tests.doubles.telemetry import Kept
from tests.functions.notifications.evenings import DUE, EVENING, ask, evening
from tests.stack import Stack, take
from tests.stored import delivery_status, stored_daily_limit

A_WEEK = 604_800


async def test_notifications_beyond_the_limit_are_in_the_digest(stack: Stack) -> None:
    """The digest counts the notifications beyond the limit, and opens the newest message."""
    await with_new_profile(stack)
    share = DEFAULT_DAILY_NOTIFICATIONS // 2
    ids = [await stack.deliver() for _ in range(share + 4)]

    assert [push.message_id for push in stack.push.sent] == ids[:share]
    assert {await delivery_status(stack, id_) for id_ in ids[share:]} == {"HELD"}
    assert await evening(stack) == ["Hai 4 nuovi messaggi"]
    assert stack.push.sent[0].id == f"{ids[-1]}-DIGEST-2026-11-23-PUSH"
    assert await evening(stack, days=1) == []


async def test_a_service_has_a_share_of_the_limit(stack: Stack) -> None:
    """A service that sends much leaves room to the others."""
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


async def test_fifty_at_once_stay_within_the_limit(tmp_path: Path) -> None:
    """Fifty notifications in four processes, each twice, stay within the limit.

    Of those that the processes count at the same moment, some may wait for the digest needlessly.
    """
    push, clock = KeptPush(), StillClock()
    stacks = [Stack(tmp_path, clock=clock, push=push) for _ in range(4)]
    first = await stacks[0].start()
    first.push, first.clock = push, clock
    queue_pushes(first.app)
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

    sent = len(first.push.sent)
    assert 4 <= sent <= 7
    states = Counter([await delivery_status(first, id_) for id_ in ids])
    assert states == {"SENT": sent, "HELD": 50 - sent}
    assert await evening(first) == [f"Hai {50 - sent} nuovi messaggi"]
    for stack in stacks:
        await stack.app.close()


async def test_a_repeated_item_keeps_its_decision(stack: Stack) -> None:
    """A held notification stays held, also on the next day."""
    await with_profile(stack, max_daily_notifications=1)
    sent, held = [await stack.deliver(time_to_live=A_WEEK) for _ in range(2)]
    for days in (0, 1):
        await evening(stack, days)
        for id_, expected in ((sent, "SENT"), (held, "HELD")):
            await ask(stack, id_, at_most=1, day="2026-11-23")
            assert await delivery_status(stack, id_) == expected
    stack.push.sent.clear()

    # neither of them counts on that day
    again = await stack.deliver()
    assert [push.message_id for push in stack.push.sent] == [again]


async def test_a_new_day_has_room_again(stack: Stack) -> None:
    """The limit starts again at midnight in Italy."""
    await with_profile(stack, max_daily_notifications=1)
    for moment, pushes in (("22:50", 1), ("22:59", 1), ("23:00", 2), ("23:01", 2)):
        stack.clock.moment = datetime.fromisoformat(f"2026-11-23T{moment}+00:00")
        await stack.deliver()
        assert len(stack.push.sent) == pushes

    assert await evening(stack, days=1) == ["Hai 2 nuovi messaggi"]


async def test_urgent_reminders_are_never_held(stack: Stack) -> None:
    """Reminders of the last two days are sent; earlier ones are held for the digest."""
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
async def test_which_kinds_are_held(stack: Stack, changes: dict[str, str], expected: str) -> None:
    """A snoozed reminder and a digest are never held."""
    id_ = await stack.deliver(content={"due_date": DUE})
    await ask(stack, id_, **changes, at_most=0)

    claim = "-".join([*changes.values(), "PUSH"])
    assert await delivery_status(stack, id_, claim) == expected


async def test_an_urgent_reminder_takes_no_room(stack: Stack) -> None:
    """A reminder of the day itself does not count for the limit."""
    await with_profile(stack, max_daily_notifications=3)
    id_ = await stack.deliver(content={"due_date": "2026-11-23T22:59:59Z"})
    await ask(stack, id_, kind="REMINDER", step="20261123-0", at_most=3)

    second, _ = [await stack.deliver() for _ in range(2)]

    assert [push.message_id for push in stack.push.sent] == [id_, id_, second]


async def test_a_notification_that_is_not_sent_takes_no_room(stack: Stack) -> None:
    """A message that expired before it was announced does not count for the limit."""
    await with_profile(stack, max_daily_notifications=1)
    await stack.submit(time_to_live=3600)
    stack.clock.advance(timedelta(hours=2))
    await stack.drain()

    id_ = await stack.deliver()

    assert [push.message_id for push in stack.push.sent] == [id_]


async def test_held_notifications_are_counted_for_operators(stack: Stack, kept: Kept) -> None:
    """A metric counts held notifications."""
    await with_profile(stack, max_daily_notifications=0)
    await stack.deliver()

    assert kept.metric("recapito.notifications") == {("PUSH", "MESSAGE", "HELD"): 1}


async def test_the_release_before_can_read_what_is_held(stack: Stack) -> None:
    """The release 2026.11.0 reads it during an upgrade, and after a rollback."""
    await with_profile(stack, max_daily_notifications=0)
    await stack.deliver()

    limit = await stored_daily_limit(stack)
    assert [limit[name] for name in ("day", "sent", "sent_before")] == ["", [], []]


async def test_each_citizen_has_a_limit_of_their_own(stack: Stack) -> None:
    """One citizen's notifications take no room from another's."""
    other = "RSSMRA80A01H501U"
    await with_new_profile(stack, other, max_daily_notifications=1)
    await with_profile(stack, max_daily_notifications=1)
    for citizen in (CITIZEN, other):
        for _ in range(2):
            await stack.deliver(fiscal_code=citizen)

    assert len(stack.push.sent) == 2
