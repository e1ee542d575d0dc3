"""Keep documents of messages in a citizen's personal archive."""

from lib.domain.attachments.errors import AttachmentNotFoundError
from lib.domain.documents.kept_document import KeptDocument
from lib.domain.identity.access import Access
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.attachments.attachments import Attachments
from lib.repositories.documents.kept_documents import KeptDocuments
from lib.use_cases.messages.read_message import ReadMessage


class KeepDocuments:
    """Keep, list and remove documents. A citizen keeps what came, so no limit is needed.

    Concurrency: a kept file stays although its message goes. SweepAttachments looks into the
    archive once more, a day after it found that nobody needs the file: so long no request takes.
    """

    def __init__(
        self, read: ReadMessage, attachments: Attachments, kept: KeptDocuments, clock: Clock
    ) -> None:
        self._read = read
        self._attachments = attachments
        self._kept = kept
        self._clock = clock

    async def __call__(
        self, access: Access, id_: str, message_id: MessageId | None, title: str | None
    ) -> KeptDocument:
        """Keep a file of a message, or give a kept one another title; return the entry.

        `message_id`: the message that has the file; not needed for a kept one. The same request
        again changes nothing. Raise AttachmentNotFoundError, MessageNotFoundError.
        Cost: one point read and one upsert; for a new entry two point reads more.
        """
        before = await self._kept.find(access.subject, id_)
        if before is None:
            before = await self._new(access, id_, message_id)
        entry = before if title is None else before._replace(title=title)
        await self._kept.put(access.subject, entry)
        return entry

    async def _new(self, access: Access, id_: str, message_id: MessageId | None) -> KeptDocument:
        if message_id is None:
            raise AttachmentNotFoundError
        message = await self._read(access, message_id)
        file = next((one for one in message.attachments if one.id == id_), None)
        if file is None:
            raise AttachmentNotFoundError
        # its bytes are there
        await self._attachments.get(file.id)
        now = timestamp(self._clock.now())
        sender = message.sender.organization_name
        return KeptDocument(file, message.title, message.id, sender, now)

    async def page(self, access: Access, size: int, before: str | None) -> list[KeptDocument]:
        """Return entries of the archive; see KeptDocuments.page."""
        return await self._kept.page(access.subject, size, before)

    async def remove(self, access: Access, id_: str) -> None:
        """Remove an entry. The file goes with its message, or at the next look where it is gone.

        Raise AttachmentNotFoundError for what is no id. Cost: one point read and one delete.
        """
        await self._kept.get(access.subject, id_)
        await self._kept.remove(access.subject, id_)
