"""Take a citizen's request for a copy of all personal data, and give the copy."""

import contextlib
from datetime import timedelta
from typing import Final, NamedTuple

from ulid import ULID

from lib import telemetry
from lib.domain.identity.access import Access
from lib.domain.personal_data.data_request import DataRequest, RequestStatus, new_request
from lib.domain.personal_data.errors import ArchiveNotFoundError, DataRequestNotFoundError
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, UnavailableError
from lib.ports.queue import Queue
from lib.ports.queueing.items.citizens import UserDataRequested
from lib.ports.queueing.names import USER_DATA_REQUESTED
from lib.repositories.personal_data.archives import Archives
from lib.repositories.personal_data.data_requests import DataRequests
from lib.repositories.personal_data.erasures import Erasures
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.attachments.read_file import ByteRange, bytes_of

LATER: Final = timedelta(minutes=1)
"""After this time a queue function finds the request of a call that died after the write."""


MOST_WHOLE: Final = 10 * 1024 * 1024
"""The largest archive that one answer has: the platform holds a whole answer in memory."""


class ArchivePart(NamedTuple):
    """Bytes of an archive, and the place of the first one."""

    request: DataRequest
    first: int
    content: bytes


class RequestData:
    """Take requests, one after another, and give the archive of the last one."""

    def __init__(
        self,
        requests: DataRequests,
        erasures: Erasures,
        archives: Archives,
        queue: Queue,
        clock: Clock,
    ) -> None:
        self._requests = requests
        self._erasures = erasures
        self._archives = archives
        self._queue = queue
        self._clock = clock

    async def __call__(self, access: Access) -> DataRequest:
        """Store a request and return it; raise DataRequestOpenError, LeavingError.

        The item is queued before the request is stored, so that a crash after it loses nothing. An
        item without its request does nothing.
        Cost: three point reads, one write and two puts.
        Concurrency: one of several calls at the same time is accepted.
        """
        await self._erasures.refuse_leaving(access.subject)
        now = self._clock.now()
        id_ = str(ULID.from_datetime(now))
        before = await self._requests.get(access.subject)
        new_request(before and before.request, id_, now)
        item = UserDataRequested(fiscal_code=access.subject, request_id=id_)
        await self._put(item, LATER)

        async def attempt() -> DataRequest:
            stored = await self._requests.get(access.subject)
            if stored is not None and stored.request.id == id_:
                return stored.request
            request = new_request(stored and stored.request, id_, now)
            await self._requests.write(access.subject, request, stored and stored.etag)
            return request

        request = await until_written("a request for data", attempt)
        with contextlib.suppress(UnavailableError):
            await self._put(item, timedelta(0))
        return request

    async def read(self, access: Access) -> tuple[DataRequest, RequestStatus]:
        """Return the latest request and its status; raise DataRequestNotFoundError.

        Cost: one point read.
        """
        stored = await self._requests.get(access.subject)
        if stored is None:
            raise DataRequestNotFoundError
        return stored.request, stored.request.status_at(self._clock.now())

    async def archive(self, access: Access, asked: ByteRange | None = None) -> ArchivePart:
        """Return bytes of the archive, a ZIP file.

        Raise ArchiveNotFoundError, WrongRangeError, RangeNeededError.
        Cost: one point read, and one get for each 4 MiB.
        """
        stored = await self._requests.get(access.subject)
        name = stored and stored.request.archive_at(self._clock.now())
        if stored is None or not name:
            raise ArchiveNotFoundError
        request = stored.request
        try:
            first, content = await bytes_of(
                request.size,
                asked,
                lambda number: self._archives.part(name, number),
                most_whole=MOST_WHOLE,
            )
        except NotFoundError:
            raise ArchiveNotFoundError from None
        return ArchivePart(request, first, content)

    async def _put(self, item: UserDataRequested, delay: timedelta) -> None:
        stamped = telemetry.stamped(item, self._clock.now() + delay)
        await self._queue.put(USER_DATA_REQUESTED, stamped.text(), delay=delay)
