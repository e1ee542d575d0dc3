"""A file that a sender uploads, and its way to a citizen."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.attachments.errors import AttachmentStateError
from lib.domain.attachments.forms.media_types import MEDIA_TYPES, ending_of
from lib.domain.shared.identifiers import AttachmentId, BatchId, FiscalCode, MessageId, ServiceId
from lib.domain.shared.values import parse_timestamp, timestamp

PART_BYTES: Final = 4 * 1024 * 1024
"""The size of each part but the last one: what a process holds of a file."""
MOST_BYTES: Final = 50 * 1024 * 1024
UNATTACHED_LIFE: Final = timedelta(days=7)
"""The life of a file that no message has."""
CHECK_AGAIN: Final = timedelta(hours=1)
"""Longer than a check waits without an outage."""
LOOK: Final = timedelta(days=1)
"""Longer than any request or check that may still use a file."""
LONG_LOOK: Final = timedelta(days=30)
"""The time between two looks at the file of a delivered message."""
NEVER: Final = "9999-12-31T00:00:00.000Z"
"""When a file that a batch has sent is looked at: its messages keep it, as they keep their text."""
CLAIM_LIFE: Final = timedelta(minutes=10)
"""Longer than any request that attaches a file and then stores its message."""

AttachmentStatus = Literal[
    "UPLOADING", "CHECKING", "READY", "REFUSED", "ATTACHED", "SHARED", "RETIRED"
]
"""ATTACHED: a message has it. SHARED: a batch has it, and so have all of its messages.

RETIRED: nobody needs the file any more; its bytes are deleted at the next look.
"""
Refusal = Literal["WRONG_HASH", "INFECTED", "WRONG_FORM"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file; times as `values.timestamp` writes them.

    `place`: the secret prefix of its blobs. `key`: the key of its bytes, in base64: a blob without
    this document is unreadable. `fiscal_code`, `message_id`: the message that has it. `batch_id`:
    the batch.
    """

    id: AttachmentId
    service_id: ServiceId
    sender_user_id: str
    name: str
    size: int
    sha256: str
    created_at: str
    due_at: str
    status: AttachmentStatus = "UPLOADING"
    refusal: Refusal | None = None
    refusal_detail: str | None = None
    fiscal_code: FiscalCode | None = field(default=None, repr=False)
    message_id: MessageId | None = None
    batch_id: BatchId | None = None
    attached_at: str | None = None
    place: str = field(repr=False)
    key: str = field(repr=False)

    @property
    def media_type(self) -> str:
        """The media type that its name says, and its content has."""
        return MEDIA_TYPES[ending_of(self.name)]

    @property
    def parts(self) -> int:
        """The number of its parts."""
        return -(-self.size // PART_BYTES)

    @property
    def expires_at(self) -> str:
        """Until when it is kept without a message."""
        return timestamp(parse_timestamp(self.created_at) + UNATTACHED_LIFE)

    @property
    def file(self) -> AttachedFile:
        """The part of it that its message has."""
        return AttachedFile(self.id, self.name, self.media_type, self.size, self.sha256)

    def part_size(self, number: int) -> int:
        """Return the size of a part; 0 for a number that it does not have."""
        start = (number - 1) * PART_BYTES
        return max(0, min(PART_BYTES, self.size - start))

    def require(self, status: AttachmentStatus) -> None:
        """Refuse a step that needs this status. Raise AttachmentStateError."""
        if self.status != status:
            raise AttachmentStateError(f"the file is {self.status}, and not {status}")

    def completed(self, now: datetime) -> "Attachment":
        """Return the file whose parts are all there, and which is to be checked."""
        if self.status == "CHECKING":
            return self
        self.require("UPLOADING")
        return replace(self, status="CHECKING", due_at=timestamp(now + CHECK_AGAIN))

    def checked(self, refusal: Refusal | None, detail: str | None, now: datetime) -> "Attachment":
        """Return the file after its check; one that another check has ended stays as it is."""
        if self.status != "CHECKING":
            return self
        if refusal is None:
            return replace(self, status="READY", due_at=self.expires_at)
        # parts that are being stored now are deleted at the look
        due = timestamp(now + LOOK)
        return replace(self, status="REFUSED", refusal=refusal, refusal_detail=detail, due_at=due)

    def is_attached_to(self, message_id: MessageId) -> bool:
        """Tell whether this message has the file, or had it."""
        return self.message_id == message_id and self.status in {"ATTACHED", "RETIRED"}

    def attached(self, fiscal_code: str, message_id: MessageId, now: datetime) -> "Attachment":
        """Return the file as the message's, and so its citizen's."""
        return replace(
            self,
            status="ATTACHED",
            fiscal_code=FiscalCode(fiscal_code),
            message_id=message_id,
            attached_at=timestamp(now),
            due_at=timestamp(now + LOOK),
        )

    def shared(self, batch_id: BatchId, now: datetime) -> "Attachment":
        """Return the file as the batch's; the same batch again changes nothing.

        Raise AttachmentStateError.
        """
        if self.status == "SHARED" and self.batch_id == batch_id:
            return self
        self.require("READY")
        due = timestamp(now + LOOK)
        return replace(self, status="SHARED", batch_id=batch_id, due_at=due)

    def is_claim_over(self, now: datetime) -> bool:
        """Tell whether a message that does not exist by now will never come to exist."""
        return now - parse_timestamp(self.attached_at or self.created_at) > CLAIM_LIFE

    def released(self, message_id: MessageId) -> "Attachment":
        """Return the file of a message that was not stored, to be attached again."""
        if not (self.status == "ATTACHED" and self.message_id == message_id):
            return self
        return replace(
            self,
            status="READY",
            fiscal_code=None,
            message_id=None,
            attached_at=None,
            due_at=self.expires_at,
        )

    def without_batch(self, batch_id: BatchId | None) -> "Attachment":
        """Return the file of a batch that was not stored, to be attached again."""
        if not (self.status == "SHARED" and self.batch_id == batch_id):
            return self
        return replace(self, status="READY", batch_id=None, due_at=self.expires_at)

    def put_off(self, moment: datetime) -> "Attachment":
        """Return the file to be looked at then; a refused one at its end."""
        due = self.expires_at if self.status == "REFUSED" else timestamp(moment)
        return replace(self, due_at=due)

    def retired(self, now: datetime) -> "Attachment":
        """Return the file that nobody needs any more."""
        return replace(self, status="RETIRED", due_at=timestamp(now + LOOK))

    def looked_at(self, after: timedelta, now: datetime) -> "Attachment":
        """Return the file that is needed, to be looked at again."""
        return replace(self, status="ATTACHED", due_at=timestamp(now + after))
