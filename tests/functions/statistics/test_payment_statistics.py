"""What senders see of their payment messages, and what of it is counted."""

import asyncio
import csv
import io
import json
import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.queues.messages import update_payment_status
from functions.queues.statistics import count_sender_event
from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, PAYMENTS_KEY, SERVICE_ID
from lib.adapters.embedded.sqlite.store import file_of
from lib.composition.stacks import STORE_FILE
from lib.domain.shared.values import FISCAL_CODE_PATTERN, timestamp
from lib.ports.documents import Container, Document
from lib.ports.errors import LimitError, PortError, UnavailableError
from lib.ports.queueing.items import PaymentUpdated, ReminderDue, SenderEvent
from lib.ports.queueing.names import REMINDER_DUE, SENDER_EVENT
from lib.ports.schema import MESSAGES, STATISTICS
from lib.repositories.messages.messages import Messages
from lib.repositories.statistics.statistics import Statistics
from lib.use_cases.statistics.count_sender_event import COUNTED_WITHIN, MARK_TTL, CountSenderEvent
from lib.use_cases.statistics.sender_events import SenderEvents
from tests.builders.altered import with_logged_reminder
from tests.builders.messages import submitted
from tests.builders.payments import PAYEE, a_payment, tell
from tests.doubles.clock import START
from tests.doubles.telemetry import Kept
from tests.stack import Reply, Stack, refusal, take

REJECTING = "INBOFF00A00A000A"
TODAY = "2026-11-23"
ZERO = dict.fromkeys(("sent", "reached", "not_reached", "read", "reminded", "paid", "reversed"), 0)


def numbered(number: int) -> Document:
    """Return content that asks for a payment of its own."""
    return {"payment_data": a_payment(notice_number=f"3{number:017}")}


async def pay(stack: Stack, number: int, outcome: str = "PAID", **changes: Any) -> None:
    """Tell what became of a payment, and let it be known."""
    await tell(stack, outcome, f"{PAYEE}3{number:017}", **changes)
    await stack.drain()


async def read(stack: Stack, id_: str, **change: Any) -> Reply:
    """Mark a message as read."""
    body = {"change_type": "reading", "is_read": True, **change}
    return await stack.call("change_message_status", body, path={"id": id_}, citizen=CITIZEN)


async def ask(stack: Stack, first: str = TODAY, last: str = TODAY, **call: Any) -> Reply:
    """Ask for the counts of a period."""
    return await stack.call("read_payment_statistics", query={"from": first, "to": last}, **call)


async def counted(stack: Stack, day: str = TODAY, service: str = SERVICE_ID) -> dict[str, int]:
    """Return what is counted of a day, whatever of it may be shown."""
    return dict((await Statistics(stack.store).days(service, day, day)).get(day, {}))


async def events(stack: Stack) -> list[SenderEvent]:
    """Take what is queued for the statistics."""
    items = await take(stack.queue, SENDER_EVENT)
    return [SenderEvent.model_validate_json(item.text) for item in items]


async def remind(stack: Stack, id_: str, days: int) -> None:
    """Note that a reminder was sent, and tell of it."""
    at, step = timestamp(stack.clock.now()), f"20261207-{days}"
    await with_logged_reminder(stack, id_, step, days, at)
    events = SenderEvents(stack.queue, stack.clock, stack.app.statistics.count_event)
    await events.reminded(await Messages(stack.store).get(CITIZEN, id_), step, at)
    await stack.drain()


async def test_a_service_sees_what_became_of_its_payment_messages(stack: Stack) -> None:
    """Six reach their citizen, who reads and pays five; one does not; the next day is empty."""
    ids = [await stack.deliver(content=numbered(number)) for number in range(6)]
    await stack.deliver(content=numbered(9), fiscal_code=REJECTING)
    for number, id_ in enumerate(ids[:5]):
        assert (await read(stack, id_)).status == 200
        await pay(stack, number)

    reply = await ask(stack, TODAY, "2026-11-24")

    assert reply.status == 200
    day = {**ZERO, "reached": 6, "read": 5, "paid": 5, "paid_after": {"NONE": 5}}
    today, tomorrow = reply.body["days"]
    kept_back = {"sent": None, "not_reached": None, "reminded": None}
    assert today == {**day, **kept_back, "day": TODAY}
    none: dict[str, Any] = {"read": None, "reminded": None, "paid_after": {}}
    assert tomorrow == {**ZERO, **none, "day": "2026-11-24"}
    assert reply.body["totals"] == {**day, **kept_back}
    assert reply.body["least_shown"] == 5


