"""The step that gives uploaded files to a message, as the area of files has it."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import AttachmentId, MessageId


class Attaching(Protocol):
    """The uploaded files of messages; see lib.use_cases.attachments.attach_files."""

    async def check(
        self, sender: Sender, ids: Sequence[AttachmentId], *, is_repeated: bool
    ) -> tuple[AttachedFile, ...]:
        """Return the files that a message names."""
        ...

    async def to_message(
        self, files: Iterable[AttachedFile], fiscal_code: str, message_id: MessageId
    ) -> None:
        """Attach the files to a message that is stored next."""
        ...

    async def release(self, files: Iterable[AttachedFile], message_id: MessageId) -> None:
        """Give back the files of a message that was not stored."""
        ...
