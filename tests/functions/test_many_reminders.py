"""Masses of reminders that are due at once: none is lost, and the timer takes some at a time."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

from functions.queues.reminder_due import remind
from functions.timers.reminders import dispatch_reminders
from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.sqlite_queue import SQLiteQueue
from lib.queues import REMINDER_DUE
from lib.use_cases import dispatch_reminders as dispatching
from tests.load.reminder_population import add_notices
from tests.support import START, Stack, take

MANY = 250


class WatchedQueue(SQLiteQueue):
    """A queue that knows how many puts there were together."""

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


async def test_many_due_at_once(tmp_path: Path) -> None:
    """All are sent, and the timer asks no more of the queue than it said."""
    due = await add_notices(tmp_path, MANY, START, lambda _: None)
    queue = WatchedQueue(tmp_path / "watched.db")
    stack = await Stack(tmp_path, queue=queue).start()
    stack.clock.moment = due

    await dispatch_reminders.tick(stack.app)
    assert queue.most <= dispatching.AT_ONCE < MANY
    items = []
    while batch := await take(queue, REMINDER_DUE):
        items += batch
    assert len(items) == MANY
    await asyncio.gather(*(remind.consume(stack.app, item.text, last=False) for item in items))
    stack.clock.advance(timedelta(minutes=1))
    await stack.drain()

    assert len({push.message_id for push in stack.push.sent}) == len(stack.push.sent) == MANY
    await stack.app.close()
