"""A selection of sent messages: those that a service sent between two times."""

from dataclasses import dataclass
from typing import Annotated

from lib.domain.messages.withdrawals.withdrawal_request import WithdrawalReason
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import MessageId, Reference, ReferenceField
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL, ZonedTimestamp


class NewSelectionRecall(Model):
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
