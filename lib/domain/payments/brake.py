"""Find out before a message goes out that its payment was paid or asked for already."""

from typing import Final, Literal, NamedTuple

from lib.domain.payments.payment import Payment
from lib.domain.shared.identifiers import MessageId, ServiceId

DuplicatePolicy = Literal["ACCEPT", "REFUSE", "HOLD"]
"""A service's treatment of its messages that ask for a payment once more.

ACCEPT: they are sent, as in IO. REFUSE: they are refused.
HOLD: they wait until the sender releases or drops them.
"""
ACCEPT: Final[DuplicatePolicy] = "ACCEPT"


class Brake(NamedTuple):
    """The reason against one more message for a payment.

    `message_id`: the newest message of the service that asks for it, None if there is none.
    """

    reason: Literal["ALREADY_PAID", "ALREADY_SENT"]
    message_id: MessageId | None = None

    def told_to(self, *, on_behalf: bool) -> "Brake":
        """Return the reason as a caller may know it: an intermediary does not learn the message.

        The message may be that of the service itself, or of another intermediary.
        """
        return self._replace(message_id=None) if on_behalf else self


def brake_of(
    policy: DuplicatePolicy,
    payment: Payment | None,
    service_id: ServiceId,
    superseded: MessageId | None = None,
) -> Brake | None:
    """Return the reason against one more message of the service; None where it may be sent.

    `superseded`: the message that the new one replaces, which is no reason.
    """
    if policy == ACCEPT or payment is None:
        return None
    own = [
        one.message_id
        for one in payment.carriers
        if one.service_id == service_id and one.message_id != superseded
    ]
    newest = own[-1] if own else None
    if payment.status == "PAID":
        return Brake("ALREADY_PAID", newest)
    return Brake("ALREADY_SENT", newest) if own else None
