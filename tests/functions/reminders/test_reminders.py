"""Reminders from the message to the push: on the right days, once, and not when all is done."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.queues.reminders import process_due_reminder
from functions.timers.scheduling import dispatch_due
from infra.local.sandbox.seed import CITIZEN, LIMITED_SERVICE_ID, PAYMENTS_KEY, SERVICE_ID
from lib.domain.payments.errors import PaymentFaultError
from lib.domain.shared.deadline import in_rome
from lib.ports.errors import UnavailableError
from lib.ports.payment_node import PaymentInfo
from lib.ports.queueing.names import REMINDER_DUE
from lib.ports.reminder_conditions import DueReminder
from lib.ports.send_errors import NotSentError
from lib.repositories.notifications.daily_limits import DailyLimits
from lib.use_cases.shared.breaker import FAILURES
from tests.builders.altered import with_message
from tests.builders.payments import RPT_ID, a_payment, tell
from tests.builders.profiles import with_preference, with_profile
from tests.stack import Stack, take
from tests.stored import next_reminder, stored_message, stored_payment

pytestmark = pytest.mark.slow

DUE = "2026-12-03T22:59:59Z"
"""A Thursday, ten days after START."""
DAY_BEFORE = datetime(2026, 12, 2, 10, tzinfo=UTC)
AFTER = datetime(2026, 12, 5, tzinfo=UTC)


async def notice(stack: Stack, **content: Any) -> str:
    """Deliver a payment notice, and forget the push for it."""
    id_ = await stack.deliver(content={"due_date": DUE, "payment_data": a_payment(), **content})
    stack.push.sent.clear()
    return id_


async def jump(stack: Stack, days: int, hour: int = 9, minute: int = 0) -> None:
    """Go to this time of November's or December's day in Italy, and tick."""
    start = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(days=days - 23)
    stack.clock.moment = start + timedelta(hours=hour - 1, minutes=minute)
    await stack.tick()


def reminders(stack: Stack) -> list[str]:
    """Return the days in Italy on which pushes were sent, by their ids."""
    return [push.id.split("-REMINDER-")[1] for push in stack.push.sent]


async def log(stack: Stack, id_: str) -> list[tuple[str, str]]:
    """Return what became of each step."""
    return [(one.step, one.outcome) for one in (await stored_message(stack, id_)).reminders.log]


async def test_four_reminders_and_no_more(stack: Stack) -> None:
    """Seven, three and one days before, and on the day, each in the morning, each once."""
    id_ = await notice(stack)
    moments = []

    while stack.clock.moment < AFTER:
        stack.clock.advance(timedelta(minutes=5))
        before = len(stack.push.sent)
        await stack.tick()
        moments += [f"{in_rome(stack.clock.moment):%d %H}"] * (len(stack.push.sent) - before)

    assert moments == ["26 09", "30 09", "02 09", "03 09"]
    assert await log(stack, id_) == [(f"20261203-{n}", "SENT") for n in (7, 3, 1, 0)]
    assert (await stored_message(stack, id_)).reminders.next is None
    assert not await take(stack.queue, REMINDER_DUE)


async def test_none_after_the_payment(stack: Stack) -> None:
    """What is paid is not reminded of; what was taken back is, from then on."""
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
async def test_what_the_citizen_chose_since(
    stack: Stack, change: Mapping[str, Any], outcome: str
) -> None:
    """Counts when the moment comes; switched on again, the next reminder is sent."""
    id_ = await notice(stack)
    await with_profile(stack, **change)
    await jump(stack, 26, 10)
    await with_profile(stack, **dict.fromkeys(change, True), reminder_status="ENABLED")
    await jump(stack, 30, 10)

    assert await log(stack, id_) == [("20261203-7", outcome), ("20261203-3", "SENT")]
    assert len(stack.push.sent) == 1


async def test_an_archived_message_is_not_reminded_of(stack: Stack) -> None:
    """While it is in the archive; reading it changes nothing."""
    id_ = await notice(stack)
    for days, change in ((26, {"is_archived": True}), (30, {"is_archived": False})):
        body = {"change_type": "bulk", "is_read": True, **change}
        await stack.call("change_message_status", body, path={"id": id_}, citizen=CITIZEN)
        await jump(stack, days, 10)

    assert await log(stack, id_) == [("20261203-7", "ARCHIVED"), ("20261203-3", "SENT")]


async def test_two_messages_of_one_notice_remind_once(stack: Stack) -> None:
    """The newer one does; the older tells why not."""
    first = await notice(stack)
    stack.clock.advance(timedelta(hours=1))
    second = await notice(stack)
    await jump(stack, 26, 10)

    assert await log(stack, first) == [("20261203-7", "OTHER_MESSAGE")]
    assert await log(stack, second) == [("20261203-7", "SENT")]
    assert [push.message_id for push in stack.push.sent] == [second]


async def test_a_newer_message_that_reminds_of_nothing_does_not_silence_the_older(
    stack: Stack,
) -> None:
    """Without a due date it has no plan, and the older one's goes on."""
    first = await notice(stack)
    stack.clock.advance(timedelta(hours=1))
    await stack.deliver(content={"payment_data": a_payment()})
    await jump(stack, 26, 10)

    assert await log(stack, first) == [("20261203-7", "SENT")]


