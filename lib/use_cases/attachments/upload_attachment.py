"""Take a file from its sender: announced first, then part by part, then completed."""

import hashlib
import secrets
from typing import Final

from ulid import ULID

from lib import telemetry
from lib.domain.attachments.attachment import UNATTACHED_LIFE, Attachment
from lib.domain.attachments.errors import (
    AttachmentNotFoundError,
    AttachmentStateError,
    ScannerOffError,
    WrongPartError,
)
from lib.domain.attachments.new_attachment import NewAttachment
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import AttachmentId, MessageId
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items.messages import AttachmentUploaded
from lib.ports.queueing.names import ATTACHMENT_UPLOADED
from lib.repositories.attachments.attachment_files import AttachmentFiles, new_key
from lib.repositories.attachments.attachments import Attachments
from lib.repositories.messages.idempotency_keys import IdempotencyClaim, IdempotencyKeys

_SHOWN: Final = 10


class UploadAttachment:
    """Take files of senders, which no message has yet.

    Concurrency: a part is stored once and never replaced, so that no part that comes late changes a
    file after its check. A crash before the item is queued is mended by the same request again, and
    by SweepAttachments.
    """

    def __init__(
        self,
        attachments: Attachments,
        files: AttachmentFiles,
        keys: IdempotencyKeys,
        queue: Queue,
        clock: Clock,
        *,
        has_scanner: bool,
    ) -> None:
        self._attachments = attachments
        self._files = files
        self._keys = keys
        self._queue = queue
        self._clock = clock
        self._has_scanner = has_scanner

    async def begin(
        self, sender: Sender, new: NewAttachment, idempotency_key: str | None = None
    ) -> tuple[Attachment, bool]:
        """Return the announced file, and whether an earlier request with the key announced it.

        Raise ScannerOffError, IdempotencyKeyReusedError.
        Cost: one create; one create more with an idempotency key.
        """
        if not self._has_scanner:
            raise ScannerOffError
        now = self._clock.now()
        id_, created_at = str(ULID.from_datetime(now)), timestamp(now)
        is_replayed = False
        if idempotency_key is not None:
            digest = hashlib.sha256(f"attachment\n{new.model_dump_json()}".encode()).hexdigest()
            claim = IdempotencyClaim(MessageId(id_), created_at, digest)
            earlier = await self._keys.claim(sender.key_owner, idempotency_key, claim)
            is_replayed = earlier.message_id != id_
            id_, created_at = str(earlier.message_id), earlier.created_at
        attachment = Attachment(
            id=AttachmentId(id_),
            service_id=sender.service.id,
            sender_user_id=sender.user_id,
            name=new.name,
            size=new.size,
            sha256=new.sha256,
            created_at=created_at,
            due_at=timestamp(parse_timestamp(created_at) + UNATTACHED_LIFE),
            place=secrets.token_urlsafe(24),
            key=new_key(),
        )
        if not await self._attachments.create(attachment):
            attachment = await self.read(sender, id_)
        return attachment, is_replayed

    async def put(self, sender: Sender, id_: str, number: int, content: bytes) -> Attachment:
        """Store a part. Raise AttachmentNotFoundError, AttachmentStateError, WrongPartError.

        Cost: one read and one put.
        """
        attachment = await self.read(sender, id_)
        attachment.require("UPLOADING")
        size = attachment.part_size(number)
        if len(content) != size:
            raise WrongPartError(number, size)
        await self._files.put(attachment, number, content)
        return attachment

    async def complete(self, sender: Sender, id_: str) -> Attachment:
        """Return the file, which is checked next; a repeated request changes nothing.

        Raise AttachmentNotFoundError, AttachmentStateError.
        Cost: two reads, one listing, one replace and one put in the queue.
        """
        attachment = await self.read(sender, id_)
        if attachment.status == "UPLOADING":
            missing = await self._files.missing(attachment)
            if missing:
                more = ", …" if len(missing) > _SHOWN else ""
                told = ", ".join(map(str, missing[:_SHOWN]))
                raise AttachmentStateError(f"parts are missing: {told}{more}")
            now = self._clock.now()
            attachment = await self._attachments.change(id_, lambda found: found.completed(now))
        if attachment.status == "CHECKING":
            await self.ask_for_check(attachment)
        return attachment

    async def ask_for_check(self, attachment: Attachment) -> None:
        """Queue the check of the file. Cost: one put."""
        item = telemetry.stamped(AttachmentUploaded(attachment_id=attachment.id), self._clock.now())
        await self._queue.put(ATTACHMENT_UPLOADED, item.text())

    async def read(self, sender: Sender, id_: str) -> Attachment:
        """Return a file of the sender's. Cost: one read. Raise AttachmentNotFoundError."""
        attachment = await self._attachments.get(id_)
        if not sender.owns(attachment.service_id, attachment.sender_user_id):
            raise AttachmentNotFoundError
        return attachment

    async def discard(self, sender: Sender, id_: str) -> None:
        """Give up a file that no message has. Raise AttachmentNotFoundError, AttachmentStateError.

        Its bytes are deleted a day later, when no part can be on its way any more.
        Cost: two reads and one replace.
        """
        await self.read(sender, id_)
        now = self._clock.now()

        def step(found: Attachment) -> Attachment:
            if found.status == "ATTACHED":
                raise AttachmentStateError("a message has the file: withdraw the message")
            if found.status == "SHARED":
                raise AttachmentStateError("a batch has the file: cancel the batch")
            return found if found.status == "RETIRED" else found.retired(now)

        await self._attachments.change(id_, step)
