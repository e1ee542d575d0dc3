"""A slow service (mail, push, payment node, a sender's condition) holds up no other."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from functions import CONSUMERS
from functions.queues.contract import Consumer
from functions.queues.notifications import send_email, send_notification
from functions.queues.reminders import process_due_reminder
from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN, LIMITED_SERVICE_ID
from lib.domain.shared.identifiers import MessageId, RptId
from lib.ports.errors import UnavailableError
from lib.ports.mailer import Mail
from lib.ports.payment_node import PaymentInfo
from lib.ports.push import PushNotification
from lib.ports.queueing.items import NotificationChannel, NotificationRequested, ReminderDue
from lib.ports.queueing.names import EMAIL_REQUESTED, NOTIFICATION_REQUESTED, REMINDER_DUE
from lib.ports.reminder_conditions import DueReminder
from lib.use_cases.payments import check_payment
from lib.use_cases.reminders import ask_condition, pace
from lib.use_cases.shared import breaker
from tests.builders.altered import with_message
from tests.builders.messages import submitted
from tests.builders.payments import a_payment
from tests.builders.profiles import with_profile
from tests.stack import Stack, take
from tests.stored import delivery_status, next_reminder

pytestmark = pytest.mark.slow

SLOTS: Final = 64
"""Items of one queue that an instance runs at a time, as host.json says."""
DUE: Final = "2026-12-03T22:59:59Z"
MORNING: Final = datetime(2026, 12, 2, 10, tzinfo=UTC)
"""Of the day before, whose reminders no daily number holds."""
HANGS: Final = 1.5
"""Seconds until a call that hangs is given up, in place of a neighbour's own time-out."""
SOON: Final = 0.75
"""Seconds: half of that, for all that does not concern the neighbour."""


class Hanging:
    """Whatever it is asked it does not answer."""

    def __init__(self) -> None:
        self.asked = 0

    async def _hang(self) -> None:
        self.asked += 1
        await asyncio.sleep(HANGS)
        raise UnavailableError("no answer")

    async def send(self, _: Mail | PushNotification) -> None:
        """Take a notification, and do not say so."""
        await self._hang()

    async def info(self, rpt_id: RptId) -> PaymentInfo:
        """Say nothing of a payment."""
        await self._hang()
        raise AssertionError(rpt_id)

    async def close(self) -> None:
        """Hold nothing."""