async def test_a_message_without_a_payment_is_not_counted(stack: Stack) -> None:
    """Neither when it arrives nor when it is read: nothing is queued."""
    id_ = await stack.submit()
    rejected = await stack.submit(fiscal_code=REJECTING)
    for item in (submitted(id_), submitted(rejected, REJECTING)):
        await stack.app.messages.fan_out(item)
    await read(stack, id_)

    assert await events(stack) == []


async def test_a_message_is_read_once(stack: Stack) -> None:
    """By its first reading, on that day, though the app says so again and archives it besides."""
    id_ = await stack.deliver(content=numbered(1))
    for _ in range(2):
        reply = await read(stack, id_, change_type="bulk", is_archived=True)
        assert reply.body == {"is_read": True, "is_archived": True}
        stack.clock.advance(timedelta(days=1))
        await stack.drain()

    assert (await counted(stack))["READ"] == 1
    assert await counted(stack, "2026-11-24") == {}


async def test_archiving_is_no_reading(stack: Stack) -> None:
    """Nothing is queued."""
    id_ = await stack.deliver(content=numbered(1))

    await stack.call(
        "change_message_status",
        {"change_type": "archiving", "is_archived": True},
        path={"id": id_},
        citizen=CITIZEN,
    )

    assert await events(stack) == []


async def test_a_payment_is_counted_by_the_reminder_before_it(stack: Stack) -> None:
    """The last one that was sent before it was paid, not before it was told."""
    for number in range(3):
        id_ = await stack.deliver(content=numbered(number))
        for days in (7, 3, 1)[:number]:
            stack.clock.advance(timedelta(hours=1))
            await remind(stack, id_, days)
        await pay(stack, number)
    late = await stack.deliver(content=numbered(5))
    paid_at = timestamp(stack.clock.now())
    stack.clock.advance(timedelta(minutes=1))
    await remind(stack, late, 7)
    await pay(stack, 5, paid_at=paid_at)

    found = await counted(stack)

    assert {name: count for name, count in found.items() if "PAID" in name} == {
        "PAID-NONE": 2,
        "PAID-7": 1,
        "PAID-3": 1,
    }
    assert found["REMINDED"] == 4


async def test_a_message_is_reminded_and_paid_the_next_day(stack: Stack) -> None:
    """By the reminders that the app itself sends, whose items come twice."""
    await stack.tick()
    await stack.deliver(content={**numbered(1), "due_date": "2026-12-10T22:59:59Z"})
    for _ in range(13):
        stack.clock.advance(timedelta(hours=24))
        await stack.tick()
        for item in await take(stack.queue, REMINDER_DUE):
            due = ReminderDue.model_validate_json(item.text)
            await asyncio.gather(
                stack.app.reminders.process_due(due), stack.app.reminders.process_due(due)
            )
            await stack.queue.delete(REMINDER_DUE, item)
        await stack.drain()
    await pay(stack, 1)

    answer = (await ask(stack, TODAY, "2026-12-10")).body
    days = {one["day"]: one for one in answer["days"]}
    assert [day for day, one in days.items() if one["paid"] is None] == ["2026-12-06"]
    assert await counted(stack, "2026-12-03") == {"REMINDED": 1}
    assert await counted(stack, "2026-12-06") == {"PAID-7": 1}


async def test_a_payment_is_of_the_day_it_was_made_on_in_italy(stack: Stack) -> None:
    """At half past eleven in the evening, UTC, it is the next day there."""
    await stack.deliver(content=numbered(1))
    await pay(stack, 1, paid_at="2026-11-20T23:30:00Z")

    assert await counted(stack, "2026-11-21") == {"PAID-NONE": 1}


async def test_a_payment_known_before_its_message_is_counted(stack: Stack) -> None:
    """By the fan-out, which is who marks the message."""
    await pay(stack, 1)
    await stack.deliver(content=numbered(1))

    assert await counted(stack) == {"REACHED": 1, "PAID-NONE": 1}


async def test_a_message_is_paid_once_and_reversed_once(stack: Stack) -> None:
    """By two systems that tell of one payment, and after it was taken back; a cancel is neither."""
    await stack.deliver(content=numbered(1))
    for outcome in ("PAID", "PAID", "REVERSED", "PAID", "REVERSED", "CANCELLED"):
        await pay(stack, 1, outcome)
        stack.clock.advance(timedelta(minutes=1))

    assert await counted(stack) == {"REACHED": 1, "PAID-NONE": 1, "REVERSED": 1}


