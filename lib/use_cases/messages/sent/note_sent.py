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
"""The time after which an accepted message is listed. Most have been fanned out by then."""
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
        Cost: nothing for the caller; for each part of a service one query every ten seconds, and a
        batch for messages without an entry.
        """
        if len(self._waiting) >= MAX_WAITING:
            return
        self._waiting.append(entry_of(message))
        if self._task is None:
            self._task = asyncio.create_task(self._store_later())

    async def store(self) -> None:
        """Store the accepted messages that wait."""
        waiting, self._waiting = self._waiting, []
        try:
            await self._entries.put_new(waiting, self._clock.now())
        except PortError as error:
            telemetry.accepted_unlisted(error)

    async def close(self) -> None:
        """Store the accepted messages that wait, without a delay."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._waiting:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self.store()

    async def _store_later(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(self.delay)
                await self.store()
        finally:
            self._task = None
