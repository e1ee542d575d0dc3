"""The outcomes of the rows of a batch."""

from enum import StrEnum
from typing import Final, NamedTuple

from lib.domain.shared.identifiers import MessageId

ABOVE_TRIAL_CAP: Final = "ABOVE_TRIAL_CAP"
"""The reason of a row for which the trial of its organisation has no message left on the day."""
FAULT: Final = "FAULT"
"""The reason of a row that a fault of this system stopped."""


class RowOutcome(StrEnum):
    """The outcome of a row; each but FAILED is final.

    SENT: the message is in the inbox. REJECTED: it is not, for a reason of the citizen's or of the
    payment. HELD: it waits for the sender's decision, as the service's duplicate policy says.
    FAILED: a fault of this system, or the cap of a trial; the row can be sent again. CANCELLED: the
    batch was cancelled before the row was sent. WITHDRAWN and NOT_WITHDRAWN: of a row with a
    message, once the batch was recalled.
    """

    SENT = "SENT"
    REJECTED = "REJECTED"
    HELD = "HELD"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    WITHDRAWN = "WITHDRAWN"
    NOT_WITHDRAWN = "NOT_WITHDRAWN"


class RowResult(NamedTuple):
    """The result of one row.

    `reason`: of a rejection, of a failure, or why a message was not withdrawn; else empty.
    """

    number: int
    reference: str | None
    fiscal_code: str
    outcome: RowOutcome
    reason: str = ""
    message_id: MessageId | None = None
