"""Files that come with messages."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to attach to one message.

    `status`: UPLOADING, CHECKING, READY, REFUSED, ATTACHED or RETIRED. `refusal`: WRONG_HASH,
    INFECTED or WRONG_FORM, with `refusal_detail` in words. `expires_at`: when it is deleted, if no
    message has it by then.
    """

    id: str
    name: str
    content_type: str
    size: int
    sha256: str
    status: str
    parts: int
    created_at: datetime
    expires_at: datetime | None = None
    refusal: str | None = None
    refusal_detail: str | None = None

    @property
    def is_ready(self) -> bool:
        """Whether a message can have the file."""
        return self.status == "READY"
