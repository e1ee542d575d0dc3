"""Store a list of recipients that comes in numbered parts, and complete it."""

from collections.abc import AsyncIterator
from typing import Final

from lib.domain.batches.batch import Batch
from lib.domain.batches.errors import ListPartsError
from lib.domain.batches.recipients.problem import MAX_BYTES
from lib.domain.batches.recipients.recipient_list import Upload
from lib.domain.batches.status import BatchStatus
from lib.domain.services.service import Sender
from lib.ports.clock import Clock
from lib.repositories.batches.batch_files import BatchFiles
from lib.repositories.batches.batches import Batches
from lib.repositories.batches.file_sets import FileSets
from lib.use_cases.batches.checking.upload_recipients import UploadRecipients, numbered
from lib.use_cases.batches.find_sender import FindSender

_NOTHING: Final = Upload(0, "", 0, "", 0, "")
_SHOWN: Final = 10


class UploadParts:
    """Store the parts of a list, and let the batch name the whole list once it is complete.

    Concurrency: a batch has one list that is not complete; a part replaces an earlier one of its
    number. The completion copies the parts to files of their own, so that no part that comes late
    changes a list that is checked, and computes the hash of what it copies.
    """

    def __init__(
        self,
        batches: Batches,
        files: BatchFiles,
        sets: FileSets,
        find_sender: FindSender,
        upload: UploadRecipients,
        clock: Clock,
    ) -> None:
        self._batches = batches
        self._files = files
        self._sets = sets
        self._find_sender = find_sender
        self._upload = upload
        self._clock = clock

    async def put(self, sender: Sender, batch_id: str, number: int, content: bytes) -> None:
        """Store a part. Raise BatchNotFoundError, BatchForbiddenError, BatchStateError.

        Cost: one read and one put; for the first part of a list one create, one read and one
        replace more.
        """
        batch = await self._batches.get(sender.service.id, batch_id)
        await self._find_sender.check_may_change(sender, batch)
        now = self._clock.now()
        batch.uploaded(_NOTHING, now)
        if batch.part_files is None:
            blob = await self._sets.open(batch, now)
            batch = await self._batches.change(
                sender.service.id, batch_id, lambda found: found.with_parts(blob)
            )
        if batch.part_files is not None:
            await self._files.store_part(batch.part_files, number, content)

    async def complete(
        self, sender: Sender, batch_id: str, *, media_type: str, parts: int, sha256: str
    ) -> Batch:
        """Return the batch, whose new list is checked next; a repeated request changes nothing.

        Raise BatchNotFoundError, BatchForbiddenError, BatchStateError; ListPartsError where a part
        is missing, or the parts are not the list of this hash.
        Cost: two reads, one listing, one create, one get and one put for each part, one replace
        and one put in the queue.
        """
        batch = await self._batches.get(sender.service.id, batch_id)
        await self._find_sender.check_may_change(sender, batch)
        upload, blob, now = batch.upload, batch.part_files, self._clock.now()
        asked = (sha256, media_type)
        if blob is None and upload is not None and asked == (upload.sha256, upload.media_type):
            # the same request again, after a lost answer
            if batch.status is BatchStatus.CHECKING:
                await self._upload.ask_for_check(batch)
            return batch
        batch.uploaded(_NOTHING, now)
        stored = await self._stored(batch, blob, media_type, parts, sha256)

        def step(found: Batch) -> Batch:
            after = found.uploaded(numbered(found, stored), now)
            return after.without_parts(blob or "")

        batch = await self._batches.change(sender.service.id, batch_id, step)
        await self._upload.ask_for_check(batch)
        return batch

    async def _stored(
        self, batch: Batch, blob: str | None, media_type: str, parts: int, sha256: str
    ) -> Upload:
        """Store the whole list. Raise ListPartsError."""
        missing = list(range(1, parts + 1))
        if blob is not None:
            missing = await self._files.missing_parts(blob, parts)
        if missing or blob is None:
            more = ", …" if len(missing) > _SHOWN else ""
            told = ", ".join(map(str, missing[:_SHOWN]))
            raise ListPartsError(f"parts are missing: {told}{more}")
        place = await self._sets.open(batch, self._clock.now())
        content = _limited(self._files.parts(blob, parts))
        stored = await self._files.store_list(place, media_type, content)
        if stored.sha256 != sha256:
            raise ListPartsError(
                f"the {parts} parts have the hash {stored.sha256}: send the wrong ones again"
            )
        return stored


async def _limited(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    size = 0
    async for part in parts:
        size += len(part)
        if size > MAX_BYTES:
            raise ListPartsError(f"the list has more than {MAX_BYTES} bytes")
        yield part
