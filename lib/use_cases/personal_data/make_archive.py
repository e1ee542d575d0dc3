"""Make the archive of a citizen's request, and delete it when it has expired."""

import secrets
import tempfile
from datetime import timedelta
from typing import Final

from lib.domain.personal_data.data_request import KEPT
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.ports.queue import Queue
from lib.ports.queueing.items.citizens import UserDataRequested
from lib.ports.queueing.items.notifications import NotificationChannel
from lib.ports.queueing.names import USER_DATA_REQUESTED
from lib.repositories.personal_data.archives import Archives
from lib.repositories.personal_data.data_requests import DataRequests, StoredRequest
from lib.repositories.scheduling.schedule import Entry, Schedule
from lib.use_cases.personal_data.collect_data import CollectData

_MARGIN: Final = timedelta(days=1)
"""The time after the expiry of an archive after which it is deleted."""


class MakeArchive:
    """Process an item of a request: make the archive, or delete an expired one.

    A secret name and the entry that deletes all below it are stored before the archive, so that no
    crash leaves an archive that nobody deletes. The archive is written to a file of the machine,
    then stored in parts.
    Cost: one point read, three writes, one put for each 4 MiB, and those of CollectData; a put for
    each channel.
    Concurrency: each run stores an archive of its own below the name, since the data may change
    between two runs. The first one that closes the request has the archive that is given.
    """

    def __init__(
        self,
        requests: DataRequests,
        collect: CollectData,
        schedule: Schedule,
        archives: Archives,
        queue: Queue,
        clock: Clock,
        channels: frozenset[NotificationChannel],
    ) -> None:
        self._requests = requests
        self._collect = collect
        self._schedule = schedule
        self._archives = archives
        self._queue = queue
        self._clock = clock
        self._channels = channels

    async def __call__(self, item: UserDataRequested) -> None:
        """Return once the archive is stored and its citizen will be told.

        An item of an earlier request does nothing. Raise UnavailableError.
        """
        stored = await self._requests.get(item.fiscal_code)
        if stored is None or stored.request.id != item.request_id:
            return
        if stored.request.status == "PENDING":
            begun = stored.request.begun(secrets.token_urlsafe(32), self._clock.now())
            try:
                etag = await self._requests.write(item.fiscal_code, begun, stored.etag)
            except PreconditionFailedError:
                # another run has begun, and its item comes again if it dies
                return
            stored = StoredRequest(begun, etag)
        if stored.request.status == "WIP" and not await self._make(item, stored):
            return
        for channel in sorted(self._channels):
            told = UserDataRequested(
                fiscal_code=item.fiscal_code, request_id=item.request_id, tell=channel
            )
            await self._queue.put(USER_DATA_REQUESTED, told.text())

    async def expire(self, archive: str) -> None:
        """Delete all below the name of an archive. Cost: that of Archives.delete."""
        await self._archives.delete(archive)

    async def _make(self, item: UserDataRequested, stored: StoredRequest) -> bool:
        """Store the archive; return False if another run closed the request meanwhile."""
        request, now = stored.request, self._clock.now()
        name = str(request.archive)
        expiry = UserDataRequested(
            fiscal_code=item.fiscal_code, request_id=item.request_id, expired=name
        )
        due = now + KEPT + _MARGIN
        await self._schedule.put(Entry(USER_DATA_REQUESTED, request.id, due, expiry), now)
        own = f"{name}/{secrets.token_hex(4)}"
        # it has no name, so its space is freed at a kill too
        with tempfile.TemporaryFile() as file:
            await self._collect(item.fiscal_code, file)
            size = await self._archives.store(own, file)
        try:
            closed = request.closed(own, size, self._clock.now())
            await self._requests.write(item.fiscal_code, closed, stored.etag)
        except PreconditionFailedError:
            return False
        except NotFoundError:
            # the citizen's data is being erased, and so is the entry that would delete the archive
            await self.expire(name)
            return False
        return True
