"""A notification of a delegate, and the port by which SendNotification gets it."""

from dataclasses import dataclass
from typing import Protocol

from lib.domain.messages.message import Message
from lib.domain.notifications.delivery import Delivery, DeliveryStatus
from lib.ports.queueing.items.notifications import NotificationRequested


@dataclass(frozen=True, slots=True)
class Delegated:
    """A notification of a delegate, with the delegate's choices in its item, and its message.

    `skip_outcome`: if given, nothing is to be sent.
    """

    item: NotificationRequested
    message: Message
    skip_outcome: DeliveryStatus | None


class ForDelegates(Protocol):
    """See TellDelegate."""

    async def load(self, item: NotificationRequested) -> Delegated | None:
        """Return what is to be sent; None where nothing is to be sent now."""
        ...

    async def log(self, message: Message, told: Delivery) -> None:
        """Add a notification of a delegate to the list of the message's owner."""
        ...
