"""How many operations each path may cost (design, section 5): at the ports, and on the wire."""

import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.queues.devices import sync_push_registrations
from functions.queues.messages import fan_out_message, update_payment_status
from functions.queues.notifications import send_digest, send_email, send_notification
from functions.queues.profiles import send_validation_email
from functions.queues.reminders import process_due_reminder
from functions.queues.statistics import count_sender_event
from functions.timers.scheduling import dispatch_due
from infra.local.emulators.database import prepare
from infra.local.emulators.processes import Emulators
from infra.local.sandbox.seed import (
    CITIZEN,
    EMAIL_CITIZEN,
    MANAGE_KEY,
    PAYMENTS_KEY,
    SERVICE_ID,
    seed,
)
from lib.composition.app import build_app
from lib.composition.stacks import embedded_ports
from lib.ports.queue import QueueItem
from lib.ports.queueing.items import DigestDue, SenderEvent
from lib.ports.queueing.names import (
    EMAIL_ADDRESS_CHANGED,
    EMAIL_REQUESTED,
    EMAIL_VALIDATION_REQUESTED,
    INSTALLATION_CHANGED,
    MESSAGE_SUBMITTED,
    NOTIFICATION_REQUESTED,
    PAYMENT_UPDATED,
    REMINDER_DUE,
)
from lib.repositories.scheduling.schedule import SHARDS, Schedule
from tests.builders.messages import a_message
from tests.builders.payment_notices import INSTALMENTS, a_notice, an_amendment
from tests.builders.payment_notices import RPT_ID as NOTICE_RPT_ID
from tests.builders.payments import PAYEE, RPT_ID, a_payment
from tests.builders.settings import settings_for, settings_of
from tests.doubles.azure_proxy import AzureProxy
from tests.doubles.channels import KeptDevices
from tests.doubles.clock import START
from tests.doubles.counting import Counting
from tests.stack import Reply, Stack, clear, take

DUE_DATE = "2027-06-30T21:59:59Z"
PAYABLE = {"payment_data": a_payment()}


class CountedStack(Stack):
    """A stack of which `documents` and `queues` count the operations since `reset`."""

    def __init__(self, folder: Path, documents: Counter[str], queues: Counter[str]) -> None:
        super().__init__(folder)
        self.documents = documents
        self.queues = queues

    def reset(self) -> None:
        """Count from here."""
        self.documents.clear()
        self.queues.clear()


@asynccontextmanager
async def counted_at_the_ports(folder: Path) -> AsyncIterator[CountedStack]:
    """Give the embedded stack behind ports that count."""
    stack = CountedStack(folder, Counter(), Counter())
    ports = embedded_ports(settings_for(folder), stack.clock)
    stack.app = build_app(
        settings_for(folder),
        clock=stack.clock,
        push=stack.push,
        mailer=stack.mailer,
        devices=KeptDevices(),
        store=Counting(ports.store, stack.documents),
        queue=Counting(ports.queue, stack.queues),
    )
    yield stack
    await stack.app.close()


@asynccontextmanager
async def counted_on_the_wire(folder: Path, emulators: Emulators) -> AsyncIterator[CountedStack]:
    """Give the azure stack behind proxies that count requests."""
    async with (
        AzureProxy(emulators.ports.cosmos) as cosmos,
        AzureProxy(emulators.ports.queue) as queue,
    ):
        stack = CountedStack(folder, cosmos.calls, queue.calls)
        at = replace(emulators.ports, cosmos=cosmos.port, queue=queue.port)
        database = f"budgets-{secrets.token_hex(6)}"
        settings = settings_for(
            folder, **{**settings_of(emulators, at), "cosmos_database": database}
        )
        await prepare(settings)
        stack.app = build_app(
            settings,
            clock=stack.clock,
            push=stack.push,
            mailer=stack.mailer,
            devices=KeptDevices(),
        )
        # of another test, or of an earlier run
        await clear(stack.queue)
        yield stack
        await stack.app.close()