async def test_everything_that_runs_again_counts_once(stack: Stack) -> None:
    """A fan-out, a mark and an event that come again, on the day and on the next."""
    id_ = await stack.deliver(content=numbered(1))
    await pay(stack, 1)
    before = await counted(stack)
    for _ in range(2):
        stack.clock.advance(timedelta(hours=12))
        await stack.app.messages.fan_out(submitted(id_))
        await stack.app.messages.update_payment_status(PaymentUpdated(rpt_id=f"{PAYEE}3{1:017}"))
        told = await events(stack)
        assert {one.event for one in told} == {"REACHED", "PAID"}
        for one in told * 2:
            await stack.app.statistics.count_event(one)

    assert await counted(stack) == before == {"REACHED": 1, "PAID-NONE": 1}
    assert await counted(stack, "2026-11-24") == {}


@dataclass
class ForgetfulQueue:
    """A queue that takes no event while it is `away`."""

    queue: Any
    away: bool = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.queue, name)

    async def put(self, queue: str, text: str, **options: Any) -> None:
        """Put it, unless away."""
        if self.away and queue == SENDER_EVENT:
            raise UnavailableError("away")
        await self.queue.put(queue, text, **options)


async def test_what_was_written_is_told_after_an_outage(stack: Stack, tmp_path: Path) -> None:
    """Fan-out, mark and reading wrote and could not tell: whoever repeats them does."""
    queue = ForgetfulQueue(stack.queue)
    other = Stack(tmp_path, queue=queue, clock=stack.clock, store=stack.store)
    id_ = await other.submit(content=numbered(1))
    queue.away = True
    await other.drain()
    await other.call(
        "update_payment",
        {"event_id": "e", "occurred_at": timestamp(START), "outcome": "PAID"},
        path={"rpt_id": f"{PAYEE}3{1:017}"},
        key=PAYMENTS_KEY,
    )
    await other.drain()
    assert (await read(other, id_)).status == 503
    assert await counted(stack) == {}

    queue.away = False
    stack.clock.advance(timedelta(hours=1))
    await other.drain()
    await read(other, id_)
    await other.drain()

    assert await counted(stack) == {"REACHED": 1, "PAID-NONE": 1, "READ": 1}


@dataclass
class ForgetfulStore:
    """A store whose statistics are away, or full."""

    store: Any
    error: type[PortError] = UnavailableError

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    async def batch(self, container: Container, *arguments: Any) -> Any:
        """Write it, unless away."""
        if container == STATISTICS:
            raise self.error("not now")
        return await self.store.batch(container, *arguments)


async def test_a_reminder_is_counted_once_whoever_counts_it(stack: Stack) -> None:
    """By itself, by the item of a run that could not, and by both."""
    id_ = await stack.deliver(content=numbered(1))
    message = await Messages(stack.store).get(CITIZEN, id_)
    at = timestamp(stack.clock.now())
    away = CountSenderEvent(Statistics(ForgetfulStore(stack.store)), stack.clock)
    for count in (away, stack.app.statistics.count_event):
        await SenderEvents(stack.queue, stack.clock, count).reminded(message, "20261207-1", at)
    assert await counted(stack) == {"REACHED": 1, "REMINDED": 1}

    await stack.drain()

    assert await counted(stack) == {"REACHED": 1, "REMINDED": 1}


@pytest.mark.parametrize("error", [UnavailableError, LimitError])
async def test_an_outage_of_the_counts_leaves_the_reminder_to_the_queue(
    stack: Stack, error: type[PortError]
) -> None:
    """The item is there, and names the message and its step."""
    id_ = await stack.deliver(content=numbered(1))
    away = CountSenderEvent(Statistics(ForgetfulStore(stack.store, error)), stack.clock)
    message = await Messages(stack.store).get(CITIZEN, id_)
    at = timestamp(stack.clock.now())

    await SenderEvents(stack.queue, stack.clock, away).reminded(message, "20261207-1", at)

    (event,) = await events(stack)
    assert (event.message_id, event.key) == (id_, "REMINDED-20261207-1")