class Conditions:
    """Some senders' own systems hang, the others allow everything."""

    def __init__(self) -> None:
        self.asked = 0

    async def allows(self, url: str, _: DueReminder) -> bool:
        """Answer."""
        if "hangs" in url:
            self.asked += 1
            await asyncio.sleep(HANGS)
            raise UnavailableError("no answer")
        return True

    async def close(self) -> None:
        """Hold nothing."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail where it took longer; a machine that is busy with others is given the same again."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 2 * seconds


async def notices(stack: Stack, count: int, **changes: Any) -> list[ReminderDue]:
    """Deliver messages with a due date; return the items of their first reminders."""
    items = []
    for _ in range(count):
        id_ = await stack.submit(**changes)
        citizen = changes.get("fiscal_code", CITIZEN)
        await stack.app.messages.fan_out(submitted(id_, citizen))
        items.append(await next_reminder(stack, id_, citizen))
    for queue in ("message-submitted", NOTIFICATION_REQUESTED, EMAIL_REQUESTED):
        while taken := await take(stack.queue, queue):
            for item in taken:
                await stack.queue.delete(queue, item)
    return items


async def run(stack: Stack, consumer: Consumer[Any], items: list[Any]) -> None:
    """Run items as an instance does: SLOTS at a time, in their order."""
    slots = asyncio.Semaphore(SLOTS)

    async def one(item: Any) -> None:
        async with slots:
            await consumer.consume(stack.app, item.text(), last=False)

    await asyncio.gather(*map(one, items))


async def test_a_mail_server_that_hangs_holds_up_no_reminder(tmp_path: Path) -> None:
    """Reminders are pushed while the mail server hangs, since e-mails have their own queue."""
    mailer = Hanging()
    stack = await Stack(tmp_path, mailer=mailer).start()
    content = {"due_date": DUE}
    items = await notices(stack, SLOTS, fiscal_code=EMAIL_CITIZEN, content=content)
    items += await notices(stack, 4, content=content)
    stack.clock.moment = MORNING

    with within(SOON):
        await run(stack, process_due_reminder, items)

    assert mailer.asked == 0
    assert await stack.queue.length(REMINDER_DUE) == 0
    pushed = {push.message_id for push in stack.push.sent}
    assert {item.message_id for item in items if item.fiscal_code == CITIZEN} <= pushed
    assert await stack.queue.length(EMAIL_REQUESTED) == SLOTS
    assert await stack.queue.length(NOTIFICATION_REQUESTED) == 0
    await stack.app.close()


@pytest.mark.parametrize(
    ("service", "channel", "consumer", "queue"),
    [
        ("mailer", "EMAIL", send_email, EMAIL_REQUESTED),
        ("push", "PUSH", send_notification, NOTIFICATION_REQUESTED),
    ],
)
async def test_a_service_that_hangs_is_asked_by_few(
    tmp_path: Path, service: str, channel: str, consumer: Consumer[Any], queue: str
) -> None:
    """After the first time-outs the other notifications wait in their queue, unclaimed."""
    hanging = Hanging()
    override: dict[str, Any] = {service: hanging}
    stack = await Stack(tmp_path, **override).start()
    await with_profile(stack, EMAIL_CITIZEN, max_daily_notifications=50)
    for _ in range(9):
        id_ = await stack.submit(fiscal_code=EMAIL_CITIZEN)
        await stack.app.messages.fan_out(submitted(id_, EMAIL_CITIZEN))
    first = await take(stack.queue, queue)
    texts = [NotificationRequested.model_validate_json(one.text) for one in first]
    await run(stack, consumer, texts[: breaker.FAILURES])

    with within(SOON):
        await run(stack, consumer, texts[breaker.FAILURES :])

    assert hanging.asked == breaker.FAILURES
    for one in texts[breaker.FAILURES :]:
        assert await delivery_status(stack, one.message_id, f"MESSAGE-{channel}") == "RELEASED"
    await stack.app.close()


@pytest.mark.parametrize("channel", get_args(NotificationChannel))
async def test_each_channel_has_a_queue_of_its_own(
    stack: Stack, channel: NotificationChannel
) -> None:
    """Each notification goes to the queue of its channel, so that no channel waits for another."""
    found: dict[str, set[str]] = {}
    for one in (channel, *get_args(NotificationChannel)):
        request = NotificationRequested(
            fiscal_code=CITIZEN, message_id=MessageId("M"), kind="MESSAGE", channel=one
        )
        await stack.app.notifications.request([request])
    for consumer in CONSUMERS:
        for item in await take(stack.queue, consumer.queue):
            of = NotificationRequested.model_validate_json(item.text).channel
            found.setdefault(consumer.queue, set()).add(of)

    assert sorted(found.values(), key=str) == sorted(
        ({one} for one in get_args(NotificationChannel)), key=str
    )


async def test_an_e_mail_of_an_older_version_moves_to_its_queue(stack: Stack) -> None:
    """An e-mail that an older version put into the queue of pushes moves to its own queue."""
    id_ = await stack.submit(fiscal_code=EMAIL_CITIZEN)
    await stack.app.messages.fan_out(submitted(id_, EMAIL_CITIZEN))
    (item,) = await take(stack.queue, EMAIL_REQUESTED)
    await stack.queue.delete(EMAIL_REQUESTED, item)

    await send_notification.consume(stack.app, item.text, last=False)

    assert not stack.mailer.sent
    (moved,) = await take(stack.queue, EMAIL_REQUESTED)
    assert moved.text == item.text


async def test_a_push_service_that_hangs_holds_up_few_reminders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once some pushes are slow, the others wait in their own queue."""
    monkeypatch.setattr(pace, "SLOW_SECONDS", 0.05)
    push = Hanging()
    stack = await Stack(tmp_path, push=push).start()
    items = await notices(stack, 20, content={"due_date": DUE})
    stack.clock.moment = MORNING
    hanging = [
        asyncio.create_task(run(stack, process_due_reminder, [one]))
        for one in items[: pace.AT_MOST]
    ]
    await asyncio.sleep(0.3)
    assert push.asked == pace.AT_MOST

    with within(SOON):
        await run(stack, process_due_reminder, items[pace.AT_MOST :])

    assert push.asked == pace.AT_MOST
    assert await stack.queue.length(NOTIFICATION_REQUESTED) == 20 - pace.AT_MOST
    await asyncio.gather(*hanging)
    await stack.app.close()


