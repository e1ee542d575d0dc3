"""Of many reminders that are due at once none is lost."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.queues.reminders import process_due_reminder
from functions.timers.scheduling import dispatch_due
from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.notifications import ReminderDue
from lib.ports.queueing.names import REMINDER_DUE
from lib.use_cases.scheduling import dispatch_due as dispatching
from tests.doubles.clock import START
from tests.load.reminder_population import add_notices
from tests.stack import Stack, take

pytestmark = pytest.mark.slow

MANY = 250


class WatchedQueue(SQLiteQueue):
    """A queue that keeps the greatest number of puts at the same time."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, SystemClock())
        self.running = self.most = 0

    async def put(self, queue: str, text: str, **options: Any) -> None:
        """Put it."""
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await super().put(queue, text, **options)
        finally:
            self.running -= 1


class FickleQueue(SQLiteQueue):
    """A queue that refuses some puts while it is `fickle`."""

    fickle = True
    asked = 0

    async def put(self, queue: str, text: str, **options: Any) -> None:
        """Put it, but for every seventh."""
        self.asked += 1
        if self.fickle and not self.asked % 7:
            raise UnavailableError("away")
        await super().put(queue, text, **options)


async def take_all(stack: Stack) -> list[str]:
    """Take the message ids of all queued reminders."""
    items = []
    while batch := await take(stack.queue, REMINDER_DUE):
        items += batch
    return [ReminderDue.model_validate_json(item.text).message_id for item in items]


async def test_reminders_that_could_not_be_queued_stay_scheduled(tmp_path: Path) -> None:
    """The next tick queues the rest, and nothing twice."""
    due = await add_notices(tmp_path, MANY, START, lambda _: None)
    queue = FickleQueue(tmp_path / "fickle.db", SystemClock())
    stack = await Stack(tmp_path, queue=queue).start()
    stack.clock.moment = due

    with pytest.raises(UnavailableError):
        await stack.app.scheduling.dispatch_due()
    first = await take_all(stack)
    queue.fickle = False
    assert await stack.app.scheduling.dispatch_due() == MANY - len(first)
    both = first + await take_all(stack)

    assert 0 < len(first) < MANY
    assert len(set(both)) == len(both) == MANY
    await stack.app.close()


async def test_two_ticks_at_once_leave_nothing(tmp_path: Path) -> None:
    """Two ticks at once queue every reminder, and empty the schedule."""
    due = await add_notices(tmp_path, MANY, START, lambda _: None)
    stack = await Stack(tmp_path).start()
    stack.clock.moment = due

    found = await asyncio.gather(
        stack.app.scheduling.dispatch_due(), stack.app.scheduling.dispatch_due()
    )

    assert sum(found) > MANY
    assert len(set(await take_all(stack))) == MANY
    assert await stack.app.scheduling.dispatch_due() == 0
    await stack.app.close()


async def test_many_due_at_once(tmp_path: Path) -> None:
    """All are sent, and a tick queues no more than its limit."""
    due = await add_notices(tmp_path, MANY, START, lambda _: None)
    queue = WatchedQueue(tmp_path / "watched.db")
    stack = await Stack(tmp_path, queue=queue).start()
    stack.clock.moment = due

    await dispatch_due.tick(stack.app)
    assert queue.most <= dispatching.ENTRIES_PER_QUERY < MANY
    items = []
    while batch := await take(queue, REMINDER_DUE):
        items += batch
    assert len(items) == MANY
    await asyncio.gather(
        *(process_due_reminder.consume(stack.app, item.text, last=False) for item in items)
    )
    stack.clock.advance(timedelta(minutes=1))
    await stack.drain()

    assert len({push.message_id for push in stack.push.sent}) == len(stack.push.sent) == MANY
    await stack.app.close()
