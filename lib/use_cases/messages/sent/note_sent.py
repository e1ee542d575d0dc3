"""Keep the list of sent messages up to date."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from lib import telemetry
from lib.domain.messages.message import Message
from lib.domain.messages.sent_entry import SentEntry, entry_of
from lib.ports.clock import Clock
from lib.ports.errors import PortError
from lib.repositories.messages.sent.sent_entries import SentEntries

DELAY_SECONDS: Final = 10.0
"""The least time after which an accepted message is listed; the longest time is twice as much."""
MAX_WAITING: Final = 20_000
CLOSE_SECONDS: Final = 5.0


class NoteSent:
    """Store messages in the list of their service.

    `delay`: as DELAY_SECONDS.
    """

    def __init__(
        self,
        entries: SentEntries,
        clock: Clock,
        *,
        rejected_ttl: int,
        delay: float = DELAY_SECONDS,
    ) -> None:
        self._entries = entries
        self._clock = clock
        self._rejected_ttl = rejected_ttl
        self._new: list[SentEntry] = []
        self._waiting: list[SentEntry] = []
        self._task: asyncio.Task[None] | None = None
        self.delay = delay

    async def __call__(self, message: Message, *, is_known: bool = False) -> None:
        """Store the present status of a message.

        `is_known`: the message most likely is in the list already. Raise UnavailableError. Cost and
        concurrency: see SentEntries.put.
        """
        await self._entries.put(
            entry_of(message), self._clock.now(), self._rejected_ttl, is_known=is_known
        )

    @contextlib.contextmanager
    def announced(self) -> Iterator[Callable[[Message], Awaitable[None]]]:
        """Announce a call, so that other calls wait for it and share its write; yield the call."""
        with self._entries.announced() as put:

            async def note(message: Message) -> None:
                await put(entry_of(message), self._clock.now(), self._rejected_ttl)

            yield note

    def accepted(self, message: Message) -> None:
        """Store an accepted message soon, unless its fan-out comes first.

        Nothing waits for it, and it may fail: the fan-out stores the entry for certain. It only
        lists messages that wait long for their fan-out. After a crash, such a message is missing
        in the list until its fan-out, and is found by its recipient.
        Cost: nothing for the caller; see `store`.
        """
        if len(self._new) >= MAX_WAITING:
            return
        self._new.append(entry_of(message))
        if self._task is None:
            self._task = asyncio.create_task(self._store_later())

    async def store(self) -> None:
        """Store the messages that were accepted before the last call, if fan-outs are late.

        If the latest of them has been fanned out, the queue is short, and nothing is stored.
        Cost: one point read for all of them; if it finds nothing, one query for each part of a
        service, and a batch for messages without an entry.
        """
        waiting, self._waiting, self._new = self._waiting, self._new, []
        try:
            if waiting and not await self._entries.has(waiting[-1]):
                await self._entries.put_new(waiting, self._clock.now())
        except PortError as error:
            telemetry.accepted_unlisted(error)

    async def close(self) -> None:
        """Store the accepted messages that wait, without a delay."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._waiting += self._new
        self._new = []
        if self._waiting:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self.store()

    async def _store_later(self) -> None:
        try:
            while self._waiting or self._new:
                await asyncio.sleep(self.delay)
                await self.store()
        finally:
            self._task = None
