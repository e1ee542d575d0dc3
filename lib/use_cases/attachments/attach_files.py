"""Attach uploaded files to a message: from then on they are its citizen's."""

import contextlib
from collections.abc import Iterable, Sequence
from typing import Final

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.attachments.attachment import Attachment
from lib.domain.attachments.errors import AttachmentNotFoundError, AttachmentStateError
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import AttachmentId, BatchId, FiscalCode, MessageId
from lib.ports.clock import Clock
from lib.repositories.attachments.attachments import Attachments
from lib.repositories.messages.messages import Messages

_TAKEN: Final = "another message has the file"


class _HeldError(Exception):
    """Another message has the file, or is about to have it."""

    def __init__(self, attachment: Attachment) -> None:
        super().__init__()
        self.attachment = attachment


class AttachFiles:
    """Check the files that a message names, and attach them to it.

    The files are attached before the message is stored. A crash in between leaves files of a
    message that does not exist: the same request with its idempotency key goes on, another message
    may take them after CLAIM_LIFE, and SweepAttachments deletes them.
    Concurrency: of two messages at the same time one gets the file, by the ETag of its document.
    """

    def __init__(self, attachments: Attachments, messages: Messages, clock: Clock) -> None:
        self._attachments = attachments
        self._messages = messages
        self._clock = clock

    async def check(
        self, sender: Sender, ids: Sequence[AttachmentId], *, is_repeated: bool
    ) -> tuple[AttachedFile, ...]:
        """Return the files that a message names.

        `is_repeated`: the message may have them from an earlier request with its key. Raise
        AttachmentNotFoundError, AttachmentStateError.
        Cost: one point read for each file, and one more for a file that a message has.
        """
        return tuple(
            [
                (await self._checked(sender, id_, place, is_repeated=is_repeated)).file
                for place, id_ in enumerate(ids)
            ]
        )

    async def _checked(
        self, sender: Sender, id_: AttachmentId, place: int, *, is_repeated: bool
    ) -> Attachment:
        pointer = f"/attachments/{place}"
        try:
            found = await self._attachments.get(id_)
        except AttachmentNotFoundError:
            raise AttachmentNotFoundError(pointer) from None
        if not sender.owns(found.service_id, found.sender_user_id):
            raise AttachmentNotFoundError(pointer)
        if found.batch_id is not None:
            # an earlier request with the key may have given it to its batch, which is found then
            if not is_repeated:
                found.require("READY")
        elif found.message_id is None:
            found.require("READY")
        elif not is_repeated:
            await self._check_free(found)
        return found

    async def to_message(
        self, files: Iterable[AttachedFile], fiscal_code: str, message_id: MessageId
    ) -> None:
        """Attach the files to a message that is stored next. Raise AttachmentStateError.

        The same message again changes nothing. Cost: one read and one replace for each file.
        """
        for one in files:
            await self._attach(one.id, fiscal_code, message_id)

    async def to_batch(self, files: Iterable[AttachedFile], batch_id: BatchId) -> None:
        """Attach the files to a batch that is stored next. Raise AttachmentStateError.

        The same batch again changes nothing. After a crash in between, SweepAttachments frees the
        files a day later. Cost: one read and one replace for each file.
        """
        now, files = self._clock.now(), tuple(files)
        try:
            for one in files:
                await self._attachments.change(one.id, lambda found: found.shared(batch_id, now))
        except AttachmentStateError:
            for one in files:
                await self._attachments.change(one.id, lambda found: found.without_batch(batch_id))
            raise

    async def _attach(self, id_: AttachmentId, fiscal_code: str, message_id: MessageId) -> None:
        now, holder = self._clock.now(), None

        def step(found: Attachment) -> Attachment:
            if found.is_attached_to(message_id):
                return found
            if found.message_id != holder:
                raise _HeldError(found)
            if holder is None:
                found.require("READY")
            return found.attached(fiscal_code, message_id, now)

        try:
            await self._attachments.change(id_, step)
        except _HeldError as held:
            await self._check_free(held.attachment)
            holder = held.attachment.message_id
            try:
                await self._attachments.change(id_, step)
            except _HeldError:
                raise AttachmentStateError(_TAKEN) from None

    async def _check_free(self, found: Attachment) -> None:
        """Refuse a file that another message has, or may still get. Raise AttachmentStateError."""
        if found.status != "ATTACHED":
            raise AttachmentStateError("the file is not kept any more")
        if not found.is_claim_over(self._clock.now()):
            raise AttachmentStateError(_TAKEN)
        holder = found.fiscal_code or FiscalCode(""), found.message_id or MessageId("")
        if await self._messages.find(*holder) is not None:
            raise AttachmentStateError(_TAKEN)

    async def release(self, files: Iterable[AttachedFile], message_id: MessageId) -> None:
        """Give back the files of a message that was not stored. Cost: as of to_message."""
        for one in files:
            with contextlib.suppress(AttachmentNotFoundError):
                await self._attachments.change(one.id, lambda found: found.released(message_id))
