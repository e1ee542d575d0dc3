"""Withdrawals in answers to senders."""

from typing import Annotated

from lib.domain.messages.message_parts import Withdrawal
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import MessageId, MessageIdField
from lib.domain.shared.model import Model


class WithdrawalView(Model):
    """The withdrawal of a message by its sender."""

    id: MessageIdField
    withdrawn_at: Annotated[
        str, says("When the message was withdrawn: date and time in UTC. The first time counts.")
    ]
    reason: Annotated[
        str | None,
        says("What a citizen who read the message is told. Absent: it was superseded."),
    ] = None
    superseded_by: Annotated[
        MessageIdField | None,
        says("The id of the message that superseded the message. Absent: no message did."),
    ] = None


def withdrawal_view(id_: MessageId, withdrawal: Withdrawal) -> WithdrawalView:
    """Return the withdrawal for the sender, without the citizen's language."""
    return WithdrawalView(
        id=id_,
        withdrawn_at=withdrawal.at,
        reason=withdrawal.reason,
        superseded_by=withdrawal.superseded_by,
    )