async def test_a_node_that_hangs_holds_up_no_reminder_without_a_payment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reminders without a payment are sent while many others wait for the node."""
    monkeypatch.setattr(check_payment, "PLACE_SECONDS", 0.1)
    node = Hanging()
    stack = await Stack(tmp_path, node=node).start()
    asking = []
    for number in range(SLOTS):
        payment = a_payment(notice_number=f"301{number:015}")
        asking += await notices(stack, 1, content={"due_date": DUE, "payment_data": payment})
    others = await notices(stack, 8, content={"due_date": DUE})
    stack.clock.moment = MORNING
    waiting = asyncio.create_task(run(stack, process_due_reminder, [*asking, *others]))
    ids = {one.message_id for one in others}

    with within(SOON):
        while not ids <= {push.message_id for push in stack.push.sent}:
            assert not waiting.done()
            await asyncio.sleep(0.01)

    await waiting
    assert node.asked <= check_payment.AT_ONCE
    await stack.app.close()


async def test_a_condition_that_hangs_holds_up_no_other_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quota of conditions is the service's, whatever addresses it names."""
    monkeypatch.setattr(ask_condition, "PLACE_SECONDS", 0.1)
    conditions = Conditions()
    stack = await Stack(tmp_path, conditions=conditions).start()
    items = []
    for number in range(SLOTS):
        policy = {"condition_url": f"https://hangs-{number}.example.org/due"}
        items += await notices(stack, 1, content={"due_date": DUE}, reminders=policy)
    policy = {"condition_url": "https://answers.example.org/due"}
    others = await notices(stack, 8, content={"due_date": DUE}, reminders=policy)
    for one in others:
        await with_message(stack, one.message_id, sender_service_id=LIMITED_SERVICE_ID)
    stack.clock.moment = MORNING
    waiting = asyncio.create_task(run(stack, process_due_reminder, [*items, *others]))
    ids = {one.message_id for one in others}

    with within(SOON):
        while not ids <= {push.message_id for push in stack.push.sent}:
            assert not waiting.done()
            await asyncio.sleep(0.01)

    await waiting
    assert conditions.asked <= ask_condition.AT_ONCE
    await stack.app.close()


async def test_items_of_an_outage_come_back_spread_over_time(tmp_path: Path) -> None:
    """Items come back between three quarters of the delay and all of it."""
    stack = await Stack(tmp_path, push=Hanging()).start()
    id_ = await stack.submit()
    items = [
        NotificationRequested(
            fiscal_code=CITIZEN,
            message_id=id_,
            kind="MESSAGE",
            channel="PUSH",
            step=str(number),
            attempt=40,
            first_seen=stack.clock.moment.timestamp(),
        )
        for number in range(40)
    ]
    await run(stack, send_notification, items)
    seen = []
    for _ in range(13):
        stack.clock.advance(timedelta(seconds=50))
        seen.append(0)
        while taken := await take(stack.queue, NOTIFICATION_REQUESTED):
            seen[-1] += len(taken)
            for item in taken:
                await stack.queue.delete(NOTIFICATION_REQUESTED, item)

    assert sum(seen[:8]) == 0
    assert sum(seen[:12]) == len(items)
    assert max(seen) < len(items)
    await stack.app.close()
