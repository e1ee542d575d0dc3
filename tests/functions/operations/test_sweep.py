"""A timer finds lost items, lost reminders and lost hours of the schedule."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from functions.queues.notifications import send_digest
from functions.queues.payment_notices import submit_instalment
from functions.queues.reminders import process_due_reminder
from functions.timers.operations import sweep
from functions.timers.scheduling import dispatch_due
from infra.local.sandbox.seed import CITIZEN, OPERATOR_KEY, SENDER_KEY
from lib.domain.notifications.daily_limit import DailyLimit, HeldNotification
from lib.domain.notifications.delivery import Delivery, DeliveryStatus, SubjectId
from lib.domain.shared.identifiers import MessageId, RptId
from lib.domain.shared.values import timestamp
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items import DigestDue, InstalmentDue
from lib.ports.queueing.names import (
    DIGEST_DUE,
    INSTALMENT_DUE,
    MESSAGE_SUBMITTED,
    NOTIFICATION_REQUESTED,
    REMINDER_DUE,
)
from lib.repositories.notifications.deliveries import Deliveries
from lib.repositories.scheduling import schedule as schedules
from lib.repositories.scheduling.schedule import Entry, Schedule, slots_of, this_hour
from lib.use_cases.operations import sweep_messages
from lib.use_cases.reminders.reminder_entry import reminder_entry
from tests.builders.messages import a_message
from tests.builders.payment_notices import INSTALMENTS, a_notice
from tests.builders.payments import PAYEE
from tests.doubles.channels import KeptPush
from tests.doubles.clock import START
from tests.stack import Stack, take
from tests.stored import next_reminder, stored_message, stored_messages

DUE: Final = "2026-12-03T22:59:59Z"
HOUR: Final = timedelta(hours=1)


async def lose(stack: Stack, queue: str) -> None:
    """Clear a queue."""
    while items := await take(stack.queue, queue):
        for item in items:
            await stack.queue.delete(queue, item)
    assert await stack.queue.length(queue) == 0


async def lose_entries(stack: Stack) -> None:
    """Remove all entries of the schedule in two weeks."""
    schedule, end = stack.app.repositories.schedule, START + timedelta(days=15)
    for hour in (this_hour(START) + number * HOUR for number in range(-24, 24 * 14)):
        for slot in slots_of(hour):
            await schedule.remove(await schedule.due(slot, end, limit=10))


async def test_an_accepted_message_without_an_item_arrives(stack: Stack) -> None:
    """A message whose item was lost is queued again after an hour, and not before."""
    ids = [await stack.submit(time_to_live=86400) for _ in range(3)]
    await lose(stack, MESSAGE_SUBMITTED)
    stack.clock.advance(HOUR)
    await sweep.tick(stack.app)
    assert await stack.queue.length(MESSAGE_SUBMITTED) == 0

    stack.clock.advance(timedelta(minutes=15))
    await sweep.tick(stack.app)
    await stack.drain()

    assert {(await stored_message(stack, id_)).status for id_ in ids} == {"PROCESSED"}
    assert sorted(push.message_id for push in stack.push.sent) == sorted(ids)


async def test_a_message_that_still_waits_is_queued_again_a_day_later(stack: Stack) -> None:
    """A long outage makes one item a day, not one at each sweep."""
    await stack.submit()
    await lose(stack, MESSAGE_SUBMITTED)
    stack.clock.advance(2 * HOUR)
    for _ in range(10):
        await sweep.tick(stack.app)
        stack.clock.advance(timedelta(minutes=15))
    assert await stack.queue.length(MESSAGE_SUBMITTED) == 1
    stack.clock.advance(timedelta(days=1))
    await sweep.tick(stack.app)
    assert await stack.queue.length(MESSAGE_SUBMITTED) == 2


async def test_lost_messages_are_queued_while_the_queue_is_short(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep stops where the queue is long, and the next one goes on."""
    monkeypatch.setattr(sweep_messages, "AT_ONCE", 10)
    monkeypatch.setattr(sweep_messages, "MOST_QUEUED", 20)
    for _ in range(35):
        await stack.submit()
    await lose(stack, MESSAGE_SUBMITTED)
    stack.clock.advance(2 * HOUR)
    await sweep.tick(stack.app)
    assert await stack.queue.length(MESSAGE_SUBMITTED) == 20
    await stack.drain()
    await sweep.tick(stack.app)
    await stack.drain()
    assert await stack.app.operations.sweep_messages() == 0