async def test_a_mark_that_could_not_be_told_is_told_again(stack: Stack, tmp_path: Path) -> None:
    """By its own repetition, which finds the message marked."""
    queue = ForgetfulQueue(stack.queue)
    other = Stack(tmp_path, queue=queue, clock=stack.clock, store=stack.store)
    await other.deliver(content=numbered(1))
    queue.away = True
    await pay(other, 1)
    assert await counted(stack) == {"REACHED": 1}

    queue.away = False
    stack.clock.advance(timedelta(hours=1))
    await other.drain()

    assert await counted(stack) == {"REACHED": 1, "PAID-NONE": 1}


async def test_no_payment_is_later_than_the_word_of_it(stack: Stack) -> None:
    """One that is said to be made tomorrow is of the day on which that was said."""
    await stack.deliver(content=numbered(1))
    await pay(stack, 1, paid_at="2026-12-24T12:00:00Z")

    assert await counted(stack) == {"REACHED": 1, "PAID-NONE": 1}


def an_event(noted_at: datetime, **changes: Any) -> SenderEvent:
    """Return an event of a message."""
    values = {"service_id": SERVICE_ID, "message_id": "M", "event": "READ", "day": TODAY}
    return SenderEvent.model_validate({**values, "noted_at": timestamp(noted_at), **changes})


async def test_what_is_counted_is_marked_longer_than_it_can_come_again(stack: Stack) -> None:
    """To the last moment at which an item is taken the mark is there; later ones are left out."""
    event = an_event(START)
    await stack.app.statistics.count_event(event)
    stack.clock.advance(COUNTED_WITHIN - timedelta(milliseconds=1))
    await stack.app.statistics.count_event(event)
    assert await counted(stack) == {"READ": 1}

    stack.clock.advance(timedelta(seconds=MARK_TTL))
    await stack.app.statistics.count_event(event)

    assert await counted(stack) == {"READ": 1}


async def test_an_event_of_another_version_is_counted_beside_the_others(stack: Stack) -> None:
    """It is nobody's poison, and shows nowhere."""
    text = an_event(START, event="RECALLED").text()

    await count_sender_event.consume(stack.app, text, last=True)

    assert await counted(stack) == {"RECALLED": 1}
    assert (await ask(stack)).body["totals"] == {
        **ZERO,
        "read": None,
        "reminded": None,
        "paid_after": {},
    }


async def test_telemetry_tells_what_became_of_events(stack: Stack, kept: Kept) -> None:
    """Counted, repeated, or too late."""
    for noted_at in (START, START, START - COUNTED_WITHIN):
        text = an_event(noted_at).text()
        await count_sender_event.consume(stack.app, text, last=False)

    assert kept.metric("recapito.sender_events") == {
        ("READ", "COUNTED"): 1,
        ("READ", "REPEATED"): 1,
        ("READ", "LATE"): 1,
    }


async def test_the_parts_of_a_day_are_summed(stack: Stack) -> None:
    """A hundred messages fall on all of them."""
    for number in range(100):
        await stack.app.statistics.count_event(an_event(START, message_id=f"01KB{number:022}"))

    assert await counted(stack) == {"READ": 100}
    assert (await ask(stack)).body["totals"]["read"] == 100


async def test_another_service_sees_nothing_of_it(stack: Stack) -> None:
    """Each key asks for its own service."""
    for number in range(5):
        await stack.deliver(content=numbered(number))

    assert (await ask(stack)).body["totals"]["reached"] == 5
    assert (await ask(stack, key=LIMITED_KEY)).body["totals"]["reached"] == 0
    assert (await ask(stack, key=PAYMENTS_KEY)).status == 403


async def test_a_service_whose_name_begins_another_s_is_its_own(stack: Stack) -> None:
    """Names are no prefixes."""
    await stack.app.statistics.count_event(an_event(START, service_id="a"))

    assert await counted(stack, service="a") == {"READ": 1}
    assert await counted(stack, service="a-b") == {}


async def test_the_table_says_the_same(stack: Stack) -> None:
    """Read back as CSV, cell by cell: what is kept back is empty, what is none is 0."""
    for number in range(6):
        id_ = await stack.deliver(content=numbered(number))
        if number < 5:
            await remind(stack, id_, 7)
        await pay(stack, number)
    query = {"from": "2026-11-22", "to": TODAY}

    reply = await stack.call("read_payment_statistics_csv", query=query)
    same = (await stack.call("read_payment_statistics", query=query)).body

    assert reply.status == 200
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["Recapito-Least-Shown"] == "5"
    assert 'filename="payments-2026-11-22-2026-11-23.csv"' in reply.headers["content-disposition"]
    text = reply.body.decode("utf-8")
    assert text.count("\r\n") == text.count("\n") == 4
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == ["day", *ZERO]
    for row, one in zip(rows, (*same["days"], same["totals"]), strict=True):
        cells = dict(zip(header, row, strict=True))
        assert cells.pop("day") == one.get("day", "total")
        shown = {name: "" if one[name] is None else str(one[name]) for name in ZERO}
        assert cells == shown
    assert same["days"][1]["paid"] == 6
    assert same["days"][1]["paid_after"] is None


