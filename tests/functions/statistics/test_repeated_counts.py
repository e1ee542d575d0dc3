"""Repetitions and outages neither lose an event nor count it twice."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.queues.statistics import count_sender_event
from infra.local.sandbox.seed import CITIZEN, PAYMENTS_KEY
from lib.domain.shared.identifiers import RptId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Container
from lib.ports.errors import LimitError, PortError, UnavailableError
from lib.ports.queueing.items.messages import PaymentUpdated
from lib.ports.queueing.names import SENDER_EVENT
from lib.ports.schema.messages import STATISTICS
from lib.repositories.messages.messages import Messages
from lib.repositories.statistics.statistics import Statistics
from lib.use_cases.statistics.count_sender_event import COUNTED_WITHIN, MARK_TTL, CountSenderEvent
from lib.use_cases.statistics.sender_events import SenderEvents
from tests.builders.messages import submitted
from tests.builders.payments import PAYEE
from tests.doubles.clock import START
from tests.doubles.telemetry import Kept
from tests.functions.statistics.support import (
    ZERO,
    an_event,
    ask,
    counted,
    events,
    fold,
    numbered,
    pay,
    read,
)
from tests.stack import Stack


async def test_everything_that_runs_again_counts_once(stack: Stack) -> None:
    """A repeated fan-out, mark or event counts nothing more, also on the next day."""
    id_ = await stack.deliver(content=numbered(1))
    await pay(stack, 1)
    before = await counted(stack)
    for _ in range(2):
        stack.clock.advance(timedelta(hours=12))
        await stack.app.messages.fan_out(submitted(id_))
        await stack.app.messages.update_payment_status(
            PaymentUpdated(rpt_id=RptId(f"{PAYEE}3{1:017}"))
        )
        assert await events(stack) == []

    assert await counted(stack) == before == {"REACHED": 1, "PAID-NONE": 1}
    assert await counted(stack, "2026-11-24") == {}


async def test_an_item_counts_as_its_run_did(stack: Stack) -> None:
    """Items of an earlier version, or of an outage, count nothing that is counted."""
    event = an_event(START)
    for _ in range(2):
        await stack.app.statistics.count_event(event)
        await count_sender_event.consume(stack.app, event.text(), last=False)

    assert await counted(stack) == {"READ": 1}


@dataclass
class ForgetfulQueue:
    """A queue that refuses events while it is `away`."""

    queue: Any
    away: bool = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.queue, name)

    async def put(self, queue: str, text: str, **options: Any) -> None:
        """Put the item, unless the queue is away for events."""
        if self.away and queue == SENDER_EVENT:
            raise UnavailableError("away")
        await self.queue.put(queue, text, **options)


@dataclass
class ForgetfulStore:
    """A store that raises `error` for each count while it is `away`."""

    documents: Any
    error: type[PortError] = UnavailableError
    away: bool = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.documents, name)

    async def create(self, container: Container, *arguments: Any) -> Any:
        """Create the document, unless it is one of counts."""
        if self.away and container == STATISTICS:
            raise self.error("not now")
        return await self.documents.create(container, *arguments)


async def test_events_are_told_again_after_an_outage(stack: Stack, tmp_path: Path) -> None:
    """An event that could be neither counted nor queued is counted by the next run or reading."""
    queue, store = ForgetfulQueue(stack.queue), ForgetfulStore(stack.store, away=False)
    other = Stack(tmp_path, queue=queue, clock=stack.clock, store=store)
    id_ = await other.submit(content=numbered(1))
    queue.away = store.away = True
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

    queue.away = store.away = False
    stack.clock.advance(timedelta(hours=1))
    await other.drain()
    await read(other, id_)
    await other.drain()

    assert await counted(stack) == {"REACHED": 1, "PAID-NONE": 1, "READ": 1}


def away_from(stack: Stack, error: type[PortError] = UnavailableError) -> CountSenderEvent:
    """Return the count of events with a store that refuses it."""
    store = ForgetfulStore(stack.store, error)
    return CountSenderEvent(Statistics(store, stack.app.repositories.folds), stack.clock)


async def test_a_reminder_is_counted_once_whoever_counts_it(stack: Stack) -> None:
    """A reminder is counted once, by its own run or by the queue item."""
    id_ = await stack.deliver(content=numbered(1))
    message = await Messages(stack.store).get(CITIZEN, id_)
    at = timestamp(stack.clock.now())
    away = away_from(stack)
    for count in (away, stack.app.statistics.count_event):
        await SenderEvents(stack.queue, stack.clock, count).reminded(message, "20261207-1", at)
    assert await counted(stack) == {"REACHED": 1, "REMINDED": 1}

    await stack.drain()

    assert await counted(stack) == {"REACHED": 1, "REMINDED": 1}


@pytest.mark.parametrize("error", [UnavailableError, LimitError])
async def test_an_outage_of_the_counts_leaves_the_reminder_to_the_queue(
    stack: Stack, error: type[PortError]
) -> None:
    """A reminder that cannot be counted leaves an item with its message and its step."""
    id_ = await stack.deliver(content=numbered(1))
    away = away_from(stack, error)
    message = await Messages(stack.store).get(CITIZEN, id_)
    at = timestamp(stack.clock.now())

    await SenderEvents(stack.queue, stack.clock, away).reminded(message, "20261207-1", at)

    (event,) = await events(stack)
    assert (event.message_id, event.key) == (id_, "REMINDED-20261207-1")


async def test_a_mark_whose_event_was_lost_is_counted_later(stack: Stack, tmp_path: Path) -> None:
    """The repetition of the mark tells the event, though the message is marked already."""
    queue, store = ForgetfulQueue(stack.queue), ForgetfulStore(stack.store, away=False)
    other = Stack(tmp_path, queue=queue, clock=stack.clock, store=store)
    await other.deliver(content=numbered(1))
    queue.away = store.away = True
    await pay(other, 1)
    assert await counted(stack) == {"REACHED": 1}

    queue.away = store.away = False
    stack.clock.advance(timedelta(hours=1))
    await other.drain()

    assert await counted(stack) == {"REACHED": 1, "PAID-NONE": 1}


async def test_an_event_is_marked_longer_than_it_can_come_again(stack: Stack) -> None:
    """The mark of a counted event lasts until its item would be too late to count."""
    event = an_event(START)
    await stack.app.statistics.count_event(event)
    stack.clock.advance(timedelta(days=20))
    await fold(stack)
    stack.clock.moment = START + COUNTED_WITHIN - timedelta(milliseconds=1)
    await stack.app.statistics.count_event(event)
    assert await counted(stack) == {"READ": 1}

    stack.clock.advance(timedelta(seconds=MARK_TTL))
    await stack.app.statistics.count_event(event)

    assert await counted(stack) == {"READ": 1}


async def test_an_unknown_kind_of_event_is_counted(stack: Stack) -> None:
    """An event of a later version is counted, and shows in no answer."""
    text = an_event(START, event="RECALLED").text()

    await count_sender_event.consume(stack.app, text, last=True)

    assert await counted(stack) == {"RECALLED": 1}
    assert (await ask(stack)).body["totals"] == {
        **ZERO,
        "read": None,
        "reminded": None,
        "paid_after": {},
    }


async def test_telemetry_counts_the_outcomes_of_events(stack: Stack, kept: Kept) -> None:
    """A metric counts events that were counted, repeated or too late."""
    for noted_at in (START, START, START - COUNTED_WITHIN):
        text = an_event(noted_at).text()
        await count_sender_event.consume(stack.app, text, last=False)

    assert kept.metric("recapito.sender_events") == {
        ("READ", "COUNTED"): 1,
        ("READ", "REPEATED"): 1,
        ("READ", "LATE"): 1,
    }
