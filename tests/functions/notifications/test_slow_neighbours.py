"""A slow service (mail, push, payment node, a sender's condition) holds up no other."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from functions.queues.contract import Consumer
from functions.queues.messages import fan_out_message
from functions.queues.reminders import process_due_reminder
from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN, LIMITED_SERVICE_ID
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.notifications import ReminderDue
from lib.ports.queueing.names import EMAIL_REQUESTED, NOTIFICATION_REQUESTED, REMINDER_DUE
from lib.ports.senders.reminder_conditions import DueReminder
from lib.use_cases.notifications import pace
from lib.use_cases.payments import check_payment
from lib.use_cases.reminders import ask_condition
from tests.builders.altered import with_message
from tests.builders.messages import submitted
from tests.builders.payments import a_payment
from tests.doubles.slow_push import queue_pushes
from tests.functions.notifications.hanging import HANGS, SLOTS, SOON, Hanging, run, within
from tests.stack import Stack, take
from tests.stored import next_reminder

pytestmark = pytest.mark.slow


DUE: Final = "2026-12-03T22:59:59Z"


MORNING: Final = datetime(2026, 12, 2, 10, tzinfo=UTC)
"""Of the day before, whose reminders no daily number holds."""


class Conditions:
    """Senders' systems: those whose address has "hangs" never answer, the others allow."""

    def __init__(self) -> None:
        self.asked = 0

    async def allows(self, url: str, _: DueReminder) -> bool:
        """Return True, or do not answer."""
        if "hangs" in url:
            self.asked += 1
            await asyncio.sleep(HANGS)
            raise UnavailableError("no answer")
        return True

    async def close(self) -> None:
        """Do nothing."""


async def notices(stack: Stack, count: int, **changes: Any) -> list[ReminderDue]:
    """Deliver messages with a due date; return the items of their first reminders."""
    items = []
    queue_pushes(stack.app)
    for _ in range(count):
        id_ = await stack.submit(**changes)
        citizen = changes.get("fiscal_code", CITIZEN)
        await stack.app.messages.fan_out(submitted(id_, citizen))
        items.append(await next_reminder(stack, id_, citizen))
    for queue in ("message-submitted", NOTIFICATION_REQUESTED, EMAIL_REQUESTED):
        while taken := await take(stack.queue, queue):
            for item in taken:
                await stack.queue.delete(queue, item)
    stack.app.notifications.at_once.pace = pace.Pace()
    return items


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


async def few_hang(stack: Stack, consumer: Consumer[Any], items: list[Any], push: Hanging) -> None:
    """Run items whose pushes hang: only the first are held up, and the other pushes are queued."""
    hanging = [asyncio.create_task(run(stack, consumer, [one])) for one in items[: pace.AT_MOST]]
    await asyncio.sleep(0.3)
    assert push.asked == pace.AT_MOST

    with within(SOON):
        await run(stack, consumer, items[pace.AT_MOST :])

    assert push.asked == pace.AT_MOST
    assert await stack.queue.length(NOTIFICATION_REQUESTED) == len(items) - pace.AT_MOST
    await asyncio.gather(*hanging)


async def test_a_push_service_that_hangs_holds_up_few_reminders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once some pushes are slow, the others wait in their own queue."""
    monkeypatch.setattr(pace, "SLOW_SECONDS", 0.05)
    push = Hanging()
    stack = await Stack(tmp_path, push=push).start()
    items = await notices(stack, 20, content={"due_date": DUE})
    stack.clock.moment = MORNING

    await few_hang(stack, process_due_reminder, items, push)

    await stack.app.close()


async def test_a_push_service_that_hangs_holds_up_few_messages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All messages arrive, and the pushes of the others wait in their queue."""
    monkeypatch.setattr(pace, "SLOW_SECONDS", 0.05)
    push = Hanging()
    stack = await Stack(tmp_path, push=push).start()
    items = [submitted(await stack.submit()) for _ in range(20)]

    await few_hang(stack, fan_out_message, items, push)

    inbox = await stack.call("list_inbox", query={"page_size": "50"}, citizen=CITIZEN)
    assert len(inbox.body["items"]) == len(items)
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
    assert node.asked <= check_payment.MAX_CONCURRENT
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
    assert conditions.asked <= ask_condition.MAX_CONCURRENT
    await stack.app.close()