@pytest.mark.parametrize("key", [None, "a-key"])
async def test_a_refused_submission_is_swept_only_under_a_key(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    """A refused submission without a key is not swept, since its sender sends it again."""
    headers = {} if key is None else {"idempotency-key": key}

    async def away(*_: Any, **__: Any) -> None:
        raise UnavailableError("away")

    with monkeypatch.context() as patch:
        patch.setattr(stack.queue, "put", away)
        assert (await stack.call("submit_message", a_message(), headers=headers)).status != 201
    again = await stack.call("submit_message", a_message(), headers=headers)
    assert again.status == 201
    await stack.drain()
    stack.clock.advance(2 * HOUR)
    await sweep.tick(stack.app)
    await stack.drain()

    assert [one.id for one in await stored_messages(stack)] == [again.body["id"]]


async def test_a_reminder_whose_entry_is_lost_is_sent(stack: Stack) -> None:
    """A reminder whose entry was lost is sent once, two hours late."""
    id_ = await stack.deliver(content={"due_date": DUE})
    stack.push.sent.clear()
    await lose_entries(stack)
    stack.clock.moment = START + timedelta(days=3, hours=3)

    for _ in range(3):
        await sweep.tick(stack.app)
        await stack.drain()

    assert [push.message_id for push in stack.push.sent] == [id_]
    assert (await stored_message(stack, id_)).reminders.log[0].outcome == "SENT"


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


async def test_claims_in_doubt_are_listed(tmp_path: Path) -> None:
    """Operators see claims that are UNCONFIRMED, or IN_PROGRESS for too long."""
    push = KeptPush(failure=UnavailableError("no answer"))
    stack = await Stack(tmp_path, push=push).start()
    unknown = await stack.deliver()
    push.failure = None
    left, settled = await stack.deliver(), "01JDQ3V5T8W9X0Y1Z2A3B4C5D6"
    deliveries = Deliveries(stack.store)
    at = timestamp(stack.clock.moment)
    for id_ in (left, settled):
        assert await deliveries.claim(
            Delivery(SubjectId(id_), "UNREAD", "PUSH"), at, claimant="gone"
        )

    async def listed(status: str, key: str = OPERATOR_KEY, **query: str) -> Any:
        query = {"status": status, **query}
        return await stack.call("list_doubtful_claims", query=query, key=key)

    await sweep.tick(stack.app)
    assert (await listed("IN_PROGRESS")).body["items"] == []
    stack.clock.advance(timedelta(minutes=20))
    for _ in range(2):
        await sweep.tick(stack.app)
    await deliveries.settle(Delivery(SubjectId(settled), "UNREAD", "PUSH"), DeliveryStatus.SENT, at)

    (one,) = (await listed("UNCONFIRMED")).body["items"]
    assert (one["message_id"], one["claim"], one["claimed_at"]) == (unknown, "MESSAGE-PUSH", at)
    assert one["settled_at"] == at
    (one,) = (await listed("IN_PROGRESS")).body["items"]
    assert (one["message_id"], one["claim"], one["status"]) == (left, "UNREAD-PUSH", "IN_PROGRESS")
    first = (await listed("IN_PROGRESS", limit="1")).body
    after = (await listed("IN_PROGRESS", limit="1", continuation=first["next"])).body
    assert [*first["items"], *after["items"]] == [one]
    assert (await listed("IN_PROGRESS", key=SENDER_KEY)).status == 403
    assert (await listed("SENT")).status == 400
    await stack.app.close()


@pytest.mark.parametrize("continuation", ["nonsense", "W10="])
async def test_a_wrong_continuation_is_refused(stack: Stack, continuation: str) -> None:
    """A continuation that the app did not make gets 400."""
    reply = await stack.call(
        "list_doubtful_claims", query={"continuation": continuation}, key=OPERATOR_KEY
    )

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"] == "#/query/continuation"
