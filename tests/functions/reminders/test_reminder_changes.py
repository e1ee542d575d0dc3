"""A change between the check of a reminder and its sending holds."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from functions.queues.notifications import send_email
from functions.queues.reminders import process_due_reminder
from infra.local.sandbox.seed import EMAIL_CITIZEN, SERVICE_ID
from lib.domain.shared.identifiers import MessageId, RptId
from lib.ports.payment_node import PaymentInfo
from lib.ports.queueing.items.notifications import ReminderDue
from lib.ports.queueing.names import EMAIL_REQUESTED
from lib.ports.senders.reminder_conditions import DueReminder
from lib.use_cases.reminders.process_due_reminder import FRESH_SECONDS
from tests.builders.altered import with_message
from tests.builders.identity import an_access
from tests.builders.payments import a_payment, tell
from tests.builders.profiles import with_profile
from tests.stack import Stack, take
from tests.stored import delivery_status, next_reminder, stored_message

RPT_ID: Final = "01234567890301000000000000017"
DUE: Final = "2026-12-03T22:59:59Z"
MORNING: Final = datetime(2026, 11, 26, 9, tzinfo=UTC)

type Change = Callable[[Stack, str], Awaitable[None]]


async def paid(stack: Stack, _: str) -> None:
    """Pay the notice."""
    await tell(stack, "PAID")


async def cancelled(stack: Stack, _: str) -> None:
    """Cancel the notice, as pagoPA does."""
    await tell(stack, "CANCELLED")


async def archived(stack: Stack, id_: str) -> None:
    """Archive the message."""
    body = {"change_type": "archiving", "is_archived": True}
    await stack.call("change_message_status", body, path={"id": id_}, citizen=EMAIL_CITIZEN)


async def opted_out(stack: Stack, _: str) -> None:
    """Switch all reminders off."""
    await with_profile(stack, EMAIL_CITIZEN, reminder_status="DISABLED")


async def switched_off(stack: Stack, _: str) -> None:
    """Switch the reminders of the service off."""
    flags = dict.fromkeys(("is_inbox_enabled", "is_email_enabled", "is_webhook_enabled"), True)
    body = {**flags, "is_reminder_enabled": False, "settings_version": 0}
    path = {"service_id": SERVICE_ID}
    reply = await stack.call("change_service_preference", body, path=path, citizen=EMAIL_CITIZEN)
    assert reply.status == 200


async def done(stack: Stack, id_: str) -> None:
    """Mark the matter as done."""
    await stack.app.reminders.change.finish(an_access(EMAIL_CITIZEN), MessageId(id_))


async def amended(stack: Stack, id_: str) -> None:
    """Change the due date of the message, without a new plan."""
    await with_message(stack, id_, EMAIL_CITIZEN, due_date="2026-12-20T22:59:59Z")


async def amended_and_planned(stack: Stack, id_: str) -> None:
    """Change the due date of the message, and plan its reminders again."""
    await amended(stack, id_)
    await stack.app.reminders.schedule(EMAIL_CITIZEN, MessageId(id_))


CHANGES: Final = (
    paid,
    cancelled,
    archived,
    opted_out,
    switched_off,
    done,
    amended,
    amended_and_planned,
)


class Asked:
    """A node and a sender's condition; `meanwhile` runs before the answer, which takes `takes`."""

    takes = FRESH_SECONDS + 0.1
    elapsed = 0.0
    meanwhile: Callable[[], Awaitable[None]] | None = None
    happened = False

    async def _happen(self) -> None:
        happening, self.meanwhile = self.meanwhile, None
        self.elapsed += self.takes
        if happening is not None:
            self.happened = True
            await happening()

    async def info(self, rpt_id: str) -> PaymentInfo:
        """Return that there is something to pay."""
        await self._happen()
        return PaymentInfo(rpt_id=RptId(rpt_id), amount=8450)

    async def allows(self, url: str, _: DueReminder) -> bool:
        """Allow the reminder."""
        assert url
        await self._happen()
        return True

    async def close(self) -> None:
        """Do nothing."""


async def notice(stack: Stack, **changes: Any) -> tuple[str, ReminderDue]:
    """Deliver a payment notice; return its id and the item of its first reminder."""
    content = {"due_date": DUE, "payment_data": a_payment()}
    id_ = await stack.deliver(fiscal_code=EMAIL_CITIZEN, content=content, **changes)
    stack.push.sent.clear()
    stack.mailer.sent.clear()
    return id_, await next_reminder(stack, id_, EMAIL_CITIZEN)


@pytest.mark.parametrize("who", ["node", "condition"])
@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_during_a_question_stops_the_reminder(
    tmp_path: Path, change: Change, who: str
) -> None:
    """The reminder is not sent, and the next one is planned where there is one."""
    asked = Asked()
    node = asked if who == "node" else None
    stack = await Stack(tmp_path, node=node, conditions=asked).start()
    stack.app.reminders.process_due.elapsed = lambda: asked.elapsed
    policy = {} if who == "node" else {"reminders": {"condition_url": "https://pa.example.org/"}}
    id_, item = await notice(stack, **policy)
    stack.clock.moment = MORNING
    asked.meanwhile = lambda: change(stack, id_)

    await process_due_reminder.consume(stack.app, item.text(), last=False)

    assert asked.happened
    assert not stack.push.sent
    assert not await take(stack.queue, EMAIL_REQUESTED)
    reminders = (await stored_message(stack, id_, EMAIL_CITIZEN)).reminders
    ends = change in {paid, cancelled, done}
    assert (reminders.next is None) is ends
    assert all(entry.outcome != "SENT" for entry in reminders.log)
    await stack.app.close()


async def test_a_quick_answer_leaves_the_facts_as_they_were_read(tmp_path: Path) -> None:
    """A change within two seconds comes too late, as one that comes right after the reading."""
    asked = Asked()
    asked.takes = FRESH_SECONDS
    stack = await Stack(tmp_path, node=asked).start()
    stack.app.reminders.process_due.elapsed = lambda: asked.elapsed
    id_, item = await notice(stack)
    stack.clock.moment = MORNING
    asked.meanwhile = lambda: archived(stack, id_)

    await process_due_reminder.consume(stack.app, item.text(), last=False)

    assert len(stack.push.sent) == 1
    await stack.app.close()


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_while_an_email_waits_stops_it(stack: Stack, change: Change) -> None:
    """A queued e-mail is checked again before it is sent."""
    id_, item = await notice(stack)
    stack.clock.moment = MORNING
    await process_due_reminder.consume(stack.app, item.text(), last=False)
    assert len(stack.push.sent) == 1
    (request,) = await take(stack.queue, EMAIL_REQUESTED)
    await change(stack, id_)
    stack.clock.advance(timedelta(minutes=1))

    await send_email.consume(stack.app, request.text, last=False)

    assert not stack.mailer.sent
    status = await delivery_status(stack, id_, "REMINDER-20261203-7-EMAIL", EMAIL_CITIZEN)
    assert status == "OBSOLETE"


async def test_an_unchanged_reminder_is_sent_by_both_channels(tmp_path: Path) -> None:
    """A reminder that nothing changed comes by push and by e-mail."""
    asked = Asked()
    stack = await Stack(tmp_path, node=asked, conditions=asked).start()
    id_, item = await notice(stack, reminders={"condition_url": "https://pa.example.org/"})
    stack.clock.moment = MORNING

    await process_due_reminder.consume(stack.app, item.text(), last=False)
    await stack.drain()

    assert [push.message_id for push in stack.push.sent] == [id_]
    assert [mail.message_id for mail in stack.mailer.sent] == [id_]
    await stack.app.close()
