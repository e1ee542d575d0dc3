"""Delete the files of an erased citizen's messages, and of the personal archive."""

from typing import Final

from lib.repositories.attachments.attachment_files import AttachmentFiles
from lib.repositories.attachments.attachment_sweeps import AttachmentSweeps
from lib.repositories.attachments.attachments import Attachments

_PER_QUERY: Final = 100


class EraseAttachments:
    """Delete the bytes of each file, and then its document with its key.

    Cost: one query over all partitions for each hundred files; for each file a listing, a delete
    for each part and one for the document.
    Concurrency: a repeated run deletes what is left.
    """

    def __init__(
        self, sweeps: AttachmentSweeps, attachments: Attachments, files: AttachmentFiles
    ) -> None:
        self._sweeps = sweeps
        self._attachments = attachments
        self._files = files

    async def __call__(self, fiscal_code: str) -> None:
        """Return once no file is left. Raise UnavailableError."""
        while found := await self._sweeps.of_citizen(fiscal_code, _PER_QUERY):
            for attachment in found:
                await self._files.delete(attachment)
                await self._attachments.forget(attachment.id)