@pytest.mark.parametrize("how", ["archived", "undated", "another service's"])
async def test_a_newer_message_that_is_silent_does_not_silence_the_older(
    stack: Stack, how: str
) -> None:
    """Archived, without a due date, or of a service whose reminders are off: the older reminds."""
    first = await notice(stack)
    stack.clock.advance(timedelta(hours=1))
    content = {"due_date": DUE, "payment_data": a_payment()}
    if how == "undated":
        del content["due_date"]
    second = await stack.deliver(content=content, reminders={"unread_after_days": 1})
    if how == "archived":
        body = {"change_type": "archiving", "is_archived": True}
        await stack.call("change_message_status", body, path={"id": second}, citizen=CITIZEN)
    if how == "another service's":
        await with_message(stack, second, sender_service_id=LIMITED_SERVICE_ID)
        await with_preference(stack, id=LIMITED_SERVICE_ID, is_reminder_enabled=False)
    await jump(stack, 26, 10)

    assert await log(stack, first) == [("20261203-7", "SENT")]


async def test_a_newer_message_silences_the_older_only_while_it_reminds(stack: Stack) -> None:
    """Archived later on, it leaves the rest to the older one."""
    first = await notice(stack)
    stack.clock.advance(timedelta(hours=1))
    second = await notice(stack)
    await jump(stack, 26, 10)
    body = {"change_type": "archiving", "is_archived": True}
    await stack.call("change_message_status", body, path={"id": second}, citizen=CITIZEN)
    await jump(stack, 30, 10)

    assert await log(stack, first) == [("20261203-7", "OTHER_MESSAGE"), ("20261203-3", "SENT")]


async def test_a_void_choice_switches_no_reminders_off(stack: Stack) -> None:
    """A new mode voids it: the settings show reminders on, and so it is."""
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


async def test_a_day_without_ticks_is_not_made_up_for(stack: Stack) -> None:
    """The last that is due is sent, when citizens may be disturbed."""
    id_ = await notice(stack)
    await jump(stack, 32, 3)
    assert not stack.push.sent
    await jump(stack, 32, 10)
    await stack.live_until(AFTER)

    outcomes = dict(await log(stack, id_))
    assert outcomes["20261203-7"] == "OVERTAKEN"
    assert outcomes["20261203-1"] == outcomes["20261203-0"] == "SENT"
    assert len(stack.push.sent) == 2


async def test_many_ticks_and_items_for_one_reminder(stack: Stack) -> None:
    """Doubled, repeated, late: one push."""
    id_ = await notice(stack)
    due = await next_reminder(stack, id_)
    item, stack.clock.moment = due.text(), datetime.fromisoformat(due.due_at)
    for _ in range(3):
        await dispatch_due.tick(stack.app)
        await process_due_reminder.consume(stack.app, item, last=False)
        await stack.drain()
    await process_due_reminder.consume(stack.app, item, last=False)
    await stack.drain()

    assert len(stack.push.sent) == 1
    assert await log(stack, id_) == [("20261203-7", "SENT")]


