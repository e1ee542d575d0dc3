"""The owner of messages: a service, or an intermediary's account that sends for the service."""

from typing import NamedTuple

from lib.domain.messages.message import Message
from lib.domain.shared.identifiers import ServiceId


class MessageOwner(NamedTuple):
    """The right to see and to withdraw messages of a service.

    `user_id`: the account of an intermediary; None for the service itself.
    """

    service_id: ServiceId
    user_id: str | None = None

    def sent(self, message: Message) -> bool:
        """Tell whether the message is one of the owner's.

        The service sees all of its messages, an intermediary only those that its account sent.
        """
        return self.owns(message.sender.service_id, message.sender_user_id)

    def owns(self, service_id: ServiceId, user_id: str | None) -> bool:
        """Tell whether the owner may see what this account sent for this service."""
        return service_id == self.service_id and self.user_id in {None, user_id}