@pytest.fixture(params=["ports", "wire"])
async def counted(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[CountedStack]:
    """Give a warm stack: sender and service are remembered, connections are open."""
    stack = (
        counted_at_the_ports(tmp_path)
        if request.param == "ports"
        else counted_on_the_wire(tmp_path, request.getfixturevalue("emulators"))
    )
    async with stack as warm:
        await seed(warm.app)
        id_ = await warm.deliver()
        await warm.call("list_inbox", citizen=CITIZEN)
        await register(warm, "RSSMRA80A01H501U")
        await warm.call(
            "update_profile", {"version": 0, "email": "a@example.org"}, citizen="RSSMRA80A01H501U"
        )
        await warm.call("request_email_validation", citizen="RSSMRA80A01H501U")
        await warm.call("read_message", path={"id": id_}, citizen=CITIZEN)
        await warm.call("submit_message", a_message(), headers={"idempotency-key": "warm"})
        await warm.call("read_service_preference", path={"service_id": SERVICE_ID}, citizen=CITIZEN)
        await warm.deliver(
            content={"due_date": DUE_DATE, "payment_data": a_payment(notice_number="3" * 18)}
        )
        await update_payment(warm, f"{PAYEE}{'3' * 18}")
        await warm.drain()
        # the emulator's queues come into being with their first item
        for queue in (REMINDER_DUE, EMAIL_REQUESTED, EMAIL_ADDRESS_CHANGED):
            await warm.queue.put(queue, "warm")
        await clear(warm.queue)
        await warm.call("read_reminder_policy", key=MANAGE_KEY)
        warm.mailer.sent.clear()
        # where the checkpoint of the schedule is, which is read once a minute
        await Schedule(warm.store)._left_behind(START, START)
        warm.reset()
        yield warm


async def register(stack: Stack, citizen: str = CITIZEN) -> None:
    """Register a citizen's device."""
    reply = await stack.call(
        "register_installation",
        {"platform": "apns", "pushChannel": f"channel-{citizen}"},
        path={"installation_id": "one"},
        citizen=citizen,
    )
    assert reply.status == 200


async def test_submit_warm(counted: CountedStack) -> None:
    """1 create, 1 put."""
    await counted.submit()

    assert counted.documents == {"create": 1}
    assert counted.queues == {"put": 1}


async def test_submit_what_asks_for_a_payment(counted: CountedStack) -> None:
    """1 point read, of the payment, 1 create, 1 put."""
    await counted.submit(content=PAYABLE)

    assert counted.documents == {"read": 1, "create": 1}
    assert counted.queues == {"put": 1}


async def test_check_a_recipient(counted: CountedStack) -> None:
    """2 point reads."""
    reply = await counted.call("read_recipient", path={"fiscal_code": CITIZEN})

    assert reply.status == 200
    assert counted.documents == {"read": 2}
    assert not counted.queues


async def test_submit_with_an_idempotency_key(counted: CountedStack) -> None:
    """2 creates, 1 put."""
    reply = await counted.call("submit_message", a_message(), headers={"idempotency-key": "k"})

    assert reply.status == 201
    assert counted.documents == {"create": 2}
    assert counted.queues == {"put": 1}


async def test_fan_out(counted: CountedStack) -> None:
    """3 point reads, 1 patch, 1 put."""
    await fan_out(counted, {})

    assert counted.documents == {"read": 3, "patch": 1}
    assert counted.queues == {"put": 1}


async def test_fan_out_with_a_payment(counted: CountedStack) -> None:
    """1 create, 1 put more; where another message has the notice, a read and a replace besides.

    With a due date 1 upsert more.
    """
    content = {"due_date": DUE_DATE, "payment_data": a_payment()}
    await fan_out(counted, content)
    assert counted.documents == {"read": 3, "create": 1, "upsert": 1, "patch": 1}
    assert counted.queues == {"put": 2}

    await fan_out(counted, content)
    assert counted.documents == {"read": 4, "create": 1, "replace": 1, "upsert": 1, "patch": 1}
    assert counted.queues == {"put": 2}


async def test_a_tick_with_nothing_due(counted: CountedStack) -> None:
    """A query for each shard, and 1 read of how far the ticks have come; none of a queue."""
    await dispatch_due.tick(counted.app)
    # past the full hour, after which the one before is never looked at again
    for minutes in (55, 5):
        counted.clock.advance(timedelta(minutes=minutes))
        await dispatch_due.tick(counted.app)
    counted.reset()
    counted.clock.advance(timedelta(minutes=5))

    await dispatch_due.tick(counted.app)

    assert counted.documents == {"query": SHARDS, "read": 1}
    assert counted.queues == {}


async def test_a_reminder(counted: CountedStack) -> None:
    """1 put and 1 batch when it is due; then 4 point reads, 1 upsert and 1 patch.

    The payment node is asked, and what is read is read once more after its answer.
    Its push, which is sent at once, is 1 create and 1 patch more. With a payment it is counted
    for its sender, which is 1 batch.
    """
    counted.clock.moment = datetime(2027, 3, 23, 5, tzinfo=UTC)
    await dispatch_due.tick(counted.app)
    await counted.drain()
    await counted.deliver(content={"due_date": "2027-03-24T22:59:59Z", "payment_data": a_payment()})
    counted.clock.moment = datetime(2027, 3, 23, 9, 5, tzinfo=UTC)
    counted.reset()
    await dispatch_due.tick(counted.app)
    (item,) = await take(counted.queue, REMINDER_DUE)
    assert (counted.documents["batch"], counted.queues["put"]) == (1, 1)
    counted.reset()

    await process_due_reminder.consume(counted.app, item.text, last=False)

    assert counted.documents == {"read": 8, "create": 1, "upsert": 1, "patch": 2, "batch": 1}
    assert counted.queues == {}


async def fan_out(counted: CountedStack, content: dict[str, Any]) -> None:
    """Count the fan-out of a message."""
    await counted.submit(content=content)
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    counted.reset()
    await fan_out_message.consume(counted.app, item.text, last=False)


async def test_a_payment_update_and_its_mark(counted: CountedStack) -> None:
    """1 read, 1 replace, 1 put; then 1 read, and 1 patch and 1 put for each message."""
    await counted.deliver(content={"payment_data": a_payment()})
    counted.reset()

    await update_payment(counted, RPT_ID)
    assert counted.documents == {"read": 1, "replace": 1}
    assert counted.queues == {"put": 1}
    (item,) = await take(counted.queue, PAYMENT_UPDATED)
    counted.reset()

    await update_payment_status.consume(counted.app, item.text, last=False)

    assert counted.documents == {"read": 1, "patch": 1}
    assert counted.queues == {"put": 1}


async def test_count_an_event(counted: CountedStack) -> None:
    """1 batch, refused where it comes again; the day's first in its part costs 3 operations."""
    values = {"service_id": SERVICE_ID, "message_id": "M", "day": "2027-01-01"}
    noted_at = "2026-11-23T09:00:00.000Z"
    for event, documents in (
        ("REACHED", {"batch": 2, "create": 1}),
        ("READ", {"batch": 1}),
        ("READ", {"batch": 1}),
    ):
        counted.reset()
        item = SenderEvent.model_validate({**values, "event": event, "noted_at": noted_at})
        await count_sender_event.consume(counted.app, item.text(), last=False)
        assert counted.documents == documents
    assert counted.queues == {}


@pytest.mark.parametrize("name", ["read_payment_statistics", "read_payment_statistics_csv"])
async def test_payment_statistics_of_a_year(counted: CountedStack, name: str) -> None:
    """8 queries, one for each part, whatever the period."""
    for query in ({"from": "2026-01-01", "to": "2027-01-01"}, {}):
        counted.reset()
        reply = await counted.call(name, query=query)

        assert reply.status == 200
        assert counted.documents == {"query": 8}
        assert counted.queues == {}


async def update_payment(counted: CountedStack, rpt_id: str) -> None:
    """Tell that it was paid."""
    update = {"event_id": "e", "occurred_at": "2026-11-23T09:00:00Z", "outcome": "PAID"}
    reply = await counted.call("update_payment", update, path={"rpt_id": rpt_id}, key=PAYMENTS_KEY)
    assert reply.status == 200


async def test_payment_status_for_the_sender_and_info_for_the_citizen(
    counted: CountedStack,
) -> None:
    """Each is 1 point read, the sender's beside those of the read status."""
    content = {"payment_data": a_payment()}
    id_ = await counted.deliver(content=content, feature_level_type="ADVANCED")
    counted.reset()

    sent = await counted.call("read_sent_message", path={"fiscal_code": CITIZEN, "id": id_})
    assert sent.body["payment_status"] == "NOT_PAID"
    assert counted.documents == {"read": 4}
    counted.reset()

    info = await counted.call("read_payment_info", path={"rptId": RPT_ID}, citizen=CITIZEN)
    assert info.status == 200
    assert counted.documents == {"read": 1}


async def test_a_payment_notice(counted: CountedStack) -> None:
    """2 point reads, 2 creates, 1 put; its fan-out as any other's; the same again sends nothing."""
    first = await send_notice(counted)
    assert first.status == 201
    assert counted.documents == {"read": 2, "create": 2}
    assert counted.queues == {"put": 1}
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    counted.reset()

    await fan_out_message.consume(counted.app, item.text, last=False)
    assert counted.documents == {"read": 3, "create": 1, "upsert": 1, "patch": 1}
    counted.reset()

    again = await send_notice(counted)
    assert again.status == 200
    assert counted.documents == {"read": 4, "create": 1}
    assert counted.queues == {}


async def test_an_amended_and_a_cancelled_notice(counted: CountedStack) -> None:
    """4 reads, 2 replaces, 1 patch, and 2 reads, 1 upsert and 1 patch to plan its reminders anew.

    Read back, 3 reads; cancelled, 6 reads, 2 replaces, 1 put;
    reopened, 10 reads, 3 replaces, 1 upsert, 2 patches, 1 put.
    """
    await send_notice(counted)
    await counted.drain()
    path = {"rpt_id": NOTICE_RPT_ID}
    counted.reset()

    await counted.call("amend_payment_notice", an_amendment(amount_cents=9000), path=path)
    assert counted.documents == {"read": 6, "replace": 2, "upsert": 1, "patch": 2}
    assert counted.queues == {}
    counted.reset()

    await counted.call("read_sent_notice", path=path)
    assert counted.documents == {"read": 3}
    counted.reset()

    reply = await counted.call("cancel_payment_notice", path=path)
    assert reply.status == 200
    assert counted.documents == {"read": 6, "replace": 2}
    assert counted.queues == {"put": 1}
    await counted.drain()
    counted.reset()

    reply = await counted.call("reopen_payment_notice", path=path)
    assert reply.status == 200
    assert counted.documents == {"read": 10, "replace": 3, "upsert": 1, "patch": 2}
    assert counted.queues == {"put": 1}


async def test_a_notice_in_instalments(counted: CountedStack) -> None:
    """A read, 2 creates, 1 upsert more for each later one; 5 reads, 2 writes, 1 put to send it."""
    await send_notice(counted, a_notice(instalments=list(INSTALMENTS)))
    assert counted.documents == {"read": 5, "create": 8, "upsert": 3}
    assert counted.queues == {"put": 1}
    late, near, _ = (f"{PAYEE}{one['notice_number']}" for one in INSTALMENTS)
    counted.clock.advance(timedelta(days=190))
    assert not await counted.app.payment_notices.submit_instalment(late)
    counted.reset()

    assert await counted.app.payment_notices.submit_instalment(near)
    assert counted.documents == {"read": 5, "replace": 1, "create": 1}
    assert counted.queues == {"put": 1}


async def send_notice(counted: CountedStack, notice: dict[str, Any] | None = None) -> Reply:
    """Send a payment notice."""
    return await counted.call("submit_payment_notice", notice or a_notice())


async def test_fan_out_that_rejects(counted: CountedStack) -> None:
    """The same, with nothing to announce."""
    await counted.submit(fiscal_code="NOPROF00A00A000A")
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    counted.reset()

    await fan_out_message.consume(counted.app, item.text, last=False)

    assert counted.documents == {"read": 3, "patch": 1}
    assert counted.queues == {}


async def test_notify(counted: CountedStack) -> None:
    """1 point read, 1 create to claim, 1 patch to settle; 1 read, 1 write of the day's number."""
    await counted.submit()
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    await fan_out_message.consume(counted.app, item.text, last=False)
    (request,) = await take(counted.queue, NOTIFICATION_REQUESTED)
    counted.reset()

    await send_notification.consume(counted.app, request.text, last=False)

    assert counted.documents == {"read": 2, "replace": 1, "create": 1, "patch": 1}
    assert counted.queues == {}


async def test_a_second_channel(counted: CountedStack) -> None:
    """The verdict of the first is read, not written again."""
    await counted.submit(fiscal_code=EMAIL_CITIZEN)
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    await fan_out_message.consume(counted.app, item.text, last=False)
    (mail,), (push,) = await drained(counted, EMAIL_REQUESTED), await drained(counted)
    await send_email.consume(counted.app, mail.text, last=False)
    counted.reset()

    await send_notification.consume(counted.app, push.text, last=False)

    assert counted.documents == {"read": 2, "create": 1, "patch": 1}
    assert counted.queues == {}


async def test_a_notification_that_is_held_and_the_digest(counted: CountedStack) -> None:
    """Held: as sent, 1 read and 1 upsert more for the first. Digest: 3 reads, 1 replace, 1 put.

    For each message beyond the first it is 1 read more.
    """
    body = {"version": 0, "max_daily_notifications": 0}
    await counted.call("update_profile", body, citizen=CITIZEN)
    for reads, upserts in ((3, {"upsert": 1}), (2, {})):
        await counted.submit()
        (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
        await fan_out_message.consume(counted.app, item.text, last=False)
        (request,) = await take(counted.queue, NOTIFICATION_REQUESTED)
        counted.reset()
        await send_notification.consume(counted.app, request.text, last=False)
        assert counted.documents == {
            "read": reads,
            "replace": 1,
            "create": 1,
            "patch": 1,
            **upserts,
        }
        assert counted.queues == {}
    counted.clock.moment = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
    counted.reset()

    digest = DigestDue(fiscal_code=CITIZEN, day="2026-11-23")
    await send_digest.consume(counted.app, digest.text(), last=False)

    assert counted.documents == {"read": 4, "replace": 1}
    assert counted.queues == {"put": 1}


async def test_an_email(counted: CountedStack) -> None:
    """Fan-out: 1 put more. The e-mail: 2 point reads more than a push, of what holds by then."""
    await counted.submit(fiscal_code=EMAIL_CITIZEN)
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    counted.reset()
    await fan_out_message.consume(counted.app, item.text, last=False)
    assert counted.documents == {"read": 3, "patch": 1}
    assert counted.queues == {"put": 2}

    (request,) = await drained(counted, EMAIL_REQUESTED)
    counted.reset()

    await send_email.consume(counted.app, request.text, last=False)

    assert len(counted.mailer.sent) == 1
    # the first of the citizen's day
    assert counted.documents == {"read": 4, "create": 2, "patch": 1}
    assert counted.queues == {}


async def drained(counted: CountedStack, queue: str = NOTIFICATION_REQUESTED) -> list[QueueItem]:
    """Take all requests of a channel, however many an engine gives at once."""
    taken: list[QueueItem] = []
    while items := await take(counted.queue, queue):
        taken += items
    return taken


async def test_leave_by_a_link(counted: CountedStack) -> None:
    """A look costs nothing; a service: 2 point reads, 1 create; all: 1 point read, 1 replace."""
    await counted.deliver(fiscal_code=EMAIL_CITIZEN)
    (mail,) = counted.mailer.sent
    lines = [line for line in mail.text.splitlines() if "/unsubscribe/" in line]
    expected = [{"read": 2, "create": 1}, {"read": 1, "replace": 1}]
    for line, documents in zip(lines, expected, strict=True):
        path = {"token": line.rpartition("/")[2]}
        counted.reset()
        assert (await counted.call("show_unsubscribe", path=path, key=None)).status == 200
        assert counted.documents == {}

        assert (await counted.call("do_unsubscribe", path=path, key=None)).status == 200

        assert counted.documents == documents
        assert counted.queues == {}


async def test_validate_an_address(counted: CountedStack) -> None:
    """Asked for: 3 reads, 2 writes, 1 put; sent: 1 read, 1 claim; done: 1 read, 2 writes."""
    body = {"version": 0, "email": "new@example.org"}
    await counted.call("update_profile", body, citizen=EMAIL_CITIZEN)
    counted.reset()

    await counted.call("request_email_validation", citizen=EMAIL_CITIZEN)
    assert counted.documents == {"read": 3, "create": 1, "patch": 1}
    assert counted.queues == {"put": 1}
    (item,) = await take(counted.queue, EMAIL_VALIDATION_REQUESTED)
    counted.reset()

    await send_validation_email.consume(counted.app, item.text, last=False)
    assert counted.documents == {"read": 1, "create": 1, "patch": 1}
    assert counted.queues == {}
    (mail,) = counted.mailer.sent
    (line,) = (line for line in mail.text.splitlines() if "/validate/" in line)
    counted.reset()

    path = {"token": line.rpartition("/")[2]}
    assert (await counted.call("do_validate_email", path=path, key=None)).status == 200
    assert counted.documents == {"read": 1, "create": 1, "patch": 1}
    assert counted.queues == {}
    counted.reset()

    assert (await counted.call("do_validate_email", path=path, key=None)).status == 200
    assert counted.documents == {"read": 1}


async def test_change_a_validated_address(counted: CountedStack) -> None:
    """3 reads, 1 replace; 1 delete where it has a claim; 1 put. The same address costs nothing."""
    claimed = await counted.call("read_profile", citizen=EMAIL_CITIZEN)
    assert counted.documents == {"read": 1, "create": 1, "patch": 1}
    counted.reset()

    body = {"version": 0, "email": claimed.body["email"]}
    assert (await counted.call("update_profile", body, citizen=EMAIL_CITIZEN)).status == 200
    assert counted.documents == {"read": 1, "replace": 1}
    counted.reset()

    body = {"version": 1, "email": "new@example.org"}
    assert (await counted.call("update_profile", body, citizen=EMAIL_CITIZEN)).status == 200
    assert counted.documents == {"read": 3, "replace": 1, "delete": 1}
    assert counted.queues == {"put": 1}
    counted.reset()

    await counted.call("read_profile", citizen=EMAIL_CITIZEN)
    assert counted.documents == {"read": 2}


@pytest.mark.parametrize("enrich", ["true", "false"])
async def test_inbox_page_of_20(counted: CountedStack, enrich: str) -> None:
    """1 query, nothing per message."""
    for _ in range(25):
        await counted.submit()
    await counted.drain()
    counted.reset()

    reply = await counted.call(
        "list_inbox",
        query={"page_size": "20", "enrich_result_data": enrich},
        citizen=CITIZEN,
    )

    assert len(reply.body["items"]) == 20
    assert counted.documents == {"query": 1}
    assert counted.queues == {}


async def test_read_one_message(counted: CountedStack) -> None:
    """1 point read."""
    id_ = await counted.deliver()
    counted.reset()

    await counted.call("read_message", path={"id": id_}, citizen=CITIZEN)

    assert counted.documents == {"read": 1}


@pytest.mark.parametrize(
    "paper",
    ["read_payment_qr_svg", "read_payment_qr_png", "read_payment_notice", "read_calendar_entry"],
)
async def test_take_something_away(counted: CountedStack, paper: str) -> None:
    """2 point reads: the message may lag its payment."""
    content = {"due_date": "2027-06-30T21:59:59Z", "payment_data": a_payment()}
    id_ = await counted.deliver(content=content)
    counted.reset()

    reply = await counted.call(paper, path={"id": id_}, citizen=CITIZEN)

    assert reply.status == 200
    assert counted.documents == {"read": 2}
    assert counted.queues == {}


async def test_take_a_receipt(counted: CountedStack) -> None:
    """2 point reads: what became of the payment is the payment's to say."""
    id_ = await counted.deliver(content={"payment_data": a_payment()})
    await update_payment(counted, RPT_ID)
    counted.reset()

    reply = await counted.call("read_payment_receipt", path={"id": id_}, citizen=CITIZEN)

    assert reply.status == 200
    assert counted.documents == {"read": 2}
    assert counted.queues == {}


@pytest.mark.parametrize(("content", "puts"), [({}, {}), (PAYABLE, {"put": 1})])
async def test_change_a_message_s_status(
    counted: CountedStack, content: dict[str, Any], puts: dict[str, int]
) -> None:
    """1 patch, 2 where it was read before; 1 put more of a message that asks for a payment."""
    id_ = await counted.deliver(content=content)
    for patches in (1, 2):
        counted.reset()

        await counted.call(
            "change_message_status",
            {"change_type": "reading", "is_read": True},
            path={"id": id_},
            citizen=CITIZEN,
        )

        assert counted.documents == {"patch": patches}
        assert counted.queues == puts


async def test_read_the_profile(counted: CountedStack) -> None:
    """1 point read."""
    reply = await counted.call("read_profile", citizen=CITIZEN)

    assert reply.status == 200
    assert counted.documents == {"read": 1}


@pytest.mark.parametrize("mode", ["AUTO", "MANUAL"])
async def test_update_the_profile(counted: CountedStack, mode: str) -> None:
    """1 point read, 1 replace, whatever it changes; sent again, 1 point read."""
    body = {"version": 0, "service_preferences_settings": {"mode": mode}}
    first = await counted.call("update_profile", body, citizen=CITIZEN)
    assert counted.documents == {"read": 1, "replace": 1}
    counted.reset()

    again = await counted.call("update_profile", body, citizen=CITIZEN)

    assert (first.status, again.status) == (200, 200)
    assert counted.documents == {"read": 1}
    assert counted.queues == {}


async def test_make_the_profile(counted: CountedStack) -> None:
    """1 point read, 1 create."""
    reply = await counted.call("update_profile", {"version": 0}, citizen="NOPROF00A00A000A")

    assert reply.status == 200
    assert counted.documents == {"read": 1, "create": 1}


async def test_read_a_service_preference(counted: CountedStack) -> None:
    """2 point reads."""
    path = {"service_id": SERVICE_ID}
    reply = await counted.call("read_service_preference", path=path, citizen=CITIZEN)

    assert reply.status == 200
    assert counted.documents == {"read": 2}


async def test_change_a_service_preference(counted: CountedStack) -> None:
    """2 point reads, 1 write: a create at first, then replaces."""
    flags = dict.fromkeys(("is_inbox_enabled", "is_email_enabled", "is_webhook_enabled"), True)
    for write in ("create", "replace"):
        counted.reset()
        reply = await counted.call(
            "change_service_preference",
            {**flags, "settings_version": 0},
            path={"service_id": SERVICE_ID},
            citizen=CITIZEN,
        )

        assert reply.status == 200
        assert counted.documents == {"read": 2, write: 1}
    assert counted.queues == {}


async def test_register_and_remove_a_device(counted: CountedStack) -> None:
    """1 read and 2 writes the first time, 2 reads after that; 1 read and 1 write to remove it."""
    for documents in ({"read": 1, "upsert": 1, "create": 1}, {"read": 2}):
        counted.reset()
        await register(counted)
        assert counted.documents == documents
        assert counted.queues == {"put": 1}

    counted.reset()
    await counted.call("remove_installation", path={"installation_id": "one"}, citizen=CITIZEN)

    assert counted.documents == {"read": 1, "replace": 1}
    assert counted.queues == {"put": 1}


async def test_settle_a_device(counted: CountedStack) -> None:
    """1 read of the citizen's list, and 1 of the channel before the hub is told and 1 after."""
    await register(counted)
    (item,) = await take(counted.queue, INSTALLATION_CHANGED)
    counted.reset()

    await sync_push_registrations.consume(counted.app, item.text, last=False)

    assert counted.documents == {"read": 3}
    assert counted.queues == {}


async def test_read_and_change_the_reminder_policy(counted: CountedStack) -> None:
    """1 point read; 1 patch, and 1 point read before it where the sender says what it read."""
    read = await counted.call("read_reminder_policy", key=MANAGE_KEY)
    assert read.status == 200
    assert counted.documents == {"read": 1}

    tag = read.headers["ETag"]
    for headers, documents in (({}, {"patch": 1}), ({"if-match": tag}, {"read": 1, "patch": 1})):
        await counted.call("change_reminder_policy", {}, key=MANAGE_KEY)
        counted.reset()
        reply = await counted.call(
            "change_reminder_policy", {"hour": 10}, key=MANAGE_KEY, headers=headers
        )
        assert reply.status == 200
        assert counted.documents == documents
    assert counted.queues == {}


async def test_a_message_with_its_own_reminders(counted: CountedStack) -> None:
    """As one without: 1 create, 1 put."""
    await counted.submit(reminders={"days": [2]})

    assert counted.documents == {"create": 1}
    assert counted.queues == {"put": 1}


async def test_a_refused_submission_costs_nothing(counted: CountedStack) -> None:
    """What is wrong is told before anything is read or written."""
    await counted.call("submit_message", {})
    await counted.call(
        "submit_message", a_message(content={"payment_data": a_payment(amount=9**9)})
    )

    assert counted.documents == {}
    assert counted.queues == {}
