"""The queue items of messages, their payments and their events."""

from typing import Annotated, Literal

from pydantic import Field

from lib.domain.shared.identifiers import (
    AttachmentId,
    FiscalCodeField,
    MessageId,
    RptIdField,
    ServiceId,
)
from lib.ports.queueing.item import Item


class MessageSubmitted(Item):
    """A message that is stored as ACCEPTED or SCHEDULED waits for its fan-out.

    `send_at`: the set time of a scheduled message, before which it is not sent. `is_notified`: an
    earlier attempt has sent or queued the notifications.
    """

    fiscal_code: FiscalCodeField
    message_id: MessageId
    service_id: ServiceId
    send_at: Annotated[str | None, Field(description="as `values.timestamp`")] = None
    is_notified: bool = False


class AttachmentUploaded(Item):
    """Ask for the check of a file that a sender has uploaded."""

    attachment_id: AttachmentId


class RecallRequested(Item):
    """Ask for the withdrawal of one chunk of a recall's messages."""

    recall_id: str
    chunk: Annotated[int, Field(ge=0)]


class PaymentUpdated(Item):
    """Ask for an update of the messages that carry a changed payment."""

    rpt_id: RptIdField


class InstalmentDue(Item):
    """An instalment is due to become a message."""

    rpt_id: RptIdField


SenderEventName = Literal["REACHED", "NOT_REACHED", "READ", "REMINDED", "PAID", "REVERSED"]


class SenderEvent(Item):
    """An event of a sender's message. An event that is queued several times is counted once.

    `day`: the day of the event in Italy. `noted_at`: the time at which the event was stored, the
    same in every copy. `step`: the reminder; for PAID the last reminder before the payment, or
    NONE.
    """

    service_id: ServiceId
    message_id: MessageId
    event: Annotated[
        str, Field(pattern="^[A-Z_]{1,32}$", description="SenderEventName, or another version's")
    ]
    day: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    noted_at: Annotated[str, Field(description="as `values.timestamp`")]
    step: Annotated[str, Field(pattern="^[0-9A-Za-z-]{0,32}$")] = ""

    @property
    def key(self) -> str:
        """The key of the event in its message: one key for PAID, one for each reminder."""
        return f"{self.event}-{self.step}" if self.event == "REMINDED" else self.event

    @property
    def counter(self) -> str:
        """The counter of the event: payments are counted by the reminder before them."""
        return f"{self.event}-{self.step}" if self.event == "PAID" else self.event


class FoldDue(Item):
    """The counts of a service's week are due to be stored; `week` is its Monday."""

    service_id: ServiceId
    week: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
