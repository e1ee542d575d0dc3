"""Log a message that an intermediary sent for an organisation."""

from lib.domain.messages.message import Message
from lib.repositories.organizations.delegated_messages import DelegatedMessage, DelegatedMessages


class LogDelegated:
    """Log a message for both sides of its delegation.

    Cost: none for a message that the organisation sent itself, else one upsert.
    """

    def __init__(self, messages: DelegatedMessages) -> None:
        self._messages = messages

    async def __call__(self, message: Message) -> None:
        """Log the message; the same again changes nothing."""
        if message.intermediary is None:
            return
        sender = message.sender
        await self._messages.log(
            sender.organization_fiscal_code,
            message.intermediary,
            DelegatedMessage(message.id, sender.service_id, message.created_at),
        )