async def test_it_is_sent_by_who_looked(stack: Stack) -> None:
    """Nothing waits in between, for what may be paid meanwhile."""
    id_ = await notice(stack)
    due = await next_reminder(stack, id_)
    item, stack.clock.moment = due.text(), datetime.fromisoformat(due.due_at)

    await process_due_reminder.consume(stack.app, item, last=False)

    assert reminders(stack) == ["20261203-7-PUSH"]


async def test_a_push_service_that_is_away_gets_it_later(stack: Stack) -> None:
    """The reminder is done; its push alone comes back."""
    id_ = await notice(stack)
    stack.push.failure = NotSentError("away")
    await jump(stack, 26, 10)
    assert await log(stack, id_) == [("20261203-7", "SENT")]
    assert not stack.push.sent

    stack.push.failure = None
    stack.clock.advance(timedelta(minutes=2))
    await stack.drain()

    assert reminders(stack) == ["20261203-7-PUSH"]


@pytest.mark.parametrize(
    ("error", "is_told"), [(UnavailableError("away"), False), (ValueError(CITIZEN), True)]
)
async def test_what_keeps_a_push_from_being_made_costs_no_reminder(
    stack: Stack,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    is_told: bool,
) -> None:
    """An outage or a fault before it is claimed: it comes back alone, and a fault is told."""
    id_ = await notice(stack)

    async def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(DailyLimits, "read", fail)
        due = await next_reminder(stack, id_)
        stack.clock.moment = datetime.fromisoformat(due.due_at)
        await process_due_reminder.consume(stack.app, due.text(), last=False)
    assert await log(stack, id_) == [("20261203-7", "SENT")]
    assert not stack.push.sent

    await stack.drain()

    assert reminders(stack) == ["20261203-7-PUSH"]
    assert ("fault in reminder" in caplog.text) is is_told
    assert CITIZEN not in caplog.text


class Node:
    """A payment node that says what it is told to."""

    def __init__(self, answer: Exception | None = None) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def info(self, rpt_id: str) -> PaymentInfo:
        """Answer."""
        self.asked.append(rpt_id)
        if self.answer is not None:
            raise self.answer
        return PaymentInfo(rpt_id=rpt_id, amount=8450)

    async def close(self) -> None:
        """Hold nothing."""


@pytest.fixture
async def node() -> Node:
    """Give a node that knows of something to pay."""
    return Node()


@pytest.fixture
async def asking(tmp_path: Any, node: Node) -> Any:
    """Give a stack whose node is asked."""
    stack = await Stack(tmp_path, node=node).start()
    yield stack
    await stack.app.close()


async def test_the_node_is_asked_right_before(asking: Stack, node: Node) -> None:
    """What it knows to be paid is recorded, shown to the citizen, and not reminded of."""
    id_ = await notice(asking)
    assert not node.asked
    await jump(asking, 26, 10)
    node.answer = PaymentFaultError("PAYMENT_DUPLICATED", "PPT_PAGAMENTO_DUPLICATO")
    await jump(asking, 30, 10)
    await asking.drain()

    assert await log(asking, id_) == [("20261203-7", "SENT"), ("20261203-3", "PAID")]
    assert (await stored_message(asking, id_)).payment_status == "PAID"
    assert node.asked == [RPT_ID] * 2
    assert len(asking.push.sent) == 1


async def test_a_payment_that_is_being_made_is_left_alone(asking: Stack, node: Node) -> None:
    """For an hour, and then it is asked again."""
    id_ = await notice(asking)
    node.answer = PaymentFaultError("PAYMENT_ONGOING", "PPT_PAGAMENTO_IN_CORSO")
    await jump(asking, 26, 10)
    assert not asking.push.sent
    node.answer = None
    await jump(asking, 26, 12)

    assert await log(asking, id_) == [("20261203-7", "SENT")]


async def test_a_reminder_that_was_put_off_outlives_a_new_plan(asking: Stack, node: Node) -> None:
    """What changes meanwhile does not lose the reminder of the last day."""
    id_ = await notice(asking)
    await asking.live_until(datetime(2026, 12, 3, 6, tzinfo=UTC))
    node.answer = PaymentFaultError("PAYMENT_ONGOING", "PPT_PAGAMENTO_IN_CORSO")
    await jump(asking, 33, 10)
    await asking.app.reminders.schedule(CITIZEN, id_)
    node.answer = None
    await jump(asking, 33, 12)

    assert (await log(asking, id_))[-1] == ("20261203-0", "SENT")


