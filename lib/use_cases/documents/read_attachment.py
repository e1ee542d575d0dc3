"""Read the bytes of a file that a citizen has, whole or a range of them."""

from typing import Final, NamedTuple

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.attachments.attachment import PART_BYTES
from lib.domain.attachments.errors import (
    AttachmentNotFoundError,
    RangeNeededError,
    WrongRangeError,
)
from lib.domain.identity.access import Access
from lib.domain.shared.identifiers import AttachmentId, MessageId
from lib.ports.errors import NotFoundError
from lib.repositories.attachments.attachment_files import AttachmentFiles
from lib.repositories.attachments.attachments import Attachments
from lib.repositories.documents.kept_documents import KeptDocuments
from lib.use_cases.messages.read_message import ReadMessage

MOST_WHOLE: Final = 10 * 1024 * 1024
"""The largest file that one answer has: the platform holds a whole answer in memory."""


class ByteRange(NamedTuple):
    """The bytes from `first` to `last`, or to the end; a negative `first` counts from the end."""

    first: int
    last: int | None = None


class FilePart(NamedTuple):
    """Bytes of a file, and the place of the first one."""

    file: AttachedFile
    first: int
    content: bytes

    @property
    def is_whole(self) -> bool:
        """Whether these are all bytes of the file."""
        return len(self.content) == self.file.size


class ReadAttachment:
    """Give a citizen the files of messages in the inbox or the bin, and of the personal archive.

    A range gives no more bytes than one stored part has, from its first byte on; a client asks on.
    Cost: two point reads and one get; for a whole file one get for each 4 MiB.
    """

    def __init__(
        self,
        read: ReadMessage,
        attachments: Attachments,
        files: AttachmentFiles,
        kept: KeptDocuments,
    ) -> None:
        self._read = read
        self._attachments = attachments
        self._files = files
        self._kept = kept

    async def of_message(
        self, access: Access, message_id: MessageId, id_: str, asked: ByteRange | None = None
    ) -> FilePart:
        """Return bytes of a message's file.

        Raise MessageNotFoundError, AttachmentNotFoundError, WrongRangeError, RangeNeededError.
        """
        message = await self._read(access, message_id)
        for file in message.attachments:
            if file.id == id_:
                return await self._part(file, asked)
        raise AttachmentNotFoundError

    async def kept(self, access: Access, id_: str, asked: ByteRange | None = None) -> FilePart:
        """Return bytes of a file of the personal archive. Raise as of_message does."""
        entry = await self._kept.get(access.subject, id_)
        return await self._part(entry.file, asked)

    async def stored_part(self, id_: AttachmentId, number: int) -> bytes:
        """Return a stored part of a file that the citizen has. Raise AttachmentNotFoundError."""
        try:
            return await self._files.part(await self._attachments.get(id_), number)
        except NotFoundError:
            raise AttachmentNotFoundError from None

    async def _part(self, file: AttachedFile, asked: ByteRange | None) -> FilePart:
        if asked is not None:
            first = asked.first if asked.first >= 0 else max(0, file.size + asked.first)
            if first >= file.size:
                raise WrongRangeError(file.size)
            number = first // PART_BYTES
            part = await self.stored_part(file.id, number + 1)
            start = first - number * PART_BYTES
            end = None if asked.last is None else start + asked.last - first + 1
            return FilePart(file, first, part[start:end])
        if file.size > MOST_WHOLE:
            raise RangeNeededError
        count = -(-file.size // PART_BYTES)
        parts = [await self.stored_part(file.id, number) for number in range(1, count + 1)]
        return FilePart(file, 0, b"".join(parts))
