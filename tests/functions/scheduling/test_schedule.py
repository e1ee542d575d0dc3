"""The schedule queues any item in any queue at its time."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from functions.timers.contract import FailedTickError
from functions.timers.scheduling import dispatch_due
from lib.domain.shared.identifiers import RptId
from lib.ports.errors import LimitError
from lib.ports.queueing.item import Item
from lib.ports.queueing.items.messages import PaymentUpdated
from lib.ports.queueing.names import PAYMENT_UPDATED
from lib.repositories.scheduling.schedule import Entry, Schedule, slots_of, this_hour
from tests.builders.altered import with_broken_entry
from tests.doubles.clock import START
from tests.stack import Stack, take
from tests.stored import stored_entries

ROOT: Final = Path(__file__).parents[3]
LATER: Final = START + timedelta(days=2, minutes=3)
QUEUE: Final = "retention-due"
"""A queue that the app does not have, as a further user of the schedule would bring."""


class RetentionDue(Item):
    """An item of a further user."""

    subject: str
    days: int = 30


async def queued(stack: Stack, queue: str) -> list[str]:
    """Take the texts of all visible items of a queue."""
    texts = []
    while items := await take(stack.queue, queue):
        texts += [item.text for item in items]
        for item in items:
            await stack.queue.delete(queue, item)
    return texts


async def tick_at_the_moment(stack: Stack) -> None:
    """Run a tick just before LATER and one just after, and see that the first queues nothing."""
    stack.clock.moment = LATER - timedelta(minutes=5)
    await dispatch_due.tick(stack.app)
    assert await queued(stack, QUEUE) == []
    stack.clock.moment = LATER + timedelta(minutes=2)
    await dispatch_due.tick(stack.app)


async def test_an_item_of_any_kind_is_queued_at_its_moment(stack: Stack) -> None:
    """An item is queued once, in the queue of its entry, and the entry is removed."""
    item = RetentionDue(subject="a", days=7)
    await Schedule(stack.store).put(Entry(QUEUE, "a", LATER, item), START)

    await tick_at_the_moment(stack)

    (text,) = await queued(stack, QUEUE)
    assert RetentionDue.model_validate_json(text) == item
    stack.clock.advance(timedelta(hours=1))
    await dispatch_due.tick(stack.app)
    assert await queued(stack, QUEUE) == []


async def test_an_item_that_was_put_back_keeps_its_attempts(stack: Stack) -> None:
    """An item keeps its attempts and the time of the first one in the schedule."""
    retry = RetentionDue(subject="a", attempt=3, first_seen=START.timestamp())
    await Schedule(stack.store).put(Entry(QUEUE, "a", LATER, retry), START)

    await tick_at_the_moment(stack)

    (text,) = await queued(stack, QUEUE)
    found = RetentionDue.model_validate_json(text)
    assert (found.attempt, found.first_seen) == (3, START.timestamp())


async def test_entries_of_two_queues_never_replace_each_other(stack: Stack) -> None:
    """Entries of two queues with one name and time are both queued."""
    schedule = Schedule(stack.store)
    rpt_id = "12345678901302000000000002020"
    payment = Entry(PAYMENT_UPDATED, rpt_id, LATER, PaymentUpdated(rpt_id=RptId(rpt_id)))
    for _ in range(2):
        await schedule.put(Entry(QUEUE, rpt_id, LATER, RetentionDue(subject=rpt_id)), START)
        await schedule.put(payment, START)

    await tick_at_the_moment(stack)

    assert len(await queued(stack, QUEUE)) == 1
    (text,) = await queued(stack, PAYMENT_UPDATED)
    assert PaymentUpdated.model_validate_json(text) == payment.item


async def test_an_entry_is_stored_as_queue_and_item(stack: Stack) -> None:
    """An entry stores its queue and its item, so that any item fits."""
    await Schedule(stack.store).put(Entry(QUEUE, "a", LATER, RetentionDue(subject="s")), START)

    (entry,) = await stored_entries(stack, slots_of(this_hour(LATER)))

    assert entry == {**entry, "queue": QUEUE, "item": {"subject": "s"}}
    assert entry.keys() == {"id", "slot", "queue", "item"}


@pytest.mark.parametrize(
    "room",
    [
        "lib/repositories/scheduling",
        "lib/use_cases/scheduling",
        "lib/composition/areas/scheduling.py",
        "functions/timers/scheduling.py",
    ],
)
def test_the_schedule_names_none_of_its_users(room: str) -> None:
    """The code of the schedule names no queue and no kind of item."""
    path = ROOT / room
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    assert files
    for file in files:
        text = file.read_text()
        assert not re.search(
            "remind|digest|instalment|retention|queueing.names", text, re.IGNORECASE
        ), file
        items = re.findall(r"queueing\.items import (.+)", text)
        assert set(items) <= {"Item"}, file


async def test_an_entry_that_cannot_be_read_stops_no_other(stack: Stack) -> None:
    """An unreadable item goes to the poison queue, and the other entries are queued."""
    schedule = Schedule(stack.store)
    for number in range(8):
        at = LATER + timedelta(hours=number)
        await schedule.put(Entry(QUEUE, f"{number}", at, RetentionDue(subject="a")), START)
    broken = {"subject": "a", "attempt": -1}
    await with_broken_entry(stack, slots_of(this_hour(LATER)), broken)

    stack.clock.moment = LATER + timedelta(hours=9)
    await dispatch_due.tick(stack.app)

    assert len(await queued(stack, QUEUE)) == 7
    (text,) = await queued(stack, f"{QUEUE}-poison")
    assert json.loads(text) == broken


async def test_an_item_that_its_queue_refuses_stops_no_other(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused item goes to the poison queue, and the other items to their queue."""
    schedule = Schedule(stack.store)
    for number in range(3):
        at = LATER + timedelta(hours=number)
        item = RetentionDue(subject=f"{number}")
        await schedule.put(Entry(QUEUE, f"{number}", at, item), START)
    put = stack.queue.put

    async def refusing(queue: str, text: str, **more: Any) -> None:
        if queue == QUEUE and '"0"' in text:
            raise LimitError("refused")
        await put(queue, text, **more)

    monkeypatch.setattr(stack.queue, "put", refusing)
    stack.clock.moment = LATER + timedelta(hours=4)
    await dispatch_due.tick(stack.app)

    assert len(await queued(stack, QUEUE)) == 2
    assert len(await queued(stack, f"{QUEUE}-poison")) == 1


async def test_an_entry_that_no_queue_takes_is_told_and_stops_no_other(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tick fails after it has queued all other entries."""
    schedule = Schedule(stack.store)
    for queue, hours in (("refused-due", 0), (QUEUE, 1), (QUEUE, 2)):
        at = LATER + timedelta(hours=hours)
        await schedule.put(Entry(queue, "a", at, RetentionDue(subject="a")), START)
    put = stack.queue.put

    async def refusing(queue: str, text: str, **more: Any) -> None:
        if queue.startswith("refused"):
            raise LimitError("refused")
        await put(queue, text, **more)

    monkeypatch.setattr(stack.queue, "put", refusing)
    stack.clock.moment = LATER + timedelta(hours=4)
    with pytest.raises(FailedTickError):
        await dispatch_due.tick(stack.app)

    assert len(await queued(stack, QUEUE)) == 2
