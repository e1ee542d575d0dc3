"""Store the list of a batch's recipients, and ask for its check."""

from collections.abc import AsyncIterator
from typing import Any

import orjson

from lib import telemetry
from lib.domain.batches.batch import Batch
from lib.domain.batches.recipients.recipient_list import Upload
from lib.domain.services.service import Sender
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items.batches import BatchUploaded
from lib.ports.queueing.names import BATCH_UPLOADED
from lib.repositories.batches.batch_files import PART_BYTES, BatchFiles
from lib.repositories.batches.batches import Batches
from lib.repositories.batches.file_sets import FileSets
from lib.use_cases.batches.find_sender import FindSender


class UploadRecipients:
    """Store a list, and let the batch name it.

    Cost: one put for each 4 MiB of the list; two reads, one create, one replace and one put.
    Concurrency: of two lists at the same time the later one counts. The bytes are stored before the
    batch names them. A crash in between leaves bytes that no batch names, which ExpireBatches
    deletes; a crash before the item is queued is mended by WakeBatches.
    """

    def __init__(
        self,
        batches: Batches,
        files: BatchFiles,
        sets: FileSets,
        find_sender: FindSender,
        queue: Queue,
        clock: Clock,
    ) -> None:
        self._batches = batches
        self._files = files
        self._sets = sets
        self._find_sender = find_sender
        self._queue = queue
        self._clock = clock

    async def __call__(
        self, sender: Sender, batch_id: str, media_type: str, content: bytes
    ) -> Batch:
        """Return the batch, whose new list is checked next.

        Raise BatchNotFoundError, BatchForbiddenError, BatchStateError.
        """
        batch = await self._batches.get(sender.service.id, batch_id)
        await self._find_sender.check_may_change(sender, batch)
        now = self._clock.now()
        # a batch that takes no list is refused before its bytes are stored
        batch.uploaded(Upload(0, "", 0, "", 0, ""), now)
        blob = await self._sets.open(batch, now)
        stored = await self._files.store_list(blob, media_type, _split(content))
        batch = await self._batches.change(
            sender.service.id, batch_id, lambda found: found.uploaded(numbered(found, stored), now)
        )
        await self.ask_for_check(batch)
        return batch

    async def rows(self, sender: Sender, batch_id: str, rows: list[dict[str, Any]]) -> Batch:
        """Store rows that came with the batch itself, as a list of JSON. Raise as a call does."""
        return await self(sender, batch_id, "application/json", orjson.dumps(rows))

    async def ask_for_check(self, batch: Batch) -> None:
        """Queue the check of the batch's list. Cost: one put."""
        if batch.upload is None:
            return
        item = BatchUploaded(
            service_id=batch.service_id, batch_id=batch.id, upload=batch.upload.number
        )
        now = self._clock.now()
        await self._queue.put(BATCH_UPLOADED, telemetry.stamped(item, now).text())


def numbered(batch: Batch, upload: Upload) -> Upload:
    """Return the upload with its number in the batch."""
    return upload.numbered(1 if batch.upload is None else batch.upload.number + 1)


async def _split(content: bytes) -> AsyncIterator[memoryview]:
    view = memoryview(content)
    for start in range(0, max(1, len(content)), PART_BYTES):
        yield view[start : start + PART_BYTES]
