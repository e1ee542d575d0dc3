"""The contract of a queue: one declaration gives its trigger, its poison trigger and its retries.

An outage puts the item back with a growing delay. Every other error is raised: the platform counts
the attempts and moves the item to the poison queue after `maxDequeueCount`. An outage in which
items can be neither put back nor deleted moves them there too; the poison trigger runs such an item
again.
"""

import contextlib
import errno
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pydantic import ValidationError

from lib import telemetry
from lib.composition.app import App
from lib.domain.operations.dead_letters import OUTAGE, UNREADABLE
from lib.ports.errors import UnavailableError
from lib.ports.queue import POISON_SUFFIX
from lib.ports.queueing.delays import GIVE_UP_SECONDS
from lib.ports.queueing.item import Item
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.retry_later import RetryLaterError
from lib.telemetry.faults import describe
from lib.use_cases.shared.put_back import put_back

POISON_RETRY_SECONDS: Final = 600
"""The delay before a poisoned item is tried again, when an outage prevents its storage."""

_MACHINE_FAULTS: Final = frozenset(
    {errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ENOMEM, errno.EAGAIN}
)
"""The errors of a machine that lacks descriptors, space or memory, or whose disk fails."""


class UnreadableItemError(Exception):
    """The text is not an item of this queue."""


class FailedItemError(Exception):
    """The item could not be processed. The text gives the error's type and place."""


@dataclass(frozen=True, slots=True)
class Consumer[I: Item]:
    """The consumer of a queue; `name` is the Azure function's name.

    `has_priority`: a person waits for the result. A host on which all functions share the
    processors then runs this function beside the requests. In Azure each function has instances of
    its own, so the priority changes nothing. The poison trigger never has priority.
    `at_once`: the items that a process of such a host runs at a time; None for as many as host.json
    says. A function whose items take the processor for long has few, so that they spread over the
    processes, and the others wait in their order.
    """

    name: str
    queue: str
    item: type[I]
    handler: Callable[[App, I], Awaitable[object]]
    has_priority: bool = False
    at_once: int | None = None

    @property
    def entry(self) -> dict[str, Any]:
        """The entry of the queue in functions/index.json."""
        entry = {"name": self.name, "queue": self.queue, "has_priority": self.has_priority}
        return entry if self.at_once is None else {**entry, "at_once": self.at_once}

    async def consume(self, app: App, text: str, *, last: bool, again: bool = False) -> None:
        """Process one item.

        `last`: this is the last attempt. `again`: an earlier attempt failed.

        Raises: the error of the attempt. The platform then tries again, or gives up.
        """
        item = self._decode(text)
        if again and item is not None:
            item = item.model_copy(update={"is_repeated": True})
        with app.telemetry.delivery(self.name, self.queue, item):
            if item is not None and item.due is not None and not again:
                telemetry.item_waited(self.queue, item.due, app.ports.clock.now())
            try:
                await self._run(app, item)
            except Exception as error:
                telemetry.failed(error)
                if last:
                    with contextlib.suppress(UnavailableError):
                        await app.operations.keep_dead_letter.note(self.queue, text, _reason(error))
                if isinstance(error, (UnavailableError, UnreadableItemError)):
                    raise
                # the platform logs the error's text, which may name a citizen
                raise FailedItemError(describe(error)) from None

    async def _run(self, app: App, item: I | None) -> None:
        if item is None:
            # the library's text would repeat the item, which names a citizen
            msg = f"an item of {self.queue} is not a {self.item.__name__}"
            raise UnreadableItemError(msg)
        try:
            await self._handle(app, item)
        except UnavailableError as error:
            if not await self._requeue(app, _again(error, item)):
                raise

    async def _handle(self, app: App, item: I) -> None:
        """Run the handler.

        Raises: UnavailableError for a fault of the machine; other errors as the handler does.
        """
        try:
            await self.handler(app, item)
        except OSError as error:
            if error.errno in _MACHINE_FAULTS:
                raise UnavailableError(f"the machine: {os.strerror(error.errno)}") from error
            raise

    async def dead_letter(self, app: App, text: str, *, last: bool = False) -> None:
        """Store a poisoned item with its reason, unless only an outage moved it here.

        An item without a known fault is run again, but not at the `last` attempt: the process has
        ended during each earlier attempt. An unreadable item has its reason from here too: an
        outage may have prevented the note of its last attempt.
        """
        item, poison = self._decode(text), self.queue + POISON_SUFFIX
        with app.telemetry.delivery(f"{self.name}_poison", poison, item, late=True):
            try:
                if item is None or last or not await self._rescue(app, item, text):
                    letters = app.operations.keep_dead_letter
                    if item is None:
                        await letters.note(self.queue, text, UNREADABLE)
                    message = item if isinstance(item, MessageSubmitted) else None
                    await letters(self.queue, text, message)
            except UnavailableError:
                # A new item, so that attempts in outages do not count: after the last attempt the
                # platform no longer runs an item of a poison queue.
                delay = timedelta(seconds=POISON_RETRY_SECONDS)
                await app.ports.queue.put(poison, text, delay=delay)

    async def _rescue(self, app: App, item: I, text: str) -> bool:
        """Run an item that has no known fault; return whether the run succeeded."""
        letters = app.operations.keep_dead_letter
        reason = await letters.reason(self.queue, text)
        now = app.ports.clock.now().timestamp()
        if (reason is not None and not reason.startswith(OUTAGE)) or (
            item.first_seen is not None and now - item.first_seen >= GIVE_UP_SECONDS
        ):
            return False
        try:
            await self._handle(app, item.model_copy(update={"is_repeated": True}))
        except RetryLaterError as error:
            await self._requeue(app, error.item)
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - the error becomes the reason
            await letters.note(self.queue, text, _reason(error))
            return False
        await letters.forget(self.queue, text)
        return True

    def _decode(self, text: str) -> I | None:
        """Return the item; None where the text is not an item of this queue."""
        try:
            return self.item.model_validate_json(text)
        except ValidationError:
            return None

    async def _requeue(self, app: App, item: Item) -> bool:
        """Put the item back with a delay; return False if the item is too old."""
        return await put_back(app.ports.queue, self.queue, item, app.ports.clock.now())


def _again(error: UnavailableError, item: Item) -> Item:
    return error.item if isinstance(error, RetryLaterError) else item


def _reason(error: Exception) -> str:
    return f"{OUTAGE if isinstance(error, UnavailableError) else ''}{describe(error)}"
