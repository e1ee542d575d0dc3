"""The statuses of a batch."""

from enum import StrEnum
from typing import Final


class BatchStatus(StrEnum):
    """The status of a batch.

    DRAFT: it has no recipients yet. CHECKING: its rows are checked. CHECKED: it may be sent.
    TO_APPROVE: it waits for a second person. SCHEDULED: it waits for its start. RUNNING: its rows
    are sent. PAUSED: no further row is sent for now. CANCELLED: no further row is sent at all.
    FINISHED: each row has its outcome. WITHDRAWING: no further row is sent, and the messages are
    withdrawn. WITHDRAWN: each message is withdrawn, or has its reason why it is not.
    """

    DRAFT = "DRAFT"
    CHECKING = "CHECKING"
    CHECKED = "CHECKED"
    TO_APPROVE = "TO_APPROVE"
    SCHEDULED = "SCHEDULED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    CANCELLED = "CANCELLED"
    FINISHED = "FINISHED"
    WITHDRAWING = "WITHDRAWING"
    WITHDRAWN = "WITHDRAWN"


class Lane(StrEnum):
    """How the rows of a batch share the machine with other work."""

    URGENT = "URGENT"
    BULK = "BULK"


UNSENT: Final = frozenset(
    {BatchStatus.DRAFT, BatchStatus.CHECKING, BatchStatus.CHECKED, BatchStatus.TO_APPROVE}
)
"""The statuses of a batch that nobody has sent yet."""
BEFORE_SENDING: Final = UNSENT | {BatchStatus.SCHEDULED}
OPEN_TO_UPLOAD: Final = frozenset({BatchStatus.DRAFT, BatchStatus.CHECKING, BatchStatus.CHECKED})
SENT: Final = frozenset(
    {BatchStatus.RUNNING, BatchStatus.PAUSED, BatchStatus.CANCELLED, BatchStatus.FINISHED}
)
"""The statuses of a batch that may have messages."""
ENDED: Final = frozenset(
    {
        BatchStatus.CANCELLED,
        BatchStatus.FINISHED,
        BatchStatus.WITHDRAWING,
        BatchStatus.WITHDRAWN,
    }
)
"""The statuses of a batch whose sending has ended; a retry may still reopen a FINISHED one."""