async def test_the_table_has_a_column_for_each_step(stack: Stack) -> None:
    """Of those that are shown; and no cell begins as a formula does."""
    for number in range(10):
        step = "7" if number < 5 else "-1"
        event = an_event(START, event="PAID", message_id=f"M{number}", step=step)
        await stack.app.statistics.count_event(event)
    await stack.app.statistics.count_event(
        an_event(START, event="PAID", day="2026-11-22", step="NONE")
    )

    reply = await stack.call("read_payment_statistics_csv", query={"to": TODAY})
    header, *rows = csv.reader(io.StringIO(reply.body.decode()))

    assert header[-2:] == ["paid_after_-1", "paid_after_7"]
    assert [row[-2:] for row in rows[-4:]] == [["0", "0"], ["", ""], ["5", "5"], ["5", "5"]]
    assert not [cell for row in (header, *rows) for cell in row if cell[:1] in set("=+-@\t\r")]


@pytest.mark.parametrize("name", ["read_payment_statistics", "read_payment_statistics_csv"])
@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-11-24", "to": "2026-11-23"},
        {"from": "2025-11-22", "to": "2026-11-23"},
        {"from": "2020-01-01"},
        {"to": "0001-01-01"},
    ],
)
async def test_a_period_out_of_range_is_refused(
    stack: Stack, name: str, query: dict[str, str]
) -> None:
    """With the rule, and the field."""
    reply = await stack.call(name, query=query)

    assert refusal(reply) == (
        400,
        "Invalid query parameters",
        "The period is 1 to 366 days, both ends included.",
    )
    assert reply.body["errors"][0]["pointer"] == "#/query/from"


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-30", "20261123", "1795525200"])
@pytest.mark.parametrize("name", ["from", "to"])
async def test_what_is_no_day_is_refused(stack: Stack, name: str, day: str) -> None:
    """With its field."""
    reply = await stack.call("read_payment_statistics", query={name: day})

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"] == f"#/query/{name}"


async def test_by_default_it_is_the_last_thirty_days_in_italy(stack: Stack) -> None:
    """Near midnight there, today is tomorrow in UTC."""
    stack.clock.moment = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    days = [one["day"] for one in (await stack.call("read_payment_statistics")).body["days"]]

    assert (days[0], days[-1], len(days)) == ("2026-10-26", "2026-11-24", 30)


async def test_nothing_of_a_citizen_is_in_items_or_counts(stack: Stack, tmp_path: Path) -> None:
    """Neither in the queue nor in the container: no fiscal code, and no pseudonym of one."""
    id_ = await stack.submit(content=numbered(1))
    await stack.app.messages.fan_out(submitted(id_))
    await read(stack, id_)
    texts = [item.text for item in await take(stack.queue, SENDER_EVENT)]
    assert {json.loads(text)["event"] for text in texts} == {"REACHED", "READ"}
    for text in texts:
        await count_sender_event.consume(stack.app, text, last=False)

    connection = sqlite3.connect(file_of(tmp_path / STORE_FILE, STATISTICS))
    stored = [
        body.decode() for (body,) in connection.execute(f'SELECT body FROM "{STATISTICS.name}"')
    ]
    connection.close()
    assert len(stored) == 3
    for text in (*texts, *stored):
        assert not re.search(FISCAL_CODE_PATTERN[1:-1], text.upper())
    assert {name for text in texts for name in json.loads(text)} <= {
        *("service_id", "message_id", "event", "day", "noted_at", "step", "traceparent", "due")
    }


async def test_an_update_of_a_payment_finds_a_message_that_is_gone(stack: Stack) -> None:
    """There is nothing to count, and nothing fails."""
    id_ = await stack.deliver(content=numbered(1))
    await stack.store.delete(MESSAGES, CITIZEN, id_)
    await pay(stack, 1)

    item = PaymentUpdated(rpt_id=f"{PAYEE}3{1:017}")
    await update_payment_status.consume(stack.app, item.text(), last=False)

    assert await counted(stack) == {"REACHED": 1}
