"""Reminders are sent on the days of the plan, unless citizen or payment ended them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.domain.shared.deadline import in_rome
from lib.ports.queueing.names import REMINDER_DUE
from tests.builders.payments import tell
from tests.builders.profiles import with_profile
from tests.functions.reminders.support import AFTER, jump, log, notice
from tests.stack import Stack, take
from tests.stored import stored_message

pytestmark = pytest.mark.slow


async def test_four_reminders_and_no_more(stack: Stack) -> None:
    """A citizen gets four reminders: seven, three and one days before, and on the day."""
    id_ = await notice(stack)
    # the last look of each hour comes after its last minute of reminders, whichever the message's
    stack.clock.moment = stack.clock.moment.replace(minute=59)
    moments = []

    while stack.clock.moment < AFTER:
        stack.clock.advance(timedelta(minutes=20))
        before = len(stack.push.sent)
        await stack.tick()
        moments += [f"{in_rome(stack.clock.moment):%d %H}"] * (len(stack.push.sent) - before)

    assert moments == ["26 09", "30 09", "02 09", "03 09"]
    assert await log(stack, id_) == [(f"20261203-{n}", "SENT") for n in (7, 3, 1, 0)]
    assert (await stored_message(stack, id_)).reminders.next is None
    assert not await take(stack.queue, REMINDER_DUE)


async def test_a_payment_ends_the_reminders(stack: Stack) -> None:
    """A payment ends the reminders, and its reversal starts them again."""
    id_ = await notice(stack)
    await jump(stack, 26, 10)
    await tell(stack)
    await stack.drain()
    await jump(stack, 30, 10)
    assert await log(stack, id_) == [("20261203-7", "SENT"), ("20261203-3", "PAID")]
    assert (await stored_message(stack, id_)).reminders.next is None

    await tell(stack, "REVERSED")
    await stack.drain()
    await stack.live_until(AFTER)

    assert [step for step, outcome in await log(stack, id_) if outcome == "SENT"] == [
        "20261203-7",
        "20261203-1",
        "20261203-0",
    ]
    assert len(stack.push.sent) == 3


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"reminder_status": "DISABLED"}, "OPTED_OUT"),
        ({"is_webhook_enabled": False}, "NO_CHANNEL"),
        ({"is_inbox_enabled": False}, "NO_CHANNEL"),
    ],
)
async def test_a_choice_made_since_holds_for_the_next_reminder(
    stack: Stack, change: Mapping[str, Any], outcome: str
) -> None:
    """A reminder follows the citizen's settings at its moment, not at the delivery."""
    id_ = await notice(stack)
    await with_profile(stack, **change)
    await jump(stack, 26, 10)
    accepting = {"reminder_status": "ENABLED", "is_webhook_enabled": True, "is_inbox_enabled": True}
    await with_profile(stack, CITIZEN, **accepting)
    await jump(stack, 30, 10)

    assert await log(stack, id_) == [("20261203-7", outcome), ("20261203-3", "SENT")]
    assert len(stack.push.sent) == 1


async def test_an_archived_message_is_not_reminded_of(stack: Stack) -> None:
    """A message is not reminded of while it is archived; reading it changes nothing."""
    id_ = await notice(stack)
    for days, change in ((26, {"is_archived": True}), (30, {"is_archived": False})):
        body = {"change_type": "bulk", "is_read": True, **change}
        await stack.call("change_message_status", body, path={"id": id_}, citizen=CITIZEN)
        await jump(stack, days, 10)

    assert await log(stack, id_) == [("20261203-7", "ARCHIVED"), ("20261203-3", "SENT")]


async def test_a_void_choice_switches_no_reminders_off(stack: Stack) -> None:
    """A choice that a new mode voided does not switch reminders off."""
    id_ = await notice(stack)
    flags = dict.fromkeys(("is_inbox_enabled", "is_email_enabled", "is_webhook_enabled"), True)
    path = {"service_id": SERVICE_ID}
    for version, choice in ((0, {"is_reminder_enabled": False}), (1, {})):
        body = {**flags, **choice, "settings_version": version}
        reply = await stack.call("change_service_preference", body, path=path, citizen=CITIZEN)
        assert reply.status == 200
        if version == 0:
            mode = {"version": 0, "service_preferences_settings": {"mode": "MANUAL"}}
            await stack.call("update_profile", mode, citizen=CITIZEN)
    await jump(stack, 26, 10)

    assert await log(stack, id_) == [("20261203-7", "SENT")]


async def test_missed_reminders_are_not_made_up_for(stack: Stack) -> None:
    """After a day without ticks the last reminder that is due is sent, in the morning."""
    id_ = await notice(stack)
    await jump(stack, 32, 3)
    assert not stack.push.sent
    await jump(stack, 32, 10)
    await stack.live_until(AFTER)

    outcomes = dict(await log(stack, id_))
    assert outcomes["20261203-7"] == "OVERTAKEN"
    assert outcomes["20261203-1"] == outcomes["20261203-0"] == "SENT"
    assert len(stack.push.sent) == 2


async def test_reminders_can_be_switched_off_for_a_service(stack: Stack) -> None:
    """A service's messages are not reminded of while the citizen has switched that off."""
    id_ = await notice(stack)
    flags = dict.fromkeys(
        ("is_inbox_enabled", "is_email_enabled", "is_webhook_enabled", "is_reminder_enabled"), True
    )
    for is_on in (False, True):
        reply = await stack.call(
            "change_service_preference",
            {**flags, "is_reminder_enabled": is_on, "settings_version": 0},
            path={"service_id": SERVICE_ID},
            citizen=CITIZEN,
        )
        assert reply.body["is_reminder_enabled"] is is_on
        await jump(stack, 30 if is_on else 26, 10)

    assert await log(stack, id_) == [("20261203-7", "SERVICE_OFF"), ("20261203-3", "SENT")]
