"""A clock that is wrong loses no entry of the schedule."""

from datetime import timedelta
from typing import Any, Final

import pytest

from functions.queues.notifications import send_digest
from functions.queues.payment_notices import submit_instalment
from functions.queues.reminders import process_due_reminder
from functions.timers.operations import sweep
from functions.timers.scheduling import dispatch_due
from infra.local.sandbox.seed import CITIZEN
from lib.domain.notifications.daily_limit import DailyLimit, HeldNotification
from lib.domain.shared.identifiers import MessageId, RptId
from lib.domain.shared.values import timestamp
from lib.ports.queueing.items.messages import InstalmentDue
from lib.ports.queueing.items.notifications import DigestDue
from lib.ports.queueing.names import (
    DIGEST_DUE,
    INSTALMENT_DUE,
    NOTIFICATION_REQUESTED,
    REMINDER_DUE,
)
from lib.repositories.scheduling import schedule as schedules
from lib.repositories.scheduling.schedule import Entry, Schedule
from lib.use_cases.reminders.reminder_entry import reminder_entry
from tests.builders.payment_notices import INSTALMENTS, a_notice
from tests.builders.payments import PAYEE
from tests.doubles.clock import START
from tests.stack import Stack
from tests.stored import next_reminder, stored_message

DUE: Final = "2026-12-03T22:59:59Z"
HOUR: Final = timedelta(hours=1)


async def test_a_sweep_before_the_tick_after_a_jump_of_the_clock_reminds_once(
    stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    """A sweep and a tick for the same reminder send one push, and the log names the cause."""
    id_ = await stack.deliver(content={"due_date": DUE})
    stack.push.sent.clear()
    stack.clock.moment = START + timedelta(days=3, hours=3)

    await sweep.tick(stack.app)
    await dispatch_due.tick(stack.app)
    assert await stack.queue.length(REMINDER_DUE) == 2
    await stack.drain()

    assert [push.message_id for push in stack.push.sent] == [id_]
    assert (
        "overdue messages queued again in reminder-due: 1 "
        "(their items were lost or are late, or the clock was moved ahead)"
    ) in caplog.text


async def test_a_clock_that_was_ahead_for_one_tick_ends_no_reminders(
    stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    """The checkpoint is set back, and items that came too early return to the schedule."""
    before = await stack.deliver(content={"due_date": DUE})
    await dispatch_due.tick(stack.app)
    stack.clock.advance(timedelta(days=10))
    await dispatch_due.tick(stack.app)
    stack.clock.moment = START + timedelta(minutes=5)
    await stack.drain()
    later = [await stack.deliver(content={"due_date": DUE}) for _ in range(5)]
    stack.push.sent.clear()

    await dispatch_due.tick(stack.app)
    assert "a clock is wrong" in caplog.text
    stack.clock.moment = START + timedelta(days=2, hours=23)
    await stack.live_until(START + timedelta(days=3, hours=2))

    assert {push.message_id for push in stack.push.sent} == {before, *later}
    for id_ in (before, *later):
        (entry,) = (await stored_message(stack, id_)).reminders.log
        assert (entry.step, entry.outcome) == ("20261203-7", "SENT")


async def test_a_clock_that_is_late_puts_nothing_behind_the_checkpoint(stack: Stack) -> None:
    """An entry of a late clock goes into an hour that ticks still read."""
    await dispatch_due.tick(stack.app)
    late = START - 3 * HOUR
    await Schedule(stack.store).put(
        reminder_entry(CITIZEN, MessageId("01J0"), late + timedelta(minutes=20)), late
    )

    stack.clock.advance(2 * HOUR)
    await dispatch_due.tick(stack.app)

    assert await stack.queue.length(REMINDER_DUE) == 1


async def test_the_checkpoint_is_read_once_a_minute(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checkpoint is read once a minute, and not at all for entries days ahead."""
    read, asked = stack.store.read, []

    async def reading(*key: Any) -> Any:
        asked.append(key)
        return await read(*key)

    monkeypatch.setattr(stack.store, "read", reading)
    schedule = Schedule(stack.store)
    await schedule.put(reminder_entry(CITIZEN, MessageId("01J0"), START + timedelta(days=3)), START)
    assert not asked
    for _ in range(5):
        await schedule.put(reminder_entry(CITIZEN, MessageId("01J0"), START + HOUR), START)
    assert len(asked) == 1
    monkeypatch.setattr(schedules, "KNOWN_SECONDS", 0)
    await schedule.put(reminder_entry(CITIZEN, MessageId("01J0"), START + HOUR), START)
    assert len(asked) == 2


async def test_an_item_that_comes_too_early_goes_back_into_the_schedule(stack: Stack) -> None:
    """A reminder, an instalment and a digest that come too early are scheduled again."""
    id_ = await stack.deliver(content={"due_date": DUE})
    assert (
        await stack.call("submit_payment_notice", a_notice(instalments=list(INSTALMENTS)))
    ).status == 201
    await stack.drain()
    stack.push.sent.clear()
    digest_at = START + timedelta(days=1)
    limit = DailyLimit(held=(HeldNotification("n", id_),), digest_at=digest_at)
    await stack.app.repositories.daily_limits.change(CITIZEN, lambda _: limit)
    planned: dict[str, Entry] = {}
    rpt_id = f"{PAYEE}{INSTALMENTS[-1]['notice_number']}"
    reminder = await next_reminder(stack, id_)
    put = Schedule.put

    async def putting(self: Any, entry: Entry, now: Any) -> None:
        planned[entry.queue] = entry
        await put(self, entry, now)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Schedule, "put", putting)
        await process_due_reminder.consume(stack.app, reminder.text(), last=False)
        digest = DigestDue(fiscal_code=CITIZEN, day="2026-11-24")
        await send_digest.consume(stack.app, digest.text(), last=False)
        await submit_instalment.consume(
            stack.app, InstalmentDue(rpt_id=RptId(rpt_id)).text(), last=False
        )

    assert set(planned) == {REMINDER_DUE, INSTALMENT_DUE, DIGEST_DUE}
    assert planned[REMINDER_DUE].item == reminder
    assert timestamp(planned[REMINDER_DUE].at) == reminder.due_at
    assert planned[INSTALMENT_DUE].item == InstalmentDue(rpt_id=RptId(rpt_id))
    assert planned[DIGEST_DUE].item == digest
    assert planned[DIGEST_DUE].at == digest_at
    assert not stack.push.sent
    assert await stack.queue.length(NOTIFICATION_REQUESTED) == 0