async def test_what_the_node_said_gives_way_to_what_is_told(asking: Stack, node: Node) -> None:
    """The payment's own moment and amount count, however late they come."""
    await notice(asking)
    node.answer = PaymentFaultError("PAYMENT_DUPLICATED", "PPT_PAGAMENTO_DUPLICATO")
    paid_at = asking.clock.moment
    await jump(asking, 26, 10)
    payment = await stored_payment(asking)
    assert payment.event is not None
    assert (payment.status, payment.event.source) == ("PAID", "payment-node")
    at = paid_at.isoformat().replace("+00:00", "Z")
    update = {"event_id": "e", "occurred_at": at, "outcome": "PAID", "amount_cents": 8450}
    await asking.call("update_payment", update, path={"rpt_id": RPT_ID}, key=PAYMENTS_KEY)

    event = (await stored_payment(asking)).event
    assert event is not None
    assert (event.id, event.amount) == ("e", 8450)


async def test_a_node_that_contradicts_what_was_told_is_asked_again(
    asking: Stack, node: Node
) -> None:
    """It says paid, we were told that this was taken back: no reminder, and no end of them."""
    id_ = await notice(asking)
    await tell(asking, "REVERSED")
    await asking.drain()
    node.answer = PaymentFaultError("PAYMENT_DUPLICATED", "PPT_PAGAMENTO_DUPLICATO")
    await jump(asking, 26, 10)
    assert not asking.push.sent
    node.answer = None
    await jump(asking, 26, 12)

    assert await log(asking, id_) == [("20261203-7", "SENT")]


async def test_a_node_that_is_away_costs_no_reminder(asking: Stack, node: Node) -> None:
    """It is waited for half an hour; then what we know ourselves must do.

    Meanwhile it is not asked for each of them.
    """
    id_ = await notice(asking)
    node.answer = UnavailableError("away")
    await jump(asking, 26, 10)
    assert not asking.push.sent
    for _ in range(12):
        asking.clock.advance(timedelta(minutes=5))
        await asking.tick()

    assert await log(asking, id_) == [("20261203-7", "SENT")]
    assert len(node.asked) == FAILURES


async def test_a_service_switched_off(stack: Stack) -> None:
    """Its messages are not reminded of; others are."""
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


class Condition:
    """A sender's own systems, which say what they are told to."""

    def __init__(self) -> None:
        self.answer: bool | Exception = True
        self.asked: list[tuple[str, DueReminder]] = []

    async def allows(self, url: str, reminder: DueReminder) -> bool:
        """Answer."""
        self.asked.append((url, reminder))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def close(self) -> None:
        """Hold nothing."""


async def test_a_sender_s_condition_is_asked_before_each(tmp_path: Path) -> None:
    """False takes the reminder back; who does not answer is waited for, and then not."""
    condition, url = Condition(), "https://pa.example.org/due?signed=1"
    stack = await Stack(tmp_path, conditions=condition).start()
    id_ = await stack.deliver(
        content={"due_date": DUE},
        reminders={"condition_url": url, "days": [7, 3, 1], "unread_after_days": 1},
    )
    await jump(stack, 25, 10)
    assert not condition.asked, "whether a message was read is nobody's business"
    for days, answer in ((26, True), (30, False), (32, UnavailableError("away"))):
        condition.answer = answer
        await jump(stack, days, 10)
    for _ in range(12):
        stack.clock.advance(timedelta(minutes=5))
        await stack.tick()

    steps = [f"20261203-{number}" for number in (7, 3, 1)]
    outcomes = ["SENT", "CONDITION", "SENT"]
    assert await log(stack, id_) == [("unread", "SENT"), *zip(steps, outcomes, strict=True)]
    assert {asked for asked, _ in condition.asked} == {url}
    assert [one.step for _, one in condition.asked] == [*steps[:2], *[steps[2]] * FAILURES]
    own = await stack.call("read_reminders", path={"id": id_}, citizen=CITIZEN)
    assert "condition_url" not in own.body["policy"]
    await stack.app.close()
