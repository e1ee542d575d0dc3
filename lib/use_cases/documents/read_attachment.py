"""Read the bytes of a file that a citizen has, whole or a range of them."""

from lib.domain.attachments.errors import AttachmentNotFoundError
from lib.domain.identity.access import Access
from lib.domain.shared.identifiers import MessageId
from lib.repositories.documents.kept_documents import KeptDocuments
from lib.use_cases.attachments.read_file import ByteRange, FilePart, ReadFile
from lib.use_cases.messages.read_message import ReadMessage


class ReadAttachment:
    """Give a citizen the files of messages in the inbox or the bin, and of the personal archive.

    Cost: one point read, and that of ReadFile.
    """

    def __init__(self, read: ReadMessage, read_file: ReadFile, kept: KeptDocuments) -> None:
        self._read = read
        self._read_file = read_file
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
                return await self._read_file.part(file, asked)
        raise AttachmentNotFoundError

    async def kept(self, access: Access, id_: str, asked: ByteRange | None = None) -> FilePart:
        """Return bytes of a file of the personal archive. Raise as of_message does."""
        entry = await self._kept.get(access.subject, id_)
        return await self._read_file.part(entry.file, asked)
