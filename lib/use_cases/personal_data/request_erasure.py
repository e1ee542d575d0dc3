"""Take a citizen's request for the deletion of all data, and take it back."""

import contextlib
from datetime import timedelta

from ulid import ULID

from lib import telemetry
from lib.domain.identity.access import Access
from lib.domain.personal_data.erasure_request import ErasureRequest, new_erasure
from lib.domain.personal_data.errors import DataRequestNotFoundError
from lib.domain.shared.values import parse_timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queue import Queue
from lib.ports.queueing.items.citizens import ErasureDue
from lib.ports.queueing.items.notifications import NotificationChannel
from lib.ports.queueing.names import ERASURE_DUE
from lib.repositories.personal_data.erasures import Erasures
from lib.repositories.scheduling.schedule import Entry, Schedule
from lib.repositories.shared.optimistic import until_written


class RequestErasure:
    """Take requests, one after another. `grace`: the time in which the citizen can take it back."""

    def __init__(
        self,
        erasures: Erasures,
        schedule: Schedule,
        queue: Queue,
        clock: Clock,
        channels: frozenset[NotificationChannel],
        *,
        grace: timedelta,
    ) -> None:
        self._erasures = erasures
        self._schedule = schedule
        self._queue = queue
        self._clock = clock
        self._channels = channels
        self._grace = grace

    async def __call__(self, access: Access) -> ErasureRequest:
        """Store a request and return it; raise DataRequestOpenError, UnavailableError.

        The entry that begins the erasure is stored before the request, so that a crash after it
        loses nothing. An entry without its request does nothing.
        Cost: two point reads, two writes, and a put for each channel.
        Concurrency: one of several calls at the same time is accepted.
        """
        now = self._clock.now()
        id_ = str(ULID.from_datetime(now))
        before = await self._erasures.get(access.subject)
        wanted = new_erasure(before and before.request, id_, now, self._grace)
        item = ErasureDue(fiscal_code=access.subject, request_id=id_)
        due_at = parse_timestamp(wanted.due_at)
        await self._schedule.put(Entry(ERASURE_DUE, id_, due_at, item), now)

        async def attempt() -> ErasureRequest:
            stored = await self._erasures.get(access.subject)
            if stored is not None and stored.request.id == id_:
                return stored.request
            request = new_erasure(stored and stored.request, id_, now, self._grace)
            await self._erasures.write(access.subject, request, stored and stored.etag)
            return request

        request = await until_written("a request for deletion", attempt)
        for channel in sorted(self._channels):
            told = item.model_copy(update={"tell": channel})
            with contextlib.suppress(UnavailableError):
                await self._queue.put(ERASURE_DUE, telemetry.stamped(told, now).text())
        return request

    async def read(self, access: Access) -> ErasureRequest:
        """Return the latest request; raise DataRequestNotFoundError. Cost: one point read."""
        stored = await self._erasures.get(access.subject)
        if stored is None:
            raise DataRequestNotFoundError
        return stored.request

    async def abort(self, access: Access) -> None:
        """Take the request back; raise DataRequestNotFoundError, ErasureNotPendingError.

        Cost: one point read and one write.
        Concurrency: either the erasure begins or the request is aborted.
        """

        async def attempt() -> None:
            stored = await self._erasures.get(access.subject)
            if stored is None:
                raise DataRequestNotFoundError
            aborted = stored.request.aborted(self._clock.now())
            await self._erasures.write(access.subject, aborted, stored.etag)

        await until_written("a request for deletion", attempt)
