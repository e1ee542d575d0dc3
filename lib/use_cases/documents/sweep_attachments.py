"""Look at files whose time has come, and delete those that nobody needs."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from lib.domain.attachments.attachment import CHECK_AGAIN, LONG_LOOK, LOOK, NEVER, Attachment
from lib.domain.attachments.errors import AttachmentNotFoundError
from lib.domain.batches.errors import BatchNotFoundError
from lib.domain.shared.identifiers import AttachmentId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.attachments.attachment_files import AttachmentFiles
from lib.repositories.attachments.attachment_sweeps import AttachmentSweeps
from lib.repositories.attachments.attachments import Attachments
from lib.repositories.batches.batches import Batches
from lib.repositories.documents.kept_documents import KeptDocuments
from lib.repositories.messages.messages import Messages

PER_QUERY: Final = 100
MAX_RUN_SECONDS: Final = 120.0
_GONE: Final = frozenset({"REJECTED", "WITHDRAWN", "REMOVED"})
"""The statuses of a message that its citizen does not have, and will not get any more."""
_DELIVERED: Final = frozenset({"PROCESSED", "BINNED"})


class SweepAttachments:
    """Delete the bytes, then the documents, of files that nobody needs.

    Needed is a file whose message its citizen has or may still get, a file of a personal archive,
    and a file of a batch that was sent or may still be. A file is retired first, and deleted at the
    next look, a day later: a request that uses it has ended by then. A look at a retired file finds
    what was kept meanwhile.
    Cost: one query over all partitions; for each file one read, one replace, and one or two reads
    more for one that a message has; for one that is deleted a listing and a delete for each part.
    Concurrency: a repeated run changes nothing; a change of a file meanwhile counts first.
    """

    def __init__(
        self,
        sweeps: AttachmentSweeps,
        attachments: Attachments,
        files: AttachmentFiles,
        messages: Messages,
        kept: KeptDocuments,
        batches: Batches,
        ask_for_check: Callable[[Attachment], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._sweeps = sweeps
        self._attachments = attachments
        self._files = files
        self._messages = messages
        self._kept = kept
        self._batches = batches
        self._ask_for_check = ask_for_check
        self._clock = clock

    async def __call__(self) -> int:
        """Return the number of files found. The next run goes on where this one ended."""
        end, count = time.monotonic() + MAX_RUN_SECONDS, 0
        while time.monotonic() < end:
            found = await self._sweeps.due(self._clock.now(), PER_QUERY)
            await asyncio.gather(*(self._look(one) for one in found))
            count += len(found)
            if len(found) < PER_QUERY:
                break
        return count

    async def _look(self, id_: AttachmentId) -> None:
        with contextlib.suppress(AttachmentNotFoundError):
            attachment, now = await self._attachments.get(id_), self._clock.now()
            is_over = attachment.expires_at <= timestamp(now)
            match attachment.status:
                case "REFUSED" | "RETIRED" if attachment.status == "RETIRED" or is_over:
                    await self._delete(attachment)
                case "REFUSED":
                    # a part that was being stored at the refusal
                    await self._files.delete(attachment)
                    await self._put_off(attachment)
                case "CHECKING" if not is_over:
                    await self._ask_for_check(attachment)
                    await self._put_off(attachment)
                case "ATTACHED":
                    await self._settle(attachment, await self._needed_for(attachment))
                case "SHARED":
                    await self._look_at_shared(attachment)
                case _:
                    await self._settle(attachment, None)

    async def _look_at_shared(self, attachment: Attachment) -> None:
        """Keep the file of a batch that was sent, free that of a batch that does not exist.

        The file of a batch that was cancelled before it was sent is retired.
        """
        try:
            batch = await self._batches.get(attachment.service_id, attachment.batch_id or "")
        except BatchNotFoundError:
            await self._change(attachment, lambda found: found.without_batch(found.batch_id))
            return
        now = self._clock.now()
        if batch.began_at is not None:
            await self._change(attachment, lambda found: replace(found, due_at=NEVER))
        elif batch.is_ended:
            await self._change(attachment, lambda found: found.retired(now))
        else:
            due = timestamp(now + LOOK)
            await self._change(attachment, lambda found: replace(found, due_at=due))

    async def _delete(self, attachment: Attachment) -> None:
        needed = await self._needed_for(attachment)
        if needed is not None:
            await self._settle(attachment, needed)
            return
        await self._files.delete(attachment)
        await self._attachments.forget(attachment.id)

    async def _needed_for(self, attachment: Attachment) -> timedelta | None:
        """Return after which time to look again; None where nobody needs the file."""
        fiscal_code, message_id = attachment.fiscal_code, attachment.message_id
        if fiscal_code is None or message_id is None:
            return None
        if await self._kept.find(fiscal_code, attachment.id) is not None:
            return LONG_LOOK
        found = await self._messages.find(fiscal_code, message_id)
        if found is None or found.message.status in _GONE:
            return None
        return LONG_LOOK if found.message.status in _DELIVERED else LOOK

    async def _settle(self, attachment: Attachment, after: timedelta | None) -> None:
        now = self._clock.now()
        await self._change(
            attachment,
            lambda found: found.retired(now) if after is None else found.looked_at(after, now),
        )

    async def _change(
        self, attachment: Attachment, change: Callable[[Attachment], Attachment]
    ) -> None:
        """Change the file, unless it has changed since it was read."""

        def step(found: Attachment) -> Attachment:
            if (found.status, found.due_at) != (attachment.status, attachment.due_at):
                return found
            return change(found)

        await self._attachments.change(attachment.id, step)

    async def _put_off(self, attachment: Attachment) -> None:
        """Look at a file that is being checked in an hour, at a refused one at its end."""
        now = self._clock.now()

        def step(found: Attachment) -> Attachment:
            if found.status != attachment.status:
                return found
            return found.put_off(now + CHECK_AGAIN)

        await self._attachments.change(attachment.id, step)
