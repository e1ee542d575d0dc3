"""A document that a citizen keeps, whatever becomes of the message that brought it."""

from typing import NamedTuple

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.shared.identifiers import MessageId


class KeptDocument(NamedTuple):
    """An entry of the personal archive; `kept_at` as `values.timestamp` writes it.

    `title`: the citizen's own name for it. `sender`: the administration that sent it.
    """

    file: AttachedFile
    title: str
    message_id: MessageId
    sender: str
    kept_at: str

    def __repr__(self) -> str:
        """Return the id of the file only: the rest is personal data."""
        return f"{type(self).__name__}(id={self.file.id!r})"
