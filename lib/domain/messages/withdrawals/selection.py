"""A selection of sent messages: those that a service sent between two times."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import BaseModel

from lib.domain.messages.errors import EmptySelectionError
from lib.domain.messages.sent_entry import first_id_of
from lib.domain.messages.withdrawals.withdrawal_request import WithdrawalReason
from lib.domain.services.errors import RecipientForbiddenError
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import MessageId, Reference, ReferenceField
from lib.domain.shared.values import NOT_NULL, ZonedTimestamp, parse_timestamp

LEEWAY: Final = timedelta(seconds=1)
"""By so much the clock of a process that accepts messages may be ahead of the caller's process."""


class NewSelectionRecall(BaseModel):
    """The body of a recall of all messages that were sent between two times."""

    reason: WithdrawalReason
    since: Annotated[
        ZonedTimestamp,
        says("Messages that were accepted at this time or later: date and time with its zone."),
    ]
    until: Annotated[
        ZonedTimestamp,
        says(
            "Messages that were accepted before this time: date and time with its zone. A later "
            "time than that of this request counts as the time of this request."
        ),
    ]
    reference: Annotated[
        ReferenceField | None,
        NOT_NULL,
        says("Only messages with this reference of yours. Absent: with any or none."),
    ] = None


@dataclass(frozen=True, slots=True)
class Selection:
    """The messages with an id of at least `above` and less than `below`.

    `reference`: only messages with it; None for all messages.
    """

    above: MessageId
    below: MessageId
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class SelectionCount:
    """The messages of a selection.

    `withdrawn`: those that are withdrawn already. `notices`: those that belong to payment notices.
    `is_complete`: false where there are more messages than were counted.
    """

    messages: int
    withdrawn: int
    notices: int
    is_complete: bool


def selection_of(sender: Sender, body: NewSelectionRecall, now: datetime) -> Selection:
    """Return the messages that a body selects, of those that were accepted by now.

    Raise EmptySelectionError, and RecipientForbiddenError for a sender that may write to some
    citizens alone: messages to others may be among those of its service.
    """
    if Group.LIMITED_MESSAGE_WRITE in sender.groups:
        raise RecipientForbiddenError
    since, until = parse_timestamp(body.since), parse_timestamp(body.until)
    if since >= until:
        raise EmptySelectionError
    return Selection(first_id_of(since), first_id_of(min(until, now + LEEWAY)), body.reference)
